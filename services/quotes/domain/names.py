"""What pages call a commission."""

from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from shared.contracts.briefs import BriefAnswer
from shared.offerings.key import RefersToOffering

MOST_FOUND: Final = 1_000
"""A search that finds more shows some of them, and says so."""


class OfCommission(RefersToOffering, Protocol):
    """A quote, an invoice or a refund: what belongs to a commission, by a version of its offering."""

    @property
    def commission(self) -> UUID: ...


@dataclass(frozen=True)
class CommissionNames:
    """Whose a commission is, and its brief's answers; the name is None until it is here, and once it was erased.

    `customer_nameless`: it is known who the customer is, but nothing of them is here.
    """

    customer_name: str | None = None
    customer_erased: bool = False
    customer_nameless: bool = False
    answers: tuple[BriefAnswer, ...] = ()
