"""Quotes' settings: what the law of the studio's country adds to a price, and what invoices say of the studio."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator
from stdnum import bic, iban

from shared.contracts.quotes import GUARANTEE_MONTHS
from shared.kernel.countries import EUROPEAN_UNION
from shared.kernel.money import VatRounding
from shared.runtime.settings import ServiceSettings

_GERMANY = Decimal(19)
_EXAMPLE_IBAN = "DE00 0000 0000 0000 0000 00"
_HIGHEST_RATE = Decimal(50)
_ABOUT_THE_STUDIO = {"studio_address", "tax_number", "bank_holder", "bank_iban", "bank_name"}


class QuotesSettings(ServiceSettings):
    """What quotes reads besides what every service reads.

    `vat_percent` is the standard rate of the studio's country. Its default is Germany's (§ 12 (1) UStG); a studio
    elsewhere says its own, and one that charges none says 0: its papers print `vat_note`, the reason. `vat_rounding`
    says whether VAT is rounded of each line or of their total. `vat_abroad` are the countries of the European Union in
    which the studio accounts for VAT, with their rates, as in "AT 20, FR 20": above the threshold for distance sales,
    all that it delivers to. `vat_exports_free` takes VAT off what leaves the European Union. `commodity_days` is after
    how many days a metal's price is called old.

    `guarantee_months` is how long the studio answers for a piece, from its arrival: at least two years in the European
    Union (Directive (EU) 2019/771, Article 10 (1)); what was accepted before stays as it was agreed.

    `deposit_percent` of the price is due on acceptance, within `deposit_days`; a balance is due within
    `balance_days`. What is missing is not asked for where it is at most `forgiven_minor`, in minor units.
    `maker_pay_minor` is what a maker is paid for an hour, in minor units, and `workshop_place` where makers work:
    customers read on their quote what share reaches the maker, ops what is left of the price. The studio's address (its
    lines divided by commas) and tax number are on invoices, and the bank account is where customers send money;
    transfers within Europe need no BIC. The defaults of these are examples: papers and pages that show one say so.
    """

    port: Annotated[int, Field(ge=0, le=65535)] = 8102

    vat_percent: Annotated[Decimal, Field(ge=0, le=50, decimal_places=2)] = _GERMANY
    vat_rounding: VatRounding = VatRounding.TOTAL
    vat_note: Annotated[str, Field(max_length=300)] = ""
    vat_abroad: Annotated[str, Field(max_length=500)] = ""
    vat_exports_free: bool = False
    commodity_days: Annotated[int, Field(ge=1)] = 30

    guarantee_months: Annotated[int, Field(ge=1, le=600)] = GUARANTEE_MONTHS
    deposit_percent: Annotated[int, Field(ge=1, le=100)] = 50
    deposit_days: Annotated[int, Field(ge=1, le=365)] = 14
    balance_days: Annotated[int, Field(ge=1, le=365)] = 14
    forgiven_minor: Annotated[int, Field(ge=0, le=500)] = 0

    maker_pay_minor: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    workshop_place: Annotated[str, Field(max_length=80)] = ""

    studio_address: Annotated[str, Field(min_length=1)] = "Musterweg 1, 12345 Musterstadt"
    tax_number: Annotated[str, Field(min_length=1)] = "00/000/00000"
    bank_holder: Annotated[str, Field(min_length=1)] = "The Studio"
    bank_iban: str = _EXAMPLE_IBAN
    bank_name: Annotated[str, Field(min_length=1)] = "Musterbank"
    bank_bic: str = ""

    @property
    def has_examples(self) -> bool:
        """Whether something that invoices say of the studio is not set yet: nobody should send money there."""
        return self.bank_iban == _EXAMPLE_IBAN or not self.model_fields_set >= _ABOUT_THE_STUDIO

    @property
    def vat_rates(self) -> Mapping[str, Decimal]:
        """The rates of `vat_abroad`, by country."""
        return _rates(self.vat_abroad)

    @field_validator("bank_iban")
    @classmethod
    def _checked_iban(cls, typed: str) -> str:
        """In groups of four. Money that is sent to a mistyped account may not come back."""
        if typed != _EXAMPLE_IBAN and not iban.is_valid(typed):
            raise ValueError("TOUCHMARK_BANK_IBAN is no IBAN: one of its characters is wrong, or missing")
        return typed if typed == _EXAMPLE_IBAN else iban.format(typed)

    @field_validator("bank_bic")
    @classmethod
    def _checked_bic(cls, typed: str) -> str:
        """Without spaces and in capitals, as payment forms want it."""
        if typed and not bic.is_valid(typed):
            raise ValueError("TOUCHMARK_BANK_BIC is no BIC: it has 8 or 11 characters, such as MARKDEF1100")
        return bic.compact(typed) if typed else ""

    @field_validator("vat_abroad")
    @classmethod
    def _rates_of_countries(cls, typed: str) -> str:
        _rates(typed)
        return typed

    @model_validator(mode="after")
    def _vat_of_the_studios_country(self) -> Self:
        if self.studio_country != "DE" and "vat_percent" not in self.model_fields_set:
            raise ValueError(f"set TOUCHMARK_VAT_PERCENT: 19 is Germany's rate, the studio is in {self.studio_country}")
        return self


def _rates(typed: str) -> Mapping[str, Decimal]:
    """The rates by country. Raises ValueError for what is none."""
    rates: dict[str, Decimal] = {}
    for each in filter(None, map(str.strip, typed.split(","))):
        found = re.fullmatch(r"([A-Z]{2}) (\d{1,2}(?:\.\d{1,2})?)", each, re.ASCII)
        known = found is not None and found[1] in EUROPEAN_UNION - rates.keys()
        if found is None or not known or not 0 < Decimal(found[2]) <= _HIGHEST_RATE:
            raise ValueError(
                'TOUCHMARK_VAT_ABROAD has countries of the European Union with their rates: "AT 20, FR 20"'
            )
        rates[found[1]] = Decimal(found[2])
    return rates
