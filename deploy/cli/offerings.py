"""`touchmark crafts`: look after the files that crafts are described in."""

import sys
from pathlib import Path

from cyclopts import App

from shared.offerings.document import OfferingDocument, OfferingFileError, parse

app = App(name="crafts", help="Check craft files.", help_format="plaintext")

_SHIPPED = Path(__file__).parents[2] / "shared" / "offerings"


@app.command
def check(*files: Path) -> None:
    """Check craft files: every mistake with its file, its line, its place and its remedy.

    Without FILE, checks every craft that ships (shared/offerings/*.toml). Exit code 1 if anything is wrong.

    Example: touchmark crafts check shared/offerings/jewellery.toml

    A mistake looks like this:

    shared/offerings/jewellery.toml:315: making.stages[5] (engrave).hands_on_hours is missing. Add `hands_on_hours = …`.

    Parameters
    ----------
    files
        Offering files, in TOML.
    """
    wrong = [sentence for file in files or sorted(_SHIPPED.glob("*.toml")) for sentence in _mistakes(file)]
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        sys.exit(1)


def _mistakes(file: Path) -> tuple[str, ...]:
    try:
        document = parse(file.read_text(encoding="utf-8"), file=_short(file))
    except OfferingFileError as error:
        return error.lines
    except UnicodeDecodeError as error:
        return (f"{_short(file)}: this is not UTF-8 (byte {error.start}). Save it as UTF-8.",)
    except OSError as error:
        return (
            f"{_short(file)}: {error.strerror}. Name a file that is there, such as shared/offerings/jewellery.toml.",
        )
    if document.name != file.stem:
        return (f'{_short(file)}:1: craft is "{document.name}". Name it as the file is named: "{file.stem}".',)
    print(_summary(_short(file), document))
    return ()


def _summary(file: str, document: OfferingDocument) -> str:
    craft = document.craft
    counts = (
        (len(craft.form.fields), "fields"),
        (len(craft.pricing.lines), "price lines"),
        (len(craft.making.stages), "stages"),
        (len(craft.gates), "gates"),
        (len(craft.quality.checks), "checks"),
    )
    said = ", ".join(f"{number} {what}" for number, what in counts)
    return f"{file}: {document.name} version {document.version} is in order: {said}; sha256 {document.sha256[:12]}…"


def _short(file: Path) -> str:
    """The path as it is read best: from here, if the file is below here."""
    here = Path.cwd()
    return str(file.resolve().relative_to(here)) if file.resolve().is_relative_to(here) else str(file)
