"""Money that came in and money that goes back, as the studio reads it off its bank account."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from services.quotes.actions.accounts import add_refund, book, left, mark_paid_invoices
from services.quotes.actions.context import Context
from services.quotes.domain.account import OpenInvoice, OpenRefund, Payment, Refund
from services.quotes.domain.amounts import parse_reference
from services.quotes.domain.ledger import TransactionKind, payment_entries, refund_paid_entries
from services.quotes.domain.quote import QuoteHead
from services.quotes.store import ledger
from services.quotes.store import quotes as store
from shared.auth.roles import Caller, Role
from shared.contracts.fact import CommissionFact
from shared.contracts.payments import PaymentReceived, RefundPaid, RefundReason
from shared.kernel.money import Money
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid, not_found
from shared.outbox import publish
from shared.postgres.database import Tx

_LONG_AGO = timedelta(days=366)


@dataclass(frozen=True)
class PaymentCreate:
    """What the bank statement says: how much, on which day, and the bank's own id of the transfer, if it has one."""

    amount: Money
    received_on: date
    bank_reference: str | None = None


async def receive_payment(tx: Tx, caller: Caller, commission: UUID, given: PaymentCreate, context: Context) -> Payment:
    """Mark money as received for this commission, and publish it.

    It covers what was asked for, the oldest invoice first. What exceeds everything that was asked for goes back: as
    overpaid, or as not owed where nothing is agreed any more. The bank's id makes a transfer happen once.

    Raises:
        Problem: not-found; validation-failed; conflict, if the bank's id is known with another amount or commission.
    """
    head = await _lock(tx, caller, commission)
    if given.bank_reference and (before := await ledger.payment_by_bank_reference(tx, given.bank_reference)):
        return _same(before, commission, given)
    await _check(tx, head, given, context)
    due = await left(tx, commission, given.amount.currency)
    entries = payment_entries(given.amount, due)
    applied = Money(minor=min(given.amount.minor, due.minor), currency=due.currency)
    payment = Payment(
        payment=context.new_id(),
        commission=commission,
        amount=given.amount,
        applied=applied,
        left=due.less(applied),
        received_on=given.received_on,
        recorded_at=context.at,
        bank_reference=given.bank_reference,
    )
    await ledger.add_payment(tx, payment, caller.person)
    await book(tx, context, commission, TransactionKind.RECEIVED, about=payment.payment, entries=entries)
    await publish(tx, await _events(tx, context, payment))
    return payment


async def pay_refund(tx: Tx, caller: Caller, refund: UUID, paid_on: date, context: Context) -> Refund:
    """Mark a refund as transferred, and publish it; one that was paid stays as it is.

    Raises:
        Problem: not-found; validation-failed.
    """
    found = await ledger.refund(tx, refund)
    if caller.role is not Role.OPS or found is None:
        raise not_found()
    await store.lock_head(tx, found.commission)
    found = await ledger.refund(tx, refund) or found
    if not found.open:
        return found
    _check_day(paid_on, context, "paid_on")
    await ledger.pay_refund(tx, refund, paid_on=paid_on, at=context.at, by=caller.person)
    await book(
        tx, context, found.commission, TransactionKind.REFUNDED, about=refund, entries=refund_paid_entries(found.amount)
    )
    event = RefundPaid(at=context.at, commission=found.commission, refund=refund, amount=found.amount)
    await publish(tx, [event])
    return Refund(refund, found.commission, found.amount, found.reason, found.due_at, paid_on)


async def find_commission(tx: Tx, caller: Caller, reference: str) -> UUID:
    """The commission that a transfer's reference names, however it was typed.

    Raises:
        Problem: validation-failed, with what to look for.
    """
    if caller.role is not Role.OPS:
        raise not_found()
    read = parse_reference(reference)
    if read is None:
        wrong = "This is no reference of ours: one of its characters is wrong, or missing."
        raise invalid(FieldProblem(field="reference", message=wrong, remedy="It begins with RF and two digits."))
    commission = await ledger.by_reference(tx, read)
    if commission is None:
        wrong = "No commission has this reference."
        raise invalid(FieldProblem(field="reference", message=wrong, remedy="Look for the customer's quote instead."))
    return commission


async def open_invoices(
    tx: Tx, caller: Caller, *, before: tuple[datetime, UUID] | None = None, at_most: int
) -> list[OpenInvoice]:
    """The invoices that wait for money, newest first, for ops; `before` is the place of the last one that was read."""
    if caller.role is not Role.OPS:
        raise not_found()
    at, invoice = before or (None, None)
    return await ledger.open_invoices(tx, before=at, before_invoice=invoice, at_most=at_most)


async def open_refunds(tx: Tx, caller: Caller) -> list[OpenRefund]:
    """The hundred refunds that have waited for longest, for ops."""
    if caller.role is not Role.OPS:
        raise not_found()
    return await ledger.open_refunds(tx, 100)


async def _lock(tx: Tx, caller: Caller, commission: UUID) -> QuoteHead:
    head = await store.lock_head(tx, commission) if caller.role is Role.OPS else None
    if head is None or not head.newest:
        raise not_found()
    return head


def _same(before: Payment, commission: UUID, given: PaymentCreate) -> Payment:
    if (before.commission, before.amount) == (commission, given.amount):
        return before
    detail = "A transfer with this bank's reference was entered before, with another amount or for another commission."
    raise Problem(ProblemType.CONFLICT, detail, remedy="Compare with the bank statement; each transfer has its own.")


async def _check(tx: Tx, head: QuoteHead, given: PaymentCreate, context: Context) -> None:
    _check_day(given.received_on, context, "received_on")
    quote = await store.version(tx, head.quote, head.accepted or head.newest)
    currency = quote.price.total.currency
    if given.amount.currency != currency:
        wrong = f"This commission is paid in {currency}."
        raise invalid(FieldProblem(field="amount", message=wrong, remedy=f"Enter what came in, in {currency}."))


def _check_day(day: date, context: Context, field: str) -> None:
    if day > context.today:
        remedy = "Enter the day that the bank statement says."
        raise invalid(FieldProblem(field=field, message="This day is still to come.", remedy=remedy))
    if day < context.today - _LONG_AGO:
        wrong = "This day is more than a year ago."
        raise invalid(FieldProblem(field=field, message=wrong, remedy="Check the year."))


async def _events(tx: Tx, context: Context, payment: Payment) -> list[CommissionFact]:
    commission = payment.commission
    facts: list[CommissionFact] = [
        PaymentReceived(
            at=context.at, commission=commission, payment=payment.payment, amount=payment.amount, left=payment.left
        )
    ]
    facts += await mark_paid_invoices(tx, context, commission, payment.amount.currency)
    if payment.back.minor:
        living = await ledger.contract(tx, commission) and not await ledger.settlement(tx, commission)
        reason = RefundReason.OVERPAID if living else RefundReason.NOT_OWED
        facts.append(await add_refund(tx, context, commission, payment.back, reason))
    return facts
