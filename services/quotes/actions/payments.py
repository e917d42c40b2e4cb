"""Money that came in and money that goes back, as the studio reads it off its bank account."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from services.quotes.actions.accounts import issue, save
from services.quotes.actions.context import QuotesContext
from services.quotes.domain import billing
from services.quotes.domain.account import Account, Change, Payment, Refund
from services.quotes.domain.awaited import OpenInvoice, OpenRefund
from services.quotes.domain.billing import Received
from services.quotes.domain.documents import PaperWording
from services.quotes.domain.reasons import PaymentReason
from services.quotes.domain.references import bank_reference_of, parse_reference
from services.quotes.domain.reversal import Reversal, reverse
from services.quotes.store import ledger, texts
from services.quotes.store import quotes as store
from services.quotes.store import unmatched as waiting
from shared.auth.roles import Caller, Role
from shared.contracts.payments import PaymentMethod, ReversalReason
from shared.kernel.money import Money
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid, not_found
from shared.postgres.database import Tx

_LONG_AGO = timedelta(days=366)


@dataclass(frozen=True)
class PaymentCreate:
    """What the bank statement or the till says: how much, how, on which day, and the bank's own id of a transfer.

    `confirmed` says that somebody was told that it is not the amount that is due, and that it is right.
    """

    amount: Money
    received_on: date
    bank_reference: str | None = None
    method: PaymentMethod = PaymentMethod.BANK_TRANSFER
    confirmed: bool = False


async def receive_payment(
    tx: Tx,
    caller: Caller,
    commission: UUID,
    given: PaymentCreate,
    *,
    context: QuotesContext,
    wording: PaperWording,
    waited: UUID | None = None,
) -> Payment:
    """Record money that came in for this commission, publish it, and issue its receipt.

    It covers the oldest invoice first. What exceeds all of them is refunded: as overpaid, or as not owed where nothing
    is agreed any more. The bank's id makes a transfer happen once. `waited` is the unmatched
    payment that it was until now.

    Raises:
        Problem: not-found; validation-failed; conflict, if the transfer was recorded by somebody else, or with another
            amount or commission; amount-differs, if it is not what is due, and nobody confirmed it.
    """
    account = await _locked_account(tx, caller, commission)
    bank_reference = bank_reference_of(given.bank_reference) if given.bank_reference else None
    if bank_reference and (before := await ledger.payment_by_bank_reference(tx, bank_reference)):
        return await _same(tx, caller, before, commission, given)
    if bank_reference and (unmatched := await waiting.known(tx, bank_reference)) and unmatched.payment != waited:
        raise Problem(ProblemType.CONFLICT, fields=[FieldProblem("bank_reference", PaymentReason.TRANSFER_RECORDED)])
    if waited is None:  # its day was looked at when it came in, however long it waited
        check_day(given.received_on, context, "received_on")
    _check(account, given)
    received = Received(
        payment=context.new_id(),
        refund=context.new_id(),
        amount=given.amount,
        received_on=given.received_on,
        recorded_at=context.at,
        recorded_by=caller.person,
        bank_reference=bank_reference,
        method=given.method,
        forgives=context.settings.forgiven_minor,
    )
    change = billing.receive(account, received)
    await issue(tx, commission, change, context, wording)
    return change.payments[0]


async def reverse_payment(
    tx: Tx, caller: Caller, payment: UUID, reason: ReversalReason, context: QuotesContext
) -> Payment:
    """Record that a payment does not count, and publish what follows; one that was reversed stays as it is.

    Raises:
        Problem: not-found.
    """
    commission = await ledger.commission_of_payment(tx, payment) if caller.role is Role.OPS else None
    if commission is None:
        raise not_found()
    account = await _locked_account(tx, caller, commission)
    found = account.payment(payment)
    if found is None:
        raise not_found()
    if not found.counts:
        return found
    given = Reversal(reason, context.at, caller.person, context.new_id())
    change = reverse(account, found, given)
    await save(tx, commission, change, context)
    return change.payments_reversed[0]


async def read_reversal(tx: Tx, caller: Caller, payment: UUID, context: QuotesContext) -> "ReversalPreview":
    """What would follow if this payment were reversed now, for the page that asks. Raises `not-found`."""
    commission = await ledger.commission_of_payment(tx, payment) if caller.role is Role.OPS else None
    account = await ledger.load_account(tx, commission) if commission else None
    found = account.payment(payment) if account else None
    if account is None or found is None:
        raise not_found()
    given = Reversal(ReversalReason.WRONG_AMOUNT, context.at, caller.person, context.new_id())
    change = reverse(account, found, given) if found.counts else Change()
    return ReversalPreview(found, change, account.after(change).left)


@dataclass(frozen=True)
class ReversalPreview:
    """A payment, what its reversal changes, and what is left to be paid then."""

    payment: Payment
    change: Change
    left: Money


async def pay_refund(tx: Tx, caller: Caller, refund: UUID, paid_on: date, context: QuotesContext) -> Refund:
    """Record that a refund was transferred, and publish it; one that was paid stays as it is.

    Raises:
        Problem: not-found; validation-failed; conflict, if it is not owed any more.
    """
    commission = await ledger.commission_of_refund(tx, refund) if caller.role is Role.OPS else None
    if commission is None:
        raise not_found()
    account = await _locked_account(tx, caller, commission)
    found = account.refund(refund)
    if found.withdrawn_at:
        raise Problem(ProblemType.CONFLICT, PaymentReason.REFUND_WITHDRAWN)
    if not found.open:
        return found
    check_day(paid_on, context, "paid_on")
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


async def _same(tx: Tx, caller: Caller, before: Payment, commission: UUID, given: PaymentCreate) -> Payment:
    """The payment of this transfer, if the caller recorded the same before; else who recorded it, and when."""
    if (before.commission, before.amount, before.recorded_by) == (commission, given.amount, caller.person):
        return before
    here = before.commission == commission
    reason = PaymentReason.TRANSFER_KNOWN if here else PaymentReason.TRANSFER_ELSEWHERE
    by = await texts.person_name(tx, before.recorded_by)
    said = Phrase(reason, by=by or PaymentReason.SOMEBODY, at=before.recorded_at, amount=before.amount)
    raise Problem(ProblemType.CONFLICT, fields=[FieldProblem("bank_reference", said)])


def _check(account: Account, given: PaymentCreate) -> None:
    currency = account.left.currency
    if given.amount.currency != currency:
        raise invalid(FieldProblem("amount", Phrase(PaymentReason.CURRENCY, currency=currency)))
    if not given.confirmed and given.amount not in account.due:
        raise Problem(ProblemType.AMOUNT_DIFFERS, fields=[FieldProblem("amount", _difference(account, given.amount))])


def _difference(account: Account, amount: Money) -> Phrase:
    """What is due, and by how much the amount differs from it: from the nearest, where there are two."""
    if not account.due:
        return Phrase(PaymentReason.NOTHING_DUE, amount=amount)
    due = min(account.due, key=lambda each: abs(each.minor - amount.minor))
    difference = Money(minor=abs(amount.minor - due.minor), currency=due.currency)
    return Phrase(PaymentReason.AMOUNT_DIFFERS, amount=amount, due=due, difference=difference)


def check_day(day: date, context: QuotesContext, field: str) -> None:
    """Raises validation-failed for a day on which no money can have moved."""
    if day > context.today:
        raise invalid(FieldProblem(field, PaymentReason.FUTURE_DAY))
    if day < context.today - _LONG_AGO:
        raise invalid(FieldProblem(field, PaymentReason.OLD_DAY))
