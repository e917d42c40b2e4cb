"""Something is wrong with a piece that has arrived: who may say so, until when, and what became of it.

The studio answers for a piece for at least two years from its arrival (Directive (EU) 2019/771, Article 10 (1)); how
long it is in this contract, the acceptance says. A period of months ends with the end of the day that has the same
number as the day of the arrival, or of the month's last day (Regulation (EEC, Euratom) 1182/71, Article 3 (2) c).
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, auto
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.contracts.commissions import ClaimKind
from shared.contracts.quotes import ClaimAnswered
from shared.kernel.calendar import day_of

_MONTHS = 12


class CannotClaim(StrEnum):
    """Why nothing can be claimed."""

    NOT_ARRIVED = auto()
    GUARANTEE_OVER = auto()
    OPEN = auto()
    """One is with the studio already."""
    ALL_REFUNDED = auto()
    """The studio has given back all that was paid."""


class ClaimReason(StrEnum):
    """Why a claim cannot be taken as it was sent."""

    KIND_MISSING = auto()
    WORDS_MISSING = auto()


@dataclass(frozen=True)
class Claim:
    """What is wrong, in a word; the customer's own are the text `text`. The studio answers before `answer_by`."""

    claim: UUID
    commission: UUID
    kind: ClaimKind
    text: UUID
    made_at: datetime
    answer_by: datetime

    @property
    def last_day(self) -> datetime:
        """An instant of the last day for an answer."""
        return self.answer_by - timedelta(seconds=1)


@dataclass(frozen=True)
class Guarantee:
    """For how long the studio answers for a piece that arrived at this instant."""

    arrived_at: datetime
    months: int

    def last_day(self, zone: ZoneInfo) -> date:
        """The last day on which something can be claimed."""
        return months_after(day_of(self.arrived_at, zone), self.months)


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last one of a month that is shorter."""
    whole = day.year * _MONTHS + day.month - 1 + months
    year, month = whole // _MONTHS, whole % _MONTHS + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def answer_to(claim: Claim, answers: tuple[ClaimAnswered, ...]) -> ClaimAnswered | None:
    """What the studio answered to it, if it did."""
    return next((each for each in answers if each.claim == claim.claim), None)


class CannotWithdraw(StrEnum):
    """Why the customer cannot withdraw from the contract."""

    NOT_ACCEPTED = auto()
    NO_RIGHT = auto()
    """The piece is made to their own specification."""
    TOO_LATE = auto()
    ENDED = auto()
    """It ended in another way."""


class WithdrawalConfirmation(StrEnum):
    """Why a withdrawal cannot be taken as it was sent."""

    NOT_CONFIRMED = auto()


@dataclass(frozen=True)
class ContractWithdrawal:
    """The customer withdrew from the contract; `arrived`: the piece was there already."""

    commission: UUID
    withdrawn_at: datetime
    arrived: bool
