"""Of what Babel loads, what readers say: the rest is 3 MiB of each process.

Babel keeps whole CLDR locales (the names of all countries, currencies, units and time zones) and tables about languages
that nobody here speaks.
"""

from collections.abc import Sequence
from typing import Any, Final, cast

from babel import localedata
from babel.core import get_global

from shared.i18n.catalogs import languages
from shared.i18n.reader import locale_of

_UNSAID: Final = (
    "compact_currency_formats",
    "compact_decimal_formats",
    "compound_unit_patterns",
    "currency_names",
    "currency_names_plural",
    "interval_formats",
    "scripts",
    "territories",
    "unit_display_names",
    "variants",
)
_UNASKED: Final = ("likely_subtags", "territory_aliases", "territory_currencies", "territory_languages")
_LENGTHS_OF_TIME: Final = "duration-"
_ZONES: Final = ("meta_zones", "time_zones")


def forget_unsaid() -> None:
    """Load the locale of every language that there is, and drop what no reader says.

    For a service's process, which lasts: from then on Babel knows the languages' names for each other, lengths of time,
    the short names of time zones and the symbols of currencies, but no names of countries or other units.
    """
    spoken = languages()
    for language in spoken:
        for name in _with_parents(str(locale_of(language))):
            _trim(localedata.load(name), spoken)
    for table in _UNASKED:
        cast("dict[str, Any]", get_global(table)).clear()


def _with_parents(name: str) -> Sequence[str]:
    """A locale and those that it inherits from, as Babel loads them: `en_GB`, `en_001`, `en`, `root`."""
    chain = [name]
    while chain[-1] != "root":
        parent = get_global("parent_exceptions").get(chain[-1])
        chain.append(parent or chain[-1].rpartition("_")[0] or "root")
    return chain


def _trim(locale: dict[str, Any], spoken: Sequence[str]) -> None:
    locale.update({key: {} for key in _UNSAID})  # empty, since Babel looks some of them up in any case
    for names in _ZONES:
        zones = locale.get(names, {}).items()
        locale[names] = {zone: {"short": said["short"]} for zone, said in zones if "short" in said}
    locale["languages"] = {code: name for code, name in locale.get("languages", {}).items() if code in spoken}
    locale["unit_patterns"] = {
        unit: words for unit, words in locale.get("unit_patterns", {}).items() if unit.startswith(_LENGTHS_OF_TIME)
    }
