"""Countries by their names, in a reader's language."""

import unicodedata

from shared.i18n.reader import Reader
from shared.kernel.countries import COUNTRIES


def country_name(reader: Reader, code: str | None) -> str:
    """A country by its name; its code where the language has none, nothing without one."""
    return str(reader.locale.territories.get(code, code)) if code else ""


def countries(reader: Reader) -> list[tuple[str, str]]:
    """All countries with their names, in the order of these."""
    return sorted(((code, country_name(reader, code)) for code in COUNTRIES), key=lambda each: _plain(each[1]))


def _plain(name: str) -> str:
    """For sorting: "Österreich" is among the O."""
    decomposed = unicodedata.normalize("NFD", name)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()
