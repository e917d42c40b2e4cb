"""What a fact means to a commission's life. Facts that only echo what the life itself asked for mean nothing to it."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from services.lifecycle.domain.heard import FactEnvelope
from services.lifecycle.domain.life import (
    NOTHING,
    Agreement,
    Cancellation,
    Gate,
    Invoice,
    Offer,
    Progress,
    Signature,
    Silence,
)
from shared.contracts.commissions import (
    ApprovalGiven,
    ApprovalRefused,
    CancellationAsked,
    CommissionSubmitted,
    CommissionWithdrawn,
)
from shared.contracts.fact import CommissionFact
from shared.contracts.payments import InvoiceIssued, InvoiceKind, InvoicePaid, PaymentReceived
from shared.contracts.production import (
    GatePassed,
    GateReached,
    MishapReported,
    ParcelDelivered,
    ParcelHandedOver,
    PieceMade,
    PiecePacked,
    PieceReplanned,
    QualityFailed,
    StageBegun,
    StageFinished,
    StagePaused,
)
from shared.contracts.quotes import QuestionAnswered, QuestionAsked, QuoteAccepted, QuoteDeclined, QuoteSent

_BENCH: Final = (
    StageBegun,
    StagePaused,
    StageFinished,
    GateReached,
    GatePassed,
    MishapReported,
    QualityFailed,
    PieceReplanned,
    PieceMade,
    PiecePacked,
)
"""Each is a sign of life from the maker. Photos and notes would be too, and are left out: there may be many."""

ACTED_UPON: Final[Mapping[str, type[CommissionFact]]] = MappingProxyType(
    {
        kind.type(): kind
        for kind in (
            CommissionSubmitted,
            CommissionWithdrawn,
            CancellationAsked,
            ApprovalGiven,
            ApprovalRefused,
            QuoteSent,
            QuoteAccepted,
            QuoteDeclined,
            QuestionAsked,
            QuestionAnswered,
            InvoiceIssued,
            InvoicePaid,
            PaymentReceived,
            ParcelHandedOver,
            ParcelDelivered,
            *_BENCH,
        )
    }
)
"""The facts that the bridge passes on to a workflow, by their type."""


def note(progress: Progress, envelope: FactEnvelope, now: datetime) -> None:
    """Write down what a fact says; what is to be done about it is the workflow's business."""
    kind = ACTED_UPON.get(envelope.type)
    if kind is None:
        return
    fact = kind.model_validate(envelope.data)
    _of_the_customer(progress, fact)
    _of_the_quote(progress, fact)
    _of_the_money(progress, fact)
    _of_the_bench(progress, fact)
    _of_the_parcel(progress, fact)
    if isinstance(fact, _BENCH):
        progress.silence = Silence(since=now)


def _of_the_customer(progress: Progress, fact: CommissionFact) -> None:
    match fact:
        case CommissionWithdrawn():
            progress.withdrawn = True
        case CancellationAsked():
            asked = Cancellation(cancellation=fact.cancellation, at_most_percent=fact.owed_percent)
            progress.cancellations.append(asked)
        case ApprovalGiven():
            gate = _gate(progress, fact.gate)
            gate.signed = Signature(approval=fact.approval, brief_version=fact.brief_version)
            gate.refused = False
        case ApprovalRefused():
            gate = _gate(progress, fact.gate)
            gate.signed, gate.refused, gate.escalated = None, True, False
        case _:
            pass


def _of_the_quote(progress: Progress, fact: CommissionFact) -> None:
    match fact:
        case QuoteSent():
            progress.offer = Offer(
                quote_version=fact.quote_version,
                total=fact.total,
                deposit=fact.deposit,
                valid_until=fact.valid_until,
            )
            progress.valid_until, progress.more = None, NOTHING
        case QuoteAccepted():
            progress.agreement = Agreement(deposit=fact.deposit, deposit_due_on=fact.deposit_due_on)
        case QuoteDeclined():
            progress.declined = progress.agreement is None
        case QuestionAsked():
            progress.open_questions += 1
        case QuestionAnswered():
            progress.open_questions = fact.open
        case _:
            pass


def _of_the_money(progress: Progress, fact: CommissionFact) -> None:
    match fact:
        case InvoiceIssued(kind=InvoiceKind.DEPOSIT):
            progress.deposit = Invoice(number=fact.number, total=fact.total)
            progress.left = fact.left
        case PaymentReceived():
            progress.left = fact.left
        case InvoicePaid():
            progress.paid.add(fact.kind)
        case _:
            pass


def _of_the_bench(progress: Progress, fact: CommissionFact) -> None:
    bench = progress.bench
    match fact:
        case StageBegun() | MishapReported() | QualityFailed():
            bench.reached, bench.waiting, bench.next_on = None, False, None
        case StageFinished():
            bench.next_on, bench.waiting = fact.next_on, fact.waiting
        case GateReached():
            bench.reached = fact.gate
        case GatePassed():
            bench.reached = None
            _gate(progress, fact.gate).passed = True
        case PieceReplanned():
            bench.ready_by, bench.maker = fact.ready_by, fact.maker
        case PieceMade():
            bench.made = True
        case _:
            pass


def _of_the_parcel(progress: Progress, fact: CommissionFact) -> None:
    match fact:
        case ParcelHandedOver():
            progress.parcel.tracking = fact.tracking
        case ParcelDelivered():
            progress.parcel.delivered = True
        case _:
            pass


def _gate(progress: Progress, gate: str) -> Gate:
    return progress.gates.setdefault(gate, Gate())
