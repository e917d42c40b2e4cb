"""The entries of a timeline: codes and their parameters; `labels/timeline.py` says what they mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto

from services.intake.domain.texts import Text
from shared.kernel.money import Money
from shared.kernel.phrases import Param


class EntryState(StrEnum):
    """Whether an entry happened, happens now, is still to come, or went wrong."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"
    WRONG = "late"  # the look's own name for what is marked red


class Chapter(StrEnum):
    REQUEST = "request"
    QUOTE = "quote"
    BENCH = "bench"
    PARCEL = "parcel"


class EntryCode(StrEnum):
    """What an entry says. `stage` and `gate` among its parameters are ids of the offering."""

    REQUESTED = auto()
    ENTERED_AT_COUNTER = auto()
    ENTERED_ON_PHONE = auto()
    REQUEST_CHANGED = auto()
    REQUEST_CHANGED_BY_STUDIO = auto()
    CHANGE_PROPOSED = auto()
    CHANGE_PROPOSED_BY_STUDIO = auto()
    PROPOSAL_APPLIED = auto()
    PROPOSAL_REFUSED = auto()
    PROPOSAL_TAKEN_BACK = auto()
    PROPOSAL_OVERTAKEN = auto()
    REQUEST_REFUSED = auto()
    REQUEST_CANCELLED = auto()
    RECEIPT_CONFIRMED = auto()
    SIGN_OFF_REQUESTED = auto()
    SIGNED_OFF = auto()
    CHANGE_REQUESTED = auto()
    CANCELLATION_REQUESTED = auto()
    CANCELLATION_REQUESTED_FREE = auto()
    CANCELLATION_REFUSED = auto()

    CONTRACT_WITHDRAWN = auto()
    CLAIM_MADE = auto()
    REPAIR_OFFERED = auto()
    REMAKE_OFFERED = auto()
    PRICE_REDUCED = auto()
    PRICE_REFUNDED = auto()
    CLAIM_REFUSED = auto()

    QUOTE_DRAFTED = auto()
    QUOTE_SENT = auto()
    QUOTE_ACCEPTED = auto()
    QUOTE_DECLINED = auto()
    CHANGE_ORDER_ASKED = auto()
    CHANGE_ORDER_OFFERED = auto()
    CHANGE_ORDER_AGREED = auto()
    CHANGE_ORDER_APPLIED = auto()
    CHANGE_ORDER_DECLINED = auto()
    CHANGE_ORDER_LAPSED = auto()
    CHANGE_ORDER_WITHDRAWN = auto()
    CHANGE_ORDER_REFUSED = auto()
    QUOTE_EXPIRED = auto()
    QUESTION_ASKED = auto()
    QUESTION_ANSWERED = auto()

    DEPOSIT_INVOICED = auto()
    TOP_UP_INVOICED = auto()
    BALANCE_INVOICED = auto()
    CANCELLATION_INVOICED = auto()
    PAID_IN_PART = auto()
    PAYMENT_RECEIVED = auto()
    DEPOSIT_PAID = auto()
    TOP_UP_PAID = auto()
    BALANCE_PAID = auto()
    CANCELLATION_PAID = auto()
    OVERPAYMENT_REFUNDED = auto()
    CANCELLATION_REFUNDED = auto()
    LATE_PAYMENT_REFUNDED = auto()
    CLAIM_REFUNDED = auto()
    WITHDRAWAL_REFUNDED = auto()
    CHANGE_REFUNDED = auto()
    REFUND_SENT = auto()
    PAYMENT_REVERSED = auto()
    REFUND_WITHDRAWN = auto()

    HOURS_HELD = auto()
    HOURS_HELD_TOO_LATE = auto()
    HOURS_RELEASED = auto()
    HOURS_BOOKED = auto()
    READY_LATER = auto()
    READY_SOONER = auto()

    STAGE_STARTED = auto()
    STAGE_REPEATED = auto()
    STAGE_DONE = auto()
    STAGE_DONE_THEN_WAIT = auto()
    LAST_STAGE_DONE = auto()
    PHOTO_TAKEN = auto()
    NOTE_WRITTEN = auto()
    NOTE_ON_ITS_WAY = auto()
    MISHAP = auto()
    MISHAP_UNDONE = auto()
    CHECK_FAILED = auto()
    PIECE_MADE = auto()
    MAKING_PAUSED = auto()
    MAKING_RESUMED = auto()
    MAKING_STOPPED = auto()
    MAKING_STOPPED_FREE = auto()
    GATE_REACHED = auto()
    GATE_OPENED = auto()
    GATE_PASSED = auto()
    GATE_VOIDED = auto()

    PIECE_PACKED = auto()
    ADDRESS_ASKED = auto()
    READY_FOR_PICKUP = auto()
    PARCEL_SENT = auto()
    PARCEL_MISSED = auto()
    PARCEL_CLAIMED = auto()
    PARCEL_DELIVERED = auto()
    CERTIFICATE_ISSUED = auto()

    MAIL_SENT = auto()
    MAIL_FAILED = auto()
    MAIL_OMITTED = auto()
    STUDIO_INFORMED = auto()

    NOW = auto()

    HOURS_TO_HOLD = auto()
    QUOTE_TO_DRAFT = auto()
    QUOTE_TO_CHECK = auto()
    DECISION_TO_COME = auto()
    DEPOSIT_TO_PAY = auto()
    MAKING_TO_COME = auto()
    BALANCE_TO_PAY = auto()
    PARCEL_TO_COME = auto()


class Author(StrEnum):
    """Whose words an entry quotes."""

    CUSTOMER = auto()
    STUDIO = auto()
    MAKER = auto()


@dataclass(frozen=True)
class TimelineEntry:
    """`at` is when it happened, in UTC; what is still to come has none.

    `quotation` is what somebody wrote, `author` says who. `photo` is the address of a picture. An entry that is
    `quiet` is shown in small print.
    """

    code: EntryCode
    params: Mapping[str, Param] = field(default_factory=dict)
    state: EntryState = EntryState.DONE
    at: datetime | None = None
    amount: Money | None = None
    quotation: Text | None = None
    author: Author | None = None
    photo: str = ""
    quiet: bool = False
    chapter: Chapter = Chapter.REQUEST


def entry(code: EntryCode, /, **params: Param) -> TimelineEntry:
    """An entry that happened."""
    return TimelineEntry(code, params)


def quiet_entry(code: EntryCode, /, **params: Param) -> TimelineEntry:
    """An entry in small print."""
    return TimelineEntry(code, params, quiet=True)


def wrong_entry(code: EntryCode, /, **params: Param) -> TimelineEntry:
    """An entry of something that went wrong."""
    return TimelineEntry(code, params, EntryState.WRONG)
