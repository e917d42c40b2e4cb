"""`touchmark offerings`: check the files that describe offerings."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from deploy.cli.help import described
from deploy.local.words import _, language
from shared.i18n import Readers
from shared.i18n.catalogs import SOURCE, languages
from shared.offerings.catalogue import misplaced, names
from shared.offerings.document import OfferingDocument, OfferingFileError, parse
from shared.offerings.findings import Mistake
from shared.offerings.labels import LABELS, mistake_line

app = described("offerings", _("Check the files of offerings."))

_READERS = Readers(zone="UTC", labels=LABELS)
_SHIPPED = Path(__file__).parents[2] / "shared" / "offerings"


_CHECK = _(
    "Check the files of offerings: every mistake with its file, its line, its place and its remedy.\n\n"
    "The words' files beside it are checked with it. A language that the pages offer and that has no such file is "
    "named: there the offering is shown in English. Without FILE, checks every offering that ships. Exit code 1 if "
    "anything is wrong."
)
_EXAMPLES = _(
    "Example: touchmark offerings check shared/offerings/jewellery/engraved-ring.toml\n\n"
    "A mistake looks like this:\n\n"
    "engraved-ring.toml:315: making.stages[5] (engrave).hands_on_hours is missing. Add `hands_on_hours = …`."
)


@app.command(help=_CHECK, help_epilogue=_EXAMPLES)
def check(
    *files: Annotated[Path, Parameter(help=_("Files of offerings, in TOML; those with the numbers."))],
) -> None:
    """Check the files of offerings. Exit code 1 if anything is wrong."""
    wrong = [sentence for file in files or _shipped() for sentence in _wrong_in(file)]
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        sys.exit(1)


def _wrong_in(file: Path) -> Sequence[str]:
    """What is wrong with an offering's files, one sentence each; prints what it is where nothing is."""
    name, reader = _short(file), _READERS.of(language(os.environ))
    try:
        document = parse(file.read_text(encoding="utf-8"), _words(file), file=name)
    except OfferingFileError as error:
        return [mistake_line(mistake, reader) for mistake in error.mistakes]
    except UnicodeDecodeError as error:
        return [_("%(file)s: this is not UTF-8 (byte %(byte)s). Save it as UTF-8.", file=name, byte=error.start)]
    except OSError as error:
        return [_("%(file)s: %(why)s. Name a file that exists.", file=name, why=error.strerror)]
    if wrong := misplaced(document, file.resolve().parent.name, file.stem):
        return [mistake_line(Mistake(name, 1, *wrong), reader)]
    print(_summary(name, document))
    for missing in document.missing(languages()):
        print(_untranslated(name, missing), file=sys.stderr)
    return ()


def _shipped() -> list[Path]:
    return [_SHIPPED / craft / f"{name}.toml" for craft, name in names()]


def _words(file: Path) -> dict[str, str]:
    """The texts of the words' files beside this one, by language."""
    beside = sorted(file.parent.glob(f"{file.stem}.[a-z][a-z].toml"))
    return {each.suffixes[0].removeprefix("."): each.read_text(encoding="utf-8") for each in beside}


def _summary(file: str, document: OfferingDocument) -> str:
    offering = document.offering
    return _(
        "%(file)s: %(offering)s is in order, with %(fields)s fields, %(lines)s price lines, %(stages)s steps, "
        "%(gates)s gates and %(checks)s checks, in %(languages)s languages; sha256 %(digest)s…",
        file=file,
        offering=str(document.key),
        fields=len(offering.form.fields),
        lines=len(offering.pricing.lines),
        stages=len(offering.making.stages),
        gates=len(offering.gates),
        checks=len(offering.quality.checks),
        languages=len(document.languages),
        digest=document.sha256[:12],
    )


def _untranslated(file: str, missing: str) -> str:
    """A notice, not a mistake: a studio may leave an offering in English."""
    stem = file.removesuffix(".toml")
    return _(
        "%(file)s: in the language “%(language)s” it is shown in English. "
        "Copy %(english)s to %(missing)s and translate it.",
        file=file,
        language=missing,
        english=f"{stem}.{SOURCE}.toml",
        missing=f"{stem}.{missing}.toml",
    )


def _short(file: Path) -> str:
    """The path as it is read best: from here, if the file is below here."""
    here = Path.cwd()
    return str(file.resolve().relative_to(here)) if file.resolve().is_relative_to(here) else str(file)
