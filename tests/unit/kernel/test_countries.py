"""The countries that a piece can be delivered to."""

import pytest
from babel import Locale

from shared.i18n.countries import countries
from shared.kernel.countries import COUNTRIES, EUROPEAN_UNION
from tests.support.words import reader

_NO_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
"""Codes of CLDR for what is no country of ISO 3166-1."""


def test_the_countries_are_those_of_iso_3166() -> None:
    known = {str(code) for code in Locale("en").territories if len(str(code)) == 2 and str(code).isalpha()}

    assert known - _NO_COUNTRIES == COUNTRIES
    assert COUNTRIES > EUROPEAN_UNION
    assert len(EUROPEAN_UNION) == 27


@pytest.mark.parametrize(("language", "before"), [("en", ("AT", "GB")), ("de", ("AT", "PE"))])
def test_countries_are_listed_by_their_names(language: str, before: tuple[str, str]) -> None:
    codes = [code for code, _ in countries(reader(language=language))]

    assert codes.index(before[0]) < codes.index(before[1])
