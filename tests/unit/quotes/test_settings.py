"""Quotes' settings."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from services.quotes.settings import QuotesSettings


def settings(**more: Any) -> QuotesSettings:
    given = {"database": "postgresql://nobody", "kafka": "nobody:1", "temporal": "nobody:1", "token_keys": "{}", **more}
    return QuotesSettings.model_validate(given)


def test_vat_is_germanys_by_default() -> None:
    assert settings().vat_percent == Decimal(19)


def test_a_studio_elsewhere_says_its_own_vat() -> None:
    with pytest.raises(ValidationError, match="TOUCHMARK_VAT_PERCENT"):
        settings(studio_country="AT")

    assert settings(studio_country="AT", vat_percent="20").vat_percent == Decimal(20)


@pytest.mark.parametrize("typed", ["AT", "AT 20 FR 20", "at 20", "AT 20, AT 19", "NO 25", "AT 51", "AT 0", "AT -1"])
def test_rates_of_other_countries_are_checked(typed: str) -> None:
    with pytest.raises(ValidationError, match="TOUCHMARK_VAT_ABROAD"):
        settings(vat_abroad=typed)


def test_rates_of_other_countries_are_read() -> None:
    found = settings(vat_abroad=" AT 20,FI 25.5 ")

    assert found.vat_rates == {"AT": Decimal(20), "FI": Decimal("25.5")}
    assert settings().vat_rates == {}


SET = {
    "studio_address": "Lindenweg 4, 10115 Berlin",
    "tax_number": "12/345/67890",
    "bank_holder": "The Studio",
    "bank_iban": "DE89370400440532013000",
    "bank_name": "A Bank",
}


@pytest.mark.parametrize("missing", SET)
def test_what_invoices_say_is_an_example_until_all_of_it_is_set(missing: str) -> None:
    assert settings(**{name: value for name, value in SET.items() if name != missing}).has_examples
    assert not settings(**SET).has_examples


def test_the_examples_iban_stays_an_example_where_it_is_set() -> None:
    assert settings(**SET | {"bank_iban": settings().bank_iban}).has_examples


def test_a_bic_is_checked_and_written_as_payment_forms_want_it() -> None:
    with pytest.raises(ValidationError, match="TOUCHMARK_BANK_BIC"):
        settings(bank_bic="COBADE")

    assert settings(bank_bic="cobadeff xxx").bank_bic == "COBADEFFXXX"


def test_a_mistyped_iban_is_refused_and_a_good_one_is_grouped() -> None:
    with pytest.raises(ValidationError, match="TOUCHMARK_BANK_IBAN"):
        settings(bank_iban="DE89370400440532013001")

    assert settings(bank_iban="de89370400440532013000").bank_iban == "DE89 3704 0044 0532 0130 00"
