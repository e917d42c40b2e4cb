"""The customer withdrew from the contract when the piece was made: all that was paid goes back, once."""

from uuid import UUID

from services.quotes.actions.accounts import issue, next_credit
from services.quotes.actions.context import QuotesContext
from services.quotes.domain import claims
from services.quotes.domain.billing import total_amounts, vat_of
from services.quotes.domain.documents import PaperWording
from services.quotes.store import ledger
from services.quotes.store import quotes as store
from shared.contracts.commands.command import Done
from shared.contracts.commands.quotes import RefundWithdrawal
from shared.contracts.commissions import ContractWithdrawn
from shared.postgres.database import Tx


async def follow_withdrawal(
    tx: Tx, withdrawn: ContractWithdrawn, context: QuotesContext, wording: PaperWording
) -> None:
    """Refund a piece that has arrived. Before that, the life cycle ends the commission, and settles it."""
    if withdrawn.arrived:
        await _refund(tx, withdrawn.commission, context, wording)


async def refund_withdrawal(tx: Tx, command: RefundWithdrawal, context: QuotesContext, wording: PaperWording) -> Done:
    """Refund a piece whose parcel was on its way when its customer withdrew."""
    await _refund(tx, command.commission, context, wording)
    return Done()


async def _refund(tx: Tx, commission: UUID, context: QuotesContext, wording: PaperWording) -> None:
    """All that was paid and kept; nothing where nothing is, or all was given back before."""
    await store.lock_head(tx, commission)
    account = await ledger.load_account(tx, commission)
    if account is None or account.contract is None:
        return
    quote = await store.version(tx, account.contract.current.quote, account.contract.current.version)
    price = total_amounts(quote)
    amount = claims.refunded(account, price)
    if not amount.minor:
        return
    agreed = await next_credit(tx, None, amount, credit=context.new_id(), context=context)
    await issue(tx, commission, claims.credit(account, price, vat_of(quote).percent, agreed), context, wording)
