"""A commission and facts about it, for the tests of what is made of them."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from services.intake.actions.commissions import CommissionPage
from services.intake.api.schemas import TimelineRead, timeline_read
from services.intake.domain.approvals import Approval, ApprovalState
from services.intake.domain.cancellations import Cancellation, CancellationState
from services.intake.domain.commissions import Commission
from services.intake.domain.documents import documents
from services.intake.domain.next_action import next_action
from services.intake.domain.promise import current_promise
from services.intake.domain.record import CommissionRecord
from services.intake.domain.timeline import build_timeline, current_status
from services.intake.labels import LABELS, CommissionWords
from shared import offerings
from shared.contracts.commissions import WithdrawalReason
from shared.contracts.fact import CommissionFact
from shared.contracts.payments import (
    InvoiceIssued,
    InvoiceKind,
    InvoicePaid,
    InvoiceReopened,
    PaymentReceived,
    PaymentReversed,
    ReversalReason,
)
from shared.contracts.production import (
    GatePassed,
    ParcelHandedOver,
    PieceReplanned,
    PromiseBooked,
    PromiseHeld,
    Replanned,
)
from shared.contracts.quotes import QuestionAnswered, QuestionAsked, QuoteAccepted, QuoteSent
from shared.kernel.money import Money
from tests.support.words import reader

ENGLISH = reader(LABELS)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ID, CUSTOMER, MAKER, QUOTE, PROMISE, DEPOSIT = uuid4(), uuid4(), uuid4(), uuid4(), uuid4(), uuid4()
OFFERING = offerings.load("jewellery", "engraved-ring").offering
ASKED = Commission(
    commission=ID,
    customer=CUSTOMER,
    craft="jewellery",
    offering="engraved-ring",
    offering_version=1,
    offering_sha256="0" * 64,
    brief_version=1,
    delivery_country="DE",
    submitted_at=NOW,
    sent_by=CUSTOMER,
)
READY_BY = date(2027, 1, 29)


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def euros(amount: int) -> Money:
    return Money(minor=100 * amount, currency="EUR")


def record(*facts: CommissionFact, commission: Commission = ASKED) -> CommissionRecord:
    return CommissionRecord(commission, facts, OFFERING)


def page_of(found: CommissionRecord) -> CommissionPage:
    return CommissionPage(
        found,
        None,
        current_status(found),
        build_timeline(found),
        next_action(found),
        current_promise(found),
        documents(found),
    )


def timeline_of(found: CommissionRecord) -> TimelineRead:
    """What the customer reads, in English."""
    return timeline_read(page_of(found), ENGLISH)


def words_of(found: CommissionRecord) -> CommissionWords:
    return CommissionWords(ENGLISH, found)


def held(minutes: int = 1) -> PromiseHeld:
    return PromiseHeld(
        at=after(minutes),
        commission=ID,
        promise=PROMISE,
        maker=MAKER,
        ready_by=READY_BY,
        ready_by_p50=READY_BY,
        held_until=after(9999),
    )


def booked(minutes: int = 20) -> PromiseBooked:
    return PromiseBooked(
        at=after(minutes),
        commission=ID,
        piece=ID,
        promise=PROMISE,
        maker=MAKER,
        begins_on=date(2026, 12, 7),
        ready_by=READY_BY,
        ready_by_p50=READY_BY,
    )


def moved(minutes: int, day: date, reason: Replanned = Replanned.MISHAP) -> PieceReplanned:
    return PieceReplanned(
        at=after(minutes),
        commission=ID,
        piece=ID,
        promise=PROMISE,
        maker=MAKER,
        ready_by=day,
        ready_by_p50=day,
        before=READY_BY,
        reason=reason,
    )


def sent(minutes: int = 5, version: int = 1) -> QuoteSent:
    return QuoteSent(
        at=after(minutes),
        commission=ID,
        quote=QUOTE,
        quote_version=version,
        total=euros(980),
        deposit=euros(490),
        valid_until=after(9999),
    )


def accepted(minutes: int = 10) -> QuoteAccepted:
    return QuoteAccepted(
        at=after(minutes), commission=ID, quote=QUOTE, quote_version=1, total=euros(980), deposit=euros(490)
    )


def question(minutes: int) -> QuestionAsked:
    return QuestionAsked(at=after(minutes), commission=ID, quote=QUOTE, question=uuid4())


def answer(minutes: int, still_open: int = 0) -> QuestionAnswered:
    return QuestionAnswered(
        at=after(minutes), commission=ID, quote=QUOTE, question=uuid4(), answer=uuid4(), open=still_open
    )


def invoice(minutes: int, kind: InvoiceKind = InvoiceKind.DEPOSIT, left: int = 490) -> InvoiceIssued:
    return InvoiceIssued(
        at=after(minutes),
        commission=ID,
        invoice=DEPOSIT,
        number="2026-0001",
        kind=kind,
        total=euros(490),
        left=euros(left),
        due_on=date(2026, 12, 1),
    )


def payment(minutes: int, amount: int, left: int) -> PaymentReceived:
    return PaymentReceived(at=after(minutes), commission=ID, payment=uuid4(), amount=euros(amount), left=euros(left))


def paid(minutes: int, kind: InvoiceKind = InvoiceKind.DEPOSIT) -> InvoicePaid:
    return InvoicePaid(at=after(minutes), commission=ID, invoice=DEPOSIT, kind=kind)


def undone(minutes: int, received: PaymentReceived, left: int) -> tuple[PaymentReversed, InvoiceReopened]:
    """A payment is reversed, and the invoice that it had covered is open again."""
    back = PaymentReversed(
        at=after(minutes),
        commission=ID,
        payment=received.payment,
        amount=received.amount,
        left=euros(left),
        reason=ReversalReason.ENTERED_TWICE,
    )
    return back, InvoiceReopened(at=after(minutes), commission=ID, invoice=DEPOSIT, kind=InvoiceKind.DEPOSIT)


def passed(minutes: int, gate: str, percent: int) -> GatePassed:
    return GatePassed(
        at=after(minutes), commission=ID, piece=ID, gate=gate, customer_signs=True, cancel_percent=percent
    )


def handed_over(minutes: int = 90) -> ParcelHandedOver:
    return ParcelHandedOver(at=after(minutes), commission=ID, carrier="DHL", tracking="0034")


def approval(state: ApprovalState = ApprovalState.OPEN, gate: str = "engraving") -> Approval:
    ended = None if state is ApprovalState.OPEN else after(50)
    text = uuid4() if state is ApprovalState.REFUSED else None
    return Approval(uuid4(), ID, gate, 1, state, after(40), ended_at=ended, text=text)


def cancellation(state: CancellationState = CancellationState.ASKED, percent: int = 0) -> Cancellation:
    return Cancellation(uuid4(), ID, percent, WithdrawalReason.OTHER, state, after(60))
