"""What of a price is the maker's: the planned hours by what the studio pays for an hour, where it says so."""

from dataclasses import dataclass
from decimal import Decimal

from services.quotes.domain.quote import Price
from shared.kernel.money import Money
from shared.offerings.model import Offering

_HUNDRED = 100


@dataclass(frozen=True)
class PlannedWork:
    """The maker's own hours as the offering plans them; `pay` is theirs, `rest` is left of the price without VAT.

    `pay` and `rest` are None where the settings do not say what an hour is paid.
    """

    hours: Decimal
    pay: Money | None = None
    rest: Money | None = None
    share: int | None = None
    """Whole percent of the price without VAT that is the maker's, rounded down: nobody is told too much."""


def planned_work(price: Price, offering: Offering, pay_minor: int) -> PlannedWork:
    """The work in a price; `pay_minor` is for an hour, in minor units of its currency, 0 where nobody says it."""
    hours = offering.making.hands_on_hours
    if not pay_minor or price.net.minor <= 0:
        return PlannedWork(hours)
    pay = Money(minor=pay_minor, currency=price.net.currency).times(hours)
    return PlannedWork(hours, pay, price.net.less(pay), pay.minor * _HUNDRED // price.net.minor)
