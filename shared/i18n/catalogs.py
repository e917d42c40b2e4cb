"""Catalogues: `locales/<language>.po` beside the package that they belong to, read when a process starts."""

from collections.abc import Iterable, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

SOURCE = "en"
"""The language of the messages themselves; it needs no catalogue."""

SHARED = Path(__file__).parents[1] / "locales"


class Catalogs:
    """The catalogues of several packages as one; of equal messages, the last folder's translation is taken."""

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        self._folders = (SHARED, *(folder for folder in folders if folder != SHARED))

    @property
    def languages(self) -> Sequence[str]:
        """The languages that pages and mails can be in, English first: those that `shared/locales` has."""
        return languages()

    def read(self, language: str) -> NullTranslations:
        """The translations into this language; the messages themselves where it has no catalogue."""
        merged = Translations()
        for folder in self._folders:
            merged.merge(_translations(folder / f"{language}.po"))
        return merged


@cache
def languages() -> Sequence[str]:
    """English, and every language that `shared/locales` has a catalogue of; ISO 639 codes."""
    return (SOURCE, *sorted(path.stem for path in SHARED.glob("*.po")))


@cache
def _translations(path: Path) -> Translations:
    if not path.is_file():
        return Translations()
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.stem)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)
