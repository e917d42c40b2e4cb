"""Quotes' settings: what the law of the studio's country adds to a price, and what invoices say of the studio."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator
from stdnum import bic, iban

from shared.kernel.money import VatRounding
from shared.runtime.settings import ServiceSettings

_GERMANY = Decimal(19)
_EXAMPLE_IBAN = "DE00 0000 0000 0000 0000 00"
_ABOUT_THE_STUDIO = {"studio_address", "tax_number", "bank_holder", "bank_iban", "bank_name"}


class QuotesSettings(ServiceSettings):
    """What quotes reads besides what every service reads.

    `vat_percent` is the standard rate of the studio's country. Its default is Germany's (§ 12 (1) UStG); a studio
    elsewhere says its own, and one that charges none says 0: its papers print `vat_note`, the reason. `vat_rounding`
    says whether VAT is rounded of each line or of their total. `commodity_days` is after how many days a metal's price
    is called old.

    `deposit_percent` of the price is due on acceptance, within `deposit_days`; a balance is due within
    `balance_days`. What is missing is not asked for where it is at most `forgiven_minor`, in minor units. The studio's
    address (its lines divided by commas) and tax number are on invoices, and the bank account is where customers send
    money; transfers within Europe need no BIC. The defaults of these are examples: papers and pages that show one say
    so.
    """

    port: Annotated[int, Field(ge=0, le=65535)] = 8102

    vat_percent: Annotated[Decimal, Field(ge=0, le=50, decimal_places=2)] = _GERMANY
    vat_rounding: VatRounding = VatRounding.TOTAL
    vat_note: Annotated[str, Field(max_length=300)] = ""
    commodity_days: Annotated[int, Field(ge=1)] = 30

    deposit_percent: Annotated[int, Field(ge=1, le=100)] = 50
    deposit_days: Annotated[int, Field(ge=1, le=365)] = 14
    balance_days: Annotated[int, Field(ge=1, le=365)] = 14
    forgiven_minor: Annotated[int, Field(ge=0, le=500)] = 0

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

    @model_validator(mode="after")
    def _vat_of_the_studios_country(self) -> Self:
        if self.studio_country != "DE" and "vat_percent" not in self.model_fields_set:
            raise ValueError(f"set TOUCHMARK_VAT_PERCENT: 19 is Germany's rate, the studio is in {self.studio_country}")
        return self
