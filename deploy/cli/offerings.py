"""`touchmark offerings`: look after the files that offerings are described in."""

import json
import sys
from pathlib import Path

from cyclopts import App

from shared.offerings.catalogue import misplaced, names
from shared.offerings.document import OfferingDocument, OfferingFileError, parse

app = App(name="offerings", help="Check the files of offerings.", help_format="plaintext")

_SHIPPED = Path(__file__).parents[2] / "shared" / "offerings"


@app.command
def check(*files: Path) -> None:
    """Check the files of offerings: every mistake with its file, its line, its place and its remedy.

    The words' files beside it are checked with it. Without FILE, checks every offering that ships. Exit code 1 if
    anything is wrong.

    Example: touchmark offerings check shared/offerings/jewellery/engraved-ring.toml

    A mistake looks like this:

    engraved-ring.toml:315: making.stages[5] (engrave).hands_on_hours is missing. Add `hands_on_hours = …`.

    Parameters
    ----------
    files
        Files of offerings, in TOML; those with the numbers.
    """
    wrong = [sentence for file in files or _shipped() for sentence in _mistakes(file)]
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        sys.exit(1)


def _mistakes(file: Path) -> tuple[str, ...]:
    try:
        document = parse(file.read_text(encoding="utf-8"), _words(file), file=_short(file))
    except OfferingFileError as error:
        return error.lines
    except UnicodeDecodeError as error:
        return (f"{_short(file)}: this is not UTF-8 (byte {error.start}). Save it as UTF-8.",)
    except OSError as error:
        example = "shared/offerings/jewellery/engraved-ring.toml"
        return (f"{_short(file)}: {error.strerror}. Name a file that is there, such as {example}.",)
    if wrong := misplaced(document, file.resolve().parent.name, file.stem):
        return (f"{_short(file)}:{wrong}",)
    print(_summary(_short(file), document))
    return ()


def _shipped() -> list[Path]:
    return [_SHIPPED / craft / f"{name}.toml" for craft, name in names()]


def _words(file: Path) -> dict[str, str]:
    """The texts of the words' files beside this one, by language."""
    beside = sorted(file.parent.glob(f"{file.stem}.[a-z][a-z].toml"))
    return {each.suffixes[0].removeprefix("."): each.read_text(encoding="utf-8") for each in beside}


def _summary(file: str, document: OfferingDocument) -> str:
    offering = document.offering
    counts = (
        (len(offering.form.fields), "fields"),
        (len(offering.pricing.lines), "price lines"),
        (len(offering.making.stages), "stages"),
        (len(offering.gates), "gates"),
        (len(offering.quality.checks), "checks"),
        (len(json.loads(document.canonical)["words"]), "languages"),
    )
    said = ", ".join(f"{number} {what}" for number, what in counts)
    return f"{file}: {document.key} is in order: {said}; sha256 {document.sha256[:12]}…"


def _short(file: Path) -> str:
    """The path as it is read best: from here, if the file is below here."""
    here = Path.cwd()
    return str(file.resolve().relative_to(here)) if file.resolve().is_relative_to(here) else str(file)
