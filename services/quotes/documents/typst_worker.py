"""Run as a program, alone with one document: reads what it says as JSON from standard input, writes a PDF.

It imports nothing of ours and gets no environment. The words go in as data (`sys.inputs`), never as a part of the
template, so that nothing somebody wrote is read as markup. The fonts are those in typst's own wheel, and Noto's for the
scripts that these lack: names and addresses come from anywhere.
"""

import json
import sys
from pathlib import Path

import manimgx_fonts  # type: ignore[import-untyped]  # fonts, and no code
import manimgx_fonts_cjk  # type: ignore[import-untyped]  # the same
import typst

FONTS = [Path(each.__file__).parent for each in (manimgx_fonts, manimgx_fonts_cjk)]
TEMPLATE = Path(__file__).with_name("document.typ")


def main() -> int:
    """One document from standard input to standard output."""
    said = json.dumps(json.load(sys.stdin))
    compiler = typst.Compiler(TEMPLATE, ignore_system_fonts=True, font_paths=FONTS, sys_inputs={"said": said})
    pdf = compiler.compile(format="pdf")
    if not isinstance(pdf, bytes):
        return 1
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
