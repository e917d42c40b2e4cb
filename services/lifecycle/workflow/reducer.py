"""What a fact changes in the state of a commission. A fact that only echoes a command changes nothing."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from services.lifecycle.workflow.messages import CancelCause
from services.lifecycle.workflow.sequencing import FactEnvelope
from services.lifecycle.workflow.state import (
    Acceptance,
    BriefInForce,
    ChangeInHand,
    ChangeStep,
    CommissionState,
    GateProgress,
    GateSignature,
    Inactivity,
    PendingCancellation,
    QuoteSending,
)
from shared.contracts.commissions import (
    ApprovalGiven,
    ApprovalRefused,
    BriefChanged,
    CancellationAsked,
    ChangeProposalClosed,
    ChangeProposed,
    CommissionConfirmed,
    CommissionWithdrawn,
    ContractWithdrawn,
    DeliveryChosen,
    ParcelMissed,
    ProposalOutcome,
    RequestRefused,
)
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import Phase
from shared.contracts.payments import InvoicePaid, InvoiceReopened
from shared.contracts.production import (
    AddressAsked,
    GatePassed,
    GateReached,
    MishapReported,
    MishapUndone,
    ParcelDelivered,
    ParcelHandedOver,
    PieceMade,
    PieceReplanned,
    QualityFailed,
    ReadyForPickup,
    Replanned,
)
from shared.contracts.quotes import (
    ChangeOrderAgreed,
    ChangeOrderAsked,
    ChangeOrderEnded,
    QuestionAnswered,
    QuestionAsked,
    QuoteAccepted,
    QuoteDeclined,
    QuoteDrafted,
    QuoteSendAsked,
    Redraft,
)

_BENCH: Final = (GateReached, GatePassed, MishapReported, MishapUndone, QualityFailed, PieceReplanned, PieceMade)
"""Each shows that the maker is active. So do stages, photos and notes, which decide nothing else: they are not
signalled, but asked of production before a maker is reminded (`deadlines.py: look`)."""

HANDLED_FACTS: Final[Mapping[str, type[CommissionFact]]] = MappingProxyType(
    {
        kind.type(): kind
        for kind in (
            CommissionConfirmed,
            BriefChanged,
            ChangeProposed,
            ChangeProposalClosed,
            CommissionWithdrawn,
            RequestRefused,
            CancellationAsked,
            ContractWithdrawn,
            ApprovalGiven,
            ApprovalRefused,
            QuoteDrafted,
            QuoteSendAsked,
            QuoteAccepted,
            QuoteDeclined,
            QuestionAsked,
            QuestionAnswered,
            ChangeOrderAsked,
            ChangeOrderAgreed,
            ChangeOrderEnded,
            InvoicePaid,
            InvoiceReopened,
            DeliveryChosen,
            ParcelMissed,
            AddressAsked,
            ReadyForPickup,
            ParcelHandedOver,
            ParcelDelivered,
            *_BENCH,
        )
    }
)
"""The facts that a workflow acts on, by type."""


def acts_on(fact: CommissionFact) -> bool:
    """Whether the bridge has to signal it: of gates those that the customer signs, of drafts those after a change."""
    if isinstance(fact, GateReached | GatePassed):
        return fact.customer_signs
    if isinstance(fact, QuoteDrafted):
        return fact.redraft is Redraft.BRIEF_CHANGED
    return fact.type() in HANDLED_FACTS


def apply(state: CommissionState, envelope: FactEnvelope, now: datetime) -> None:
    """Record what a fact says; what to do about it is the workflow's business.

    Raises:
        ValidationError: the data is no fact of this type; nothing is changed.
    """
    kind = HANDLED_FACTS.get(envelope.type)
    if kind is None:
        return
    fact = kind.model_validate_json(envelope.data)
    _of_the_request(state, fact, now)
    _of_the_customer(state, fact)
    _of_the_quote(state, fact)
    _of_the_questions(state, fact, now)
    _of_the_change(state, fact)
    _of_the_money(state, fact)
    _of_the_bench(state, fact)
    _of_the_parcel(state, fact, now)
    if isinstance(fact, _BENCH):
        state.inactivity = Inactivity(since=now)


def _of_the_request(state: CommissionState, fact: CommissionFact, now: datetime) -> None:
    """What is wished changed: at the desk the studio has as long as for a new request.

    What a proposed change waited for its answer is added to the offer: the customer did not lose that time.
    """
    phase = state.current.phase if state.current is not None else None
    match fact:
        case BriefChanged():
            state.changed = BriefInForce(brief_version=fact.brief_version, needed_by=fact.needed_by)
            if state.current is not None and phase is Phase.DESK:
                state.extra_time = max(state.extra_time, now - state.current.since)
        case ChangeProposed():
            state.proposed_at = now if state.acceptance is None else None
        case ChangeProposalClosed() if state.proposed_at is not None:
            if phase is Phase.OFFERED:
                state.extra_time += now - state.proposed_at
            state.proposed_at = None
            state.offer_withdrawn |= fact.outcome is ProposalOutcome.APPLIED and state.offer is not None
        case _:
            pass


def _of_the_customer(state: CommissionState, fact: CommissionFact) -> None:
    match fact:
        case CommissionWithdrawn():
            state.withdrawn = True
        case RequestRefused():
            state.refused = state.acceptance is None
        case CancellationAsked():
            cancellation = PendingCancellation(cancellation=fact.cancellation, at_most_percent=fact.owed_percent)
            state.cancellations.append(cancellation)
        case ContractWithdrawn() if not fact.arrived:
            state.cancellations.append(PendingCancellation(cause=CancelCause.STUDIO, withdrawn=True))
        case ApprovalGiven() if fact.brief_version >= _gate(state, fact.gate).least_version:
            gate = _gate(state, fact.gate)
            gate.signed = GateSignature(approval=fact.approval, brief_version=fact.brief_version)
            gate.refused = False
        case ApprovalRefused():
            gate = _gate(state, fact.gate)
            gate.signed, gate.refused, gate.escalated = None, True, False
        case _:
            pass


def _of_the_quote(state: CommissionState, fact: CommissionFact) -> None:
    match fact:
        case QuoteSendAsked():
            asked = QuoteSending(number=fact.sending, quote_version=fact.quote_version, ready_by=fact.ready_by)
            state.sending = asked if state.acceptance is None else None
        case QuoteDrafted() if fact.redraft is Redraft.BRIEF_CHANGED:
            state.offer_withdrawn = state.offer is not None
        case QuoteAccepted():
            state.acceptance = Acceptance(deposit=fact.deposit, deposit_due_on=fact.deposit_due_on)
            state.sending = state.proposed_at = None
        case QuoteDeclined():
            state.declined = state.acceptance is None
        case _:
            pass


def _of_the_questions(state: CommissionState, fact: CommissionFact, now: datetime) -> None:
    """Whoever asks loses no time by it: what a question waits for its answer is added to the offer."""
    time = state.question_time
    match fact:
        case QuestionAsked():
            state.open_questions += 1
            time.open_since = time.open_since or now
        case QuestionAnswered():
            state.open_questions = fact.open
            if not fact.open and time.open_since is not None:
                time.waited, time.open_since = time.waited + (now - time.open_since), None
        case _:
            pass


def _of_the_change(state: CommissionState, fact: CommissionFact) -> None:
    """A change order of what was accepted: one at a time."""
    change = state.change
    match fact:
        case ChangeOrderAsked():
            state.change = ChangeInHand(
                change_order=fact.change_order, proposal=fact.proposal, from_stage=fact.from_stage, until=fact.until
            )
        case ChangeOrderAgreed() if change is not None and change.change_order == fact.change_order:
            change.step, change.at_latest = ChangeStep.AGREED, fact.at_latest
        case ChangeOrderEnded() if change is not None and change.change_order == fact.change_order:
            change.step = ChangeStep.ENDED
        case _:
            pass


def _of_the_money(state: CommissionState, fact: CommissionFact) -> None:
    match fact:
        case InvoicePaid():
            state.paid.add(fact.kind)
            state.reopened.discard(fact.kind)
        case InvoiceReopened():
            state.paid.discard(fact.kind)
            state.reopened.add(fact.kind)
        case _:
            pass


def _of_the_bench(state: CommissionState, fact: CommissionFact) -> None:
    bench = state.bench
    match fact:
        case MishapReported() | MishapUndone() | QualityFailed():
            bench.reached = None
        case GateReached():
            bench.reached = fact.gate
        case GatePassed():
            bench.reached = None
            _gate(state, fact.gate).passed = True
        case PieceReplanned():
            if fact.reason is Replanned.CHANGE_ORDER:
                bench.reached = None  # it is told again, where the piece waits at one
            bench.ready_by, bench.maker = fact.ready_by, fact.maker
        case PieceMade():
            bench.made = True
        case _:
            pass


def _of_the_parcel(state: CommissionState, fact: CommissionFact, now: datetime) -> None:
    match fact:
        case AddressAsked():
            state.parcel.unaddressed = True
        case DeliveryChosen():
            state.parcel.unaddressed = state.parcel.collected = False
        case ReadyForPickup():
            state.parcel.collected = True
        case ParcelMissed():
            state.parcel.missed = True
            state.inactivity = Inactivity(since=now)
        case ParcelHandedOver():
            state.parcel.tracking = fact.tracking
        case ParcelDelivered():
            state.parcel.delivered = True
        case _:
            pass


def _gate(state: CommissionState, gate: str) -> GateProgress:
    return state.gates.setdefault(gate, GateProgress())
