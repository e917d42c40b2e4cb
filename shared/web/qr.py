"""QR codes on pages (ISO/IEC 18004)."""

import segno
from markupsafe import Markup


def qr(text: str) -> Markup:
    """This text as a QR code, drawn dark on light in any light, since cameras want it so."""
    code = segno.make(text, error="m", micro=False)
    return Markup(code.svg_inline(omitsize=True, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None))  # noqa: S704 (segno's own drawing)
