"""Money that came in and money that goes back, as the studio reads it off its bank account."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from services.quotes.actions.accounts import issue, save
from services.quotes.actions.context import QuotesContext
from services.quotes.domain import billing
from services.quotes.domain.account import Account, OpenInvoice, OpenRefund, Payment, Refund
from services.quotes.domain.billing import Received
from services.quotes.domain.documents import PaperWording
from services.quotes.domain.reasons import PaymentReason
from services.quotes.domain.references import parse_reference
from services.quotes.store import ledger
from services.quotes.store import quotes as store
from shared.auth.roles import Caller, Role
from shared.kernel.money import Money
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid, not_found
from shared.postgres.database import Tx

_LONG_AGO = timedelta(days=366)


@dataclass(frozen=True)
class PaymentCreate:
    """What the bank statement says: how much, on which day, and the bank's own id of the transfer, if it has one."""

    amount: Money
    received_on: date
    bank_reference: str | None = None


async def receive_payment(
    tx: Tx, caller: Caller, commission: UUID, given: PaymentCreate, *, context: QuotesContext, wording: PaperWording
) -> Payment:
    """Record money that came in for this commission, publish it, and issue its receipt.

    It covers the oldest invoice first. What exceeds all of them is refunded: as overpaid, or as not owed where nothing
    is agreed any more. The bank's id makes a transfer happen once.

    Raises:
        Problem: not-found; validation-failed; conflict, if the bank's id is known with another amount or commission.
    """
    account = await _locked_account(tx, caller, commission)
    if given.bank_reference and (before := await ledger.payment_by_bank_reference(tx, given.bank_reference)):
        return _same(before, commission, given)
    _check(account, given, context)
    received = Received(
        payment=context.new_id(),
        refund=context.new_id(),
        amount=given.amount,
        received_on=given.received_on,
        recorded_at=context.at,
        recorded_by=caller.person,
        bank_reference=given.bank_reference,
    )
    change = billing.receive(account, received)
    await issue(tx, commission, change, context, wording)
    return change.payments[0]


async def pay_refund(tx: Tx, caller: Caller, refund: UUID, paid_on: date, context: QuotesContext) -> Refund:
    """Record that a refund was transferred, and publish it; one that was paid stays as it is.

    Raises:
        Problem: not-found; validation-failed.
    """
    commission = await ledger.commission_of_refund(tx, refund) if caller.role is Role.OPS else None
    if commission is None:
        raise not_found()
    account = await _locked_account(tx, caller, commission)
    found = account.refund(refund)
    if not found.open:
        return found
    _check_day(paid_on, context, "paid_on")
    change = billing.pay_refund(found, on=paid_on, at=context.at, by=caller.person)
    await save(tx, commission, change, context)
    return change.refunds_paid[0]


async def find_commission(tx: Tx, caller: Caller, reference: str) -> UUID:
    """The commission that a transfer's reference names, however it was typed.

    Raises:
        Problem: validation-failed, with what to look for.
    """
    if caller.role is not Role.OPS:
        raise not_found()
    read = parse_reference(reference)
    if read is None:
        raise invalid(FieldProblem("reference", PaymentReason.NO_REFERENCE))
    commission = await ledger.by_reference(tx, read)
    if commission is None:
        raise invalid(FieldProblem("reference", PaymentReason.REFERENCE_UNKNOWN))
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


async def _locked_account(tx: Tx, caller: Caller, commission: UUID) -> Account:
    """The account, nobody else's to change until the commit."""
    head = await store.lock_head(tx, commission) if caller.role is Role.OPS else None
    account = await ledger.load_account(tx, commission) if head else None
    if account is None:
        raise not_found()
    return account


def _same(before: Payment, commission: UUID, given: PaymentCreate) -> Payment:
    if (before.commission, before.amount) == (commission, given.amount):
        return before
    raise Problem(ProblemType.CONFLICT, PaymentReason.TRANSFER_KNOWN)


def _check(account: Account, given: PaymentCreate, context: QuotesContext) -> None:
    _check_day(given.received_on, context, "received_on")
    currency = account.left.currency
    if given.amount.currency != currency:
        raise invalid(FieldProblem("amount", Phrase(PaymentReason.CURRENCY, currency=currency)))


def _check_day(day: date, context: QuotesContext, field: str) -> None:
    if day > context.today:
        raise invalid(FieldProblem(field, PaymentReason.FUTURE_DAY))
    if day < context.today - _LONG_AGO:
        raise invalid(FieldProblem(field, PaymentReason.OLD_DAY))
