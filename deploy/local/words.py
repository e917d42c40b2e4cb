"""The words of the command line: gettext catalogues in `deploy/locales`, in the language of the environment."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.support import NullTranslations

from shared.i18n.catalogs import SOURCE, Catalogs

_LOCALES = Path(__file__).parents[1] / "locales"
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def _(message: str, /, **parameters: object) -> str:
    """The message in the language of the person who runs the command, with its parameters filled in."""
    words: str = _translations(language(os.environ)).ugettext(message)
    return words % parameters


def language(environment: Mapping[str, str]) -> str:
    """The language (ISO 639) that the environment asks for, if there is a catalogue of it; else English.

    As POSIX has it: LC_ALL wins over LC_MESSAGES, and that over LANG; the first that is set decides.
    """
    asked = next((value for name in _VARIABLES if (value := environment.get(name))), SOURCE)
    wanted = asked.partition(".")[0].partition("_")[0].lower()
    return wanted if wanted in Catalogs().languages else SOURCE


@cache
def _translations(language: str) -> NullTranslations:
    return Catalogs([_LOCALES]).read(language)
