"""What an action needs besides its transaction."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Self
from zoneinfo import ZoneInfo

from services.quotes.domain.account import Seller
from services.quotes.domain.vat import VatRules
from services.quotes.settings import QuotesSettings
from shared.kernel.calendar import day_of
from shared.kernel.clock import Clock
from shared.kernel.ids import Ids
from shared.runtime.service import Kernel


@dataclass(frozen=True)
class QuotesContext:
    """The studio's settings, ids, and the clock; one for each request, command or record."""

    settings: QuotesSettings
    new_id: Ids
    clock: Clock

    @classmethod
    def of(cls, kernel: Kernel[QuotesSettings]) -> Self:
        return cls(kernel.settings, kernel.ids, kernel.clock)

    @cached_property
    def at(self) -> datetime:
        """The instant of the decision: the clock is read when this is first asked for, which is after the lock.

        Somebody who waited for the lock may have waited beyond the last day.
        """
        return self.clock()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.studio_zone)

    @property
    def today(self) -> date:
        """The day that it is at the studio."""
        return day_of(self.at, self.zone)

    def in_days(self, days: int) -> date:
        return self.today + timedelta(days=days)

    @property
    def vat_rules(self) -> VatRules:
        """Which VAT a delivery has, by its country."""
        return VatRules(
            home=self.settings.studio_country,
            percent=self.settings.vat_percent,
            abroad=self.settings.vat_rates,
            exports_free=self.settings.vat_exports_free,
        )

    @property
    def seller(self) -> Seller:
        """What invoices say of the studio, as the settings have it now."""
        return Seller(
            name=self.settings.studio_name,
            address=self.settings.studio_address,
            tax_number=self.settings.tax_number,
            bank_holder=self.settings.bank_holder,
            bank_iban=self.settings.bank_iban,
            bank_name=self.settings.bank_name,
            example=self.settings.has_examples,
            vat_note=self.settings.vat_note,
            country=self.settings.studio_country,
            bank_bic=self.settings.bank_bic,
        )
