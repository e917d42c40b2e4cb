"""The balance before shipping, and what a cancellation comes to: by the life cycle's commands."""

from uuid import UUID

from services.quotes.actions.accounts import issue, next_invoice
from services.quotes.actions.change_orders import end_with_its_commission
from services.quotes.actions.context import QuotesContext
from services.quotes.domain import billing
from services.quotes.domain.account import Account, CancellationSettlement, Contract
from services.quotes.domain.billing import AgreedCancellation
from services.quotes.domain.documents import PaperWording
from services.quotes.domain.reasons import PaymentReason
from services.quotes.store import ledger
from services.quotes.store import quotes as store
from shared.contracts.commands.quotes import IssueBalance, IssuedInvoice, SettleCancellation, Settlement
from shared.contracts.payments import InvoiceKind
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Tx


async def issue_balance(tx: Tx, command: IssueBalance, context: QuotesContext, wording: PaperWording) -> IssuedInvoice:
    """Issue the final invoice, which deducts the deposit, and publish it; one that was issued stays as it is.

    Raises:
        Problem: conflict, if nothing was accepted or the commission was cancelled.
    """
    account, contract = await _accepted(tx, command.commission)
    if account.settlement:
        raise _nothing_accepted()
    if not account.of(InvoiceKind.BALANCE):
        quote = await store.version(tx, contract.current.quote, contract.current.version)
        head = await next_invoice(tx, context, days=context.settings.balance_days)
        change = billing.issue_balance(account, contract, quote, head)
        await issue(tx, command.commission, change, context, wording)
        account = account.after(change)
    invoice = account.of(InvoiceKind.BALANCE)[-1]
    return IssuedInvoice(
        invoice=invoice.invoice,
        number=invoice.number,
        total=invoice.total,
        left=account.left,
        reference=account.reference,
        due_on=invoice.due_on,
    )


async def settle_cancellation(
    tx: Tx, command: SettleCancellation, context: QuotesContext, wording: PaperWording
) -> Settlement:
    """Cancel an accepted quote: ask for what is owed instead of what was asked for, and refund the rest. Once.

    Raises:
        Problem: conflict, if nothing was accepted.
    """
    account, contract = await _accepted(tx, command.commission)
    if account.settlement:
        return _settlement(account.settlement)
    quote = await store.version(tx, contract.current.quote, contract.current.version)
    given = AgreedCancellation(command.owed_percent, command.reason, context.new_id(), context.at)
    head = await next_invoice(tx, context, days=context.settings.balance_days)
    change, settlement = billing.cancel(account, contract, quote, given, head)
    await end_with_its_commission(tx, command.commission, context.at)
    await store.cancel_accepted(tx, quote.quote, quote.version, at=context.at, reason=command.reason)
    await issue(tx, command.commission, change, context, wording)
    return _settlement(settlement)


async def _accepted(tx: Tx, commission: UUID) -> tuple[Account, Contract]:
    """The account under its lock, and its contract."""
    await store.lock_head(tx, commission)
    account = await ledger.load_account(tx, commission)
    if account is None or account.contract is None:
        raise _nothing_accepted()
    return account, account.contract


def _nothing_accepted() -> Problem:
    return Problem(ProblemType.CONFLICT, PaymentReason.NOTHING_ACCEPTED)


def _settlement(settled: CancellationSettlement) -> Settlement:
    return Settlement(owed=settled.owed, paid=settled.paid, refund=settled.refund, left=settled.left)
