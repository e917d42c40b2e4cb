"""Money that matches no commission: recorded, then a commission's, or sent back."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.quotes.actions.context import QuotesContext
from services.quotes.actions.payments import PaymentCreate, check_day, receive_payment
from services.quotes.domain.account import Payment
from services.quotes.domain.documents import PaperWording
from services.quotes.domain.reasons import PaymentReason
from services.quotes.domain.references import bank_reference_of
from services.quotes.domain.unmatched import UnmatchedPayment
from services.quotes.store import ledger
from services.quotes.store import unmatched as store
from shared.auth.roles import Caller, Role
from shared.contracts.failures import PaymentUnmatched
from shared.kernel.problems import FieldProblem, Problem, ProblemType, not_found
from shared.outbox import publish
from shared.postgres.database import Tx

MOST_WAITING = 100


@dataclass(frozen=True)
class UnmatchedCreate:
    """What the bank statement says, and what the transfer says instead of a reference of ours."""

    payment: PaymentCreate
    reference: str


async def record_unmatched(tx: Tx, caller: Caller, given: UnmatchedCreate, context: QuotesContext) -> UnmatchedPayment:
    """Keep money that matches nothing. The bank's id makes a transfer happen once.

    Raises:
        Problem: not-found; validation-failed; conflict, if the transfer was recorded before.
    """
    if caller.role is not Role.OPS:
        raise not_found()
    paid = given.payment
    check_day(paid.received_on, context, "received_on")
    bank_reference = bank_reference_of(paid.bank_reference) if paid.bank_reference else None
    if bank_reference:
        recorded = await ledger.payment_by_bank_reference(tx, bank_reference)
        if recorded or await store.known(tx, bank_reference):
            raise Problem(
                ProblemType.CONFLICT, fields=[FieldProblem("bank_reference", PaymentReason.TRANSFER_RECORDED)]
            )
    found = UnmatchedPayment(
        payment=context.new_id(),
        method=paid.method,
        amount=paid.amount,
        received_on=paid.received_on,
        reference=given.reference,
        recorded_at=context.at,
        recorded_by=caller.person,
        bank_reference=bank_reference,
    )
    await store.add(tx, found)
    await publish(tx, [PaymentUnmatched(at=context.at, payment=found.payment)])
    return found


async def waiting(tx: Tx, caller: Caller) -> list[UnmatchedPayment]:
    """The hundred that have waited for longest, for ops."""
    if caller.role is not Role.OPS:
        raise not_found()
    return await store.waiting(tx, MOST_WAITING)


async def studio_currency(tx: Tx, caller: Caller) -> str:
    """What the studio is paid in, where no commission says it."""
    if caller.role is not Role.OPS:
        raise not_found()
    return await store.currency(tx) or "EUR"


async def assign(
    tx: Tx,
    caller: Caller,
    payment: UUID,
    commission: UUID,
    *,
    context: QuotesContext,
    wording: PaperWording,
    confirmed: bool = False,
) -> Payment:
    """Make it a payment of this commission. `confirmed`: somebody was told that it is not what is due.

    Raises:
        Problem: not-found; validation-failed, in another currency; conflict, if it was settled before; amount-differs,
            if it is not what is due, and nobody confirmed it.
    """
    found = await _open(tx, caller, payment)
    paid = PaymentCreate(found.amount, found.received_on, found.bank_reference, found.method, confirmed=confirmed)
    received = await receive_payment(tx, caller, commission, paid, context=context, wording=wording, waited=payment)
    await store.settle(tx, payment, commission=commission, sent_back_on=None, at=context.at, by=caller.person)
    return received


async def send_back(tx: Tx, caller: Caller, payment: UUID, sent_on: date, context: QuotesContext) -> UnmatchedPayment:
    """Record that it was sent back to where it came from.

    Raises:
        Problem: not-found; validation-failed; conflict, if it was settled before.
    """
    found = await _open(tx, caller, payment)
    check_day(sent_on, context, "sent_on")
    await store.settle(tx, payment, commission=None, sent_back_on=sent_on, at=context.at, by=caller.person)
    return found


async def _open(tx: Tx, caller: Caller, payment: UUID) -> UnmatchedPayment:
    found = await store.locked(tx, payment) if caller.role is Role.OPS else None
    if found is None:
        raise not_found()
    if found.settled_at:
        raise Problem(ProblemType.CONFLICT, PaymentReason.SETTLED_BEFORE)
    return found
