"""QR codes on pages (ISO/IEC 18004)."""

from io import BytesIO

import segno
from markupsafe import Markup


def qr_drawing(text: str) -> str:
    """The same code as an SVG file of its own, for paper."""
    made = BytesIO()
    segno.make(text, error="m", boost_error=False, micro=False).save(
        made, kind="svg", border=4, omitsize=True, xmldecl=False
    )
    return made.getvalue().decode()


def qr_picture(text: str) -> bytes:
    """The same code as a PNG, for mails: eight pixels a module, sharp on any screen."""
    made = BytesIO()
    _code(text).save(made, kind="png", scale=8, border=4)
    return made.getvalue()


def qr(text: str) -> Markup:
    """This text as a QR code, drawn dark on light in any light, since cameras want it so."""
    code = _code(text)
    return Markup(code.svg_inline(omitsize=True, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None))  # noqa: S704 (segno's own drawing)


def _code(text: str) -> segno.QRCode:
    """With error correction M and no other, as codes for transfers have to have it."""
    return segno.make(text, error="m", boost_error=False, micro=False)
