"""What every fact and every request of ops does at every stage: all that is not named here is ignored, or refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from services.lifecycle.workflow.messages import (
    Cancel,
    CancelCause,
    Extend,
    Nudge,
    OperationRefusal,
    Pause,
    Resume,
    TryAgain,
    Update,
)
from shared.contracts.commands.command import Command
from shared.contracts.commands.intake import AskApproval, RefuseCancellation
from shared.contracts.commands.lifecycle import RecordEscalation, RecordPhase, RecordReminder
from shared.contracts.commands.production import FreezeStages, OpenGate, PauseMaking
from shared.contracts.commands.quotes import ExtendQuote, RefundWithdrawal, SendQuote
from shared.contracts.commissions import (
    ClaimKind,
    DeliveryWay,
    DropReason,
    ProposalOutcome,
    RequestRefusal,
    WithdrawalReason,
)
from shared.contracts.fact import CommissionFact, Topic
from shared.contracts.lifecycle import Holder, Outcome, Phase
from shared.contracts.payments import InvoiceKind, RefundReason, ReversalReason
from shared.contracts.people import Role
from shared.contracts.production import Mishap, PromiseEnd, Replanned
from shared.contracts.quotes import ChangeOrderEnd, ClaimRemedy, DeclineReason, QuoteEnd, Redraft
from shared.contracts.registry import FACTS
from tests.support.counterparts import DEPOSIT, PREVIEWED, TOTAL
from tests.support.lives import Life


@dataclass(frozen=True)
class Reaches:
    """It moves to here."""

    phase: Phase
    holder: Holder


@dataclass(frozen=True)
class Does:
    """It stays at its stage, and has this done."""

    command: type[Command]


@dataclass(frozen=True)
class Ends:
    outcome: Outcome


@dataclass(frozen=True)
class Refused:
    """Ops get the reason; nothing changes."""

    refusal: OperationRefusal


@dataclass(frozen=True)
class Ignored:
    """Nothing changes, whatever is remembered for later."""


Expected = Reaches | Does | Ends | Refused | Ignored

# Facts.

TOPICS: Final = {Topic.COMMISSIONS, Topic.QUOTES, Topic.PAYMENTS, Topic.PRODUCTION}
KINDS: Final[Mapping[str, type[CommissionFact]]] = {
    fact.__name__: fact for fact in FACTS.values() if issubclass(fact, CommissionFact) and fact.topic in TOPICS
}
VARIANTS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "InvoicePaid balance": ("InvoicePaid", {"kind": InvoiceKind.BALANCE}),
    "InvoiceReopened balance": ("InvoiceReopened", {"kind": InvoiceKind.BALANCE}),
    "InvoicePaid cancellation": ("InvoicePaid", {"kind": InvoiceKind.CANCELLATION}),
    "GateReached maker's": ("GateReached", {"gate": "hallmark", "customer_signs": False}),
    "QuoteDrafted by a change": ("QuoteDrafted", {"quote_version": 2, "redraft": Redraft.BRIEF_CHANGED}),
    "QuoteSendAsked again": ("QuoteSendAsked", {"quote_version": 2, "sending": 2}),
}
"""The same fact with something else in it that makes a difference."""


def fact_of(name: str, life: Life) -> CommissionFact:
    """One fact of this name, about this life."""
    kind, changed = VARIANTS.get(name, (name, {}))
    values = {**_values(life), **_SAID.get(kind, {}), **changed}
    fact = KINDS[kind]
    return fact.model_validate({field: values[field] for field in fact.model_fields if field in values})


def _values(life: Life) -> Mapping[str, Any]:
    """By the name of the field: what any fact says of itself, by the straight way."""
    ids = (
        "customer",
        "cancellation",
        "approval",
        "proposal",
        "text",
        "message",
        "ask",
        "author",
        "quote",
        "question",
        "answer",
        "invoice",
        "right",
    )
    more = ("payment", "refund", "promise", "maker", "task", "photo", "note", "piece", "mishap", "change_order")
    later = (life.now + timedelta(days=60)).date()
    return {
        **{name: uuid4() for name in (*ids, *more)},
        "at": life.now,
        "commission": life.commission,
        "craft": "jewellery",
        "offering": "engraved-ring",
        "offering_version": 1,
        "offering_sha256": "0" * 64,
        "brief_version": 1,
        "owed_percent": 0,
        "gate": "cut",
        "customer_signs": True,
        "author_role": Role.CUSTOMER,
        "person": uuid4(),
        "role": Role.CUSTOMER,
        "until": life.now,
        "quote_version": 1,
        "sending": 1,
        "total": TOTAL,
        "deposit": DEPOSIT,
        "valid_until": life.now + timedelta(days=20),
        "open": 0,
        "number": "2026-0001",
        "kind": InvoiceKind.DEPOSIT,
        "left": DEPOSIT,
        "amount": DEPOSIT,
        "ready_by": later,
        "ready_by_p50": later,
        "before": life.now.date(),
        "held_until": life.now + timedelta(days=90),
        "begins_on": later,
        "stage": "bend",
        "minutes": 60,
        "next_on": later,
        "cancel_percent": 35,
        "checks": ("size",),
        "back_to": "file",
        "carrier": "Post",
        "tracking": "RR 12",
        "serial": "TM-1",
    }


_SAID: Final[Mapping[str, Mapping[str, Any]]] = {
    "DeliveryChosen": {"number": 1, "way": DeliveryWay.PARCEL},
    "ParcelClaimed": {"reference": "C-4711"},
    "ClaimMade": {"claim": uuid4(), "kind": ClaimKind.FIT, "answer_by": datetime(2100, 1, 1, tzinfo=UTC)},
    "ClaimAnswered": {"claim": uuid4(), "remedy": ClaimRemedy.REPAIR, "amount": None},
    "ContractWithdrawn": {"arrived": False},
    "ChangeProposed": {"number": 1},
    "ChangeProposalClosed": {"outcome": ProposalOutcome.TAKEN_BACK},
    "ChangeOrderAsked": {"number": 1, "from_stage": "file", "until": datetime(2100, 1, 1, tzinfo=UTC)},
    "ChangeOrderOffered": {"number": 1, "difference": TOTAL, "until": datetime(2100, 1, 1, tzinfo=UTC)},
    "ChangeOrderAgreed": {"number": 1, "at_latest": PREVIEWED},
    "ChangeOrderApplied": {"number": 1, "amendment": 1, "difference": TOTAL},
    "ChangeOrderEnded": {"number": 1, "end": ChangeOrderEnd.LAPSED},
    "RequestRefused": {"reason": RequestRefusal.NOT_OURS},
    "RequestDropped": {"reason": DropReason.EXPIRED},
    "CommissionWithdrawn": {"reason": WithdrawalReason.OTHER},
    "CancellationAsked": {"reason": WithdrawalReason.OTHER},
    "QuoteExpired": {"reason": QuoteEnd.EXPIRED},
    "QuoteSendAsked": {"ready_by": PREVIEWED},
    "QuoteDeclined": {"reason": DeclineReason.PRICE},
    "RefundDue": {"reason": RefundReason.OVERPAID},
    "PaymentReversed": {"reason": ReversalReason.ENTERED_TWICE},
    "PromiseReleased": {"reason": PromiseEnd.EXPIRED},
    "PieceReplanned": {"reason": Replanned.MISHAP},
    "MishapReported": {"kind": Mishap.TOOL_BROKEN},
    "MishapUndone": {"kind": Mishap.TOOL_BROKEN},
}
"""Where two facts mean different things by one word."""

_TAKEN_BACK: Final = {
    "CommissionWithdrawn": Ends(Outcome.WITHDRAWN),
    "RequestRefused": Ends(Outcome.REFUSED),
    "CancellationAsked": Ends(Outcome.CANCELLED),
    "ContractWithdrawn": Ends(Outcome.CANCELLED),
    "QuoteDeclined": Ends(Outcome.DECLINED),
}
_CANCELLED: Final = {
    "CommissionWithdrawn": Ends(Outcome.CANCELLED),
    "CancellationAsked": Ends(Outcome.CANCELLED),
    "ContractWithdrawn": Ends(Outcome.CANCELLED),
}

OF_FACTS: Final[Mapping[Phase, Mapping[str, Expected]]] = {
    Phase.PROMISING: _TAKEN_BACK,
    Phase.QUOTING: _TAKEN_BACK,
    Phase.DESK: {
        **_TAKEN_BACK,
        "BriefChanged": Does(RecordPhase),
        "QuoteSendAsked": Reaches(Phase.OFFERED, Holder.CUSTOMER),
        "QuoteSendAsked again": Reaches(Phase.OFFERED, Holder.CUSTOMER),
        "QuoteAccepted": Reaches(Phase.DEPOSIT, Holder.CUSTOMER),
    },
    Phase.OFFERED: {
        **_TAKEN_BACK,
        "QuoteAccepted": Reaches(Phase.DEPOSIT, Holder.CUSTOMER),
        "QuestionAsked": Reaches(Phase.OFFERED, Holder.STUDIO),
        "ChangeProposed": Reaches(Phase.OFFERED, Holder.STUDIO),
        "QuoteDrafted by a change": Reaches(Phase.OFFERED, Holder.STUDIO),
        "QuoteSendAsked": Does(SendQuote),
        "QuoteSendAsked again": Does(SendQuote),
    },
    Phase.DEPOSIT: {**_CANCELLED, "InvoicePaid": Reaches(Phase.MAKING, Holder.MAKER)},
    Phase.MAKING: {
        **_CANCELLED,
        "ApprovalGiven": Does(OpenGate),
        "ApprovalRefused": Reaches(Phase.MAKING, Holder.STUDIO),
        "ChangeOrderAsked": Reaches(Phase.MAKING, Holder.CUSTOMER),
        "GateReached": Reaches(Phase.MAKING, Holder.CUSTOMER),
        "GatePassed": Does(AskApproval),
        "PieceReplanned": Does(RecordPhase),
        "PieceMade": Reaches(Phase.BALANCE, Holder.CUSTOMER),
        "InvoiceReopened": Does(RecordEscalation),
        "InvoiceReopened balance": Does(RecordEscalation),
    },
    Phase.BALANCE: {
        **_CANCELLED,
        "ChangeOrderAsked": Does(FreezeStages),
        "InvoicePaid balance": Reaches(Phase.SHIPPING, Holder.MAKER),
        "InvoiceReopened": Does(RecordEscalation),
        "InvoiceReopened balance": Does(RecordEscalation),
    },
    Phase.SHIPPING: {
        **_CANCELLED,
        "ChangeOrderAsked": Does(FreezeStages),
        "AddressAsked": Reaches(Phase.SHIPPING, Holder.CUSTOMER),
        "ReadyForPickup": Reaches(Phase.SHIPPING, Holder.CUSTOMER),
        "ParcelMissed": Does(RecordEscalation),
        "ParcelHandedOver": Reaches(Phase.SHIPPING, Holder.PROCESS),
        "ParcelDelivered": Ends(Outcome.COMPLETED),
        "InvoiceReopened": Does(RecordEscalation),
        "InvoiceReopened balance": Does(RecordEscalation),
    },
    Phase.CERTIFYING: {
        "CommissionWithdrawn": Does(RecordEscalation),
        "CancellationAsked": Does(RefuseCancellation),
        "ContractWithdrawn": Does(RefundWithdrawal),
    },
    Phase.ENDED: {},
}
"""By stage, the facts that change something there."""

# What ops ask.

UPDATES: Final[Mapping[str, Callable[[], Update]]] = {
    "nudge": lambda: Nudge(request=uuid4()),
    "extend": lambda: Extend(request=uuid4(), by=timedelta(days=2)),
    "pause": lambda: Pause(request=uuid4()),
    "resume": lambda: Resume(request=uuid4()),
    "cancel": lambda: Cancel(request=uuid4(), cause=CancelCause.STUDIO),
    "try_again": lambda: TryAgain(request=uuid4()),
}

_AT_WORK: Final[Mapping[str, Expected]] = {
    "nudge": Refused(OperationRefusal.NOBODY_TO_NUDGE),
    "extend": Refused(OperationRefusal.NOTHING_TO_EXTEND),
    "pause": Ignored(),
    "resume": Refused(OperationRefusal.NOT_PAUSED),
    "cancel": Ends(Outcome.CANCELLED),
    "try_again": Refused(OperationRefusal.NOTHING_TO_TRY_AGAIN),
}
"""While the process itself is at work; a pause shows with the next stage."""

_AWAITED: Final[Mapping[str, Expected]] = {
    **_AT_WORK,
    "nudge": Does(RecordReminder),
    "extend": Does(RecordPhase),
    "pause": Does(RecordPhase),
}
_BOOKED: Final[Mapping[str, Expected]] = {**_AWAITED, "pause": Does(PauseMaking)}

OF_UPDATES: Final[Mapping[Phase, Mapping[str, Expected]]] = {
    Phase.PROMISING: _AT_WORK,
    Phase.QUOTING: _AT_WORK,
    Phase.DESK: {**_AWAITED, "nudge": Refused(OperationRefusal.NOBODY_TO_NUDGE)},
    Phase.OFFERED: {**_AWAITED, "extend": Does(ExtendQuote)},
    Phase.DEPOSIT: _AWAITED,
    Phase.MAKING: _BOOKED,
    Phase.BALANCE: _BOOKED,
    Phase.SHIPPING: _BOOKED,
    Phase.CERTIFYING: {**_AT_WORK, "cancel": Refused(OperationRefusal.HANDED_OVER)},
    Phase.ENDED: {**dict.fromkeys(UPDATES, Refused(OperationRefusal.OVER)), "try_again": _AT_WORK["try_again"]},
}
"""By stage, what comes of each request."""
