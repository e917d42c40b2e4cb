"""A change order that the bench has applied: the amendment of the contract, and its money."""

from dataclasses import replace

from services.quotes.actions.accounts import issue, next_credit, next_invoice
from services.quotes.actions.change_orders import locked, ordered_by
from services.quotes.actions.context import QuotesContext
from services.quotes.actions.documents import issue_contract
from services.quotes.actions.drafting import offering_of
from services.quotes.domain import change_orders
from services.quotes.domain.account import Account, Amendment, Change, Contract
from services.quotes.domain.billing import total_amounts
from services.quotes.domain.change_orders import AgreedLess, ChangeOrder, ChangeOrderState
from services.quotes.domain.documents import ContractDocument, PaperWording
from services.quotes.domain.quote import Quote, QuoteState
from services.quotes.store import change_orders as store
from services.quotes.store import ledger
from services.quotes.store import quotes as quote_store
from shared.contracts.commands.command import Done
from shared.contracts.commands.quotes import CountChangeOrder
from shared.contracts.quotes import ChangeOrderApplied
from shared.outbox import publish
from shared.postgres.database import Tx


async def count(tx: Tx, command: CountChangeOrder, context: QuotesContext, wording: PaperWording) -> Done:
    """Amend the contract, and ask for what the piece costs more, or take off what was asked for too much; once."""
    head, order = await locked(tx, command.commission, command.change_order)
    account = await ledger.load_account(tx, command.commission)
    if order.state is not ChangeOrderState.AGREED or account is None or account.contract is None:
        return Done()
    before = await quote_store.version(tx, head.quote, order.before)
    quote = await quote_store.version(tx, head.quote, order.version)
    contract = _amended(account.contract, order)
    await quote_store.accept(tx, head.quote, order.version, order.agreed_at or context.at)
    await ledger.amend(tx, contract)
    await store.applied(tx, order.change_order, context.at)
    change = await _money(tx, account, contract, before=before, quote=quote, context=context)
    applied = ChangeOrderApplied(
        at=context.at,
        commission=command.commission,
        change_order=order.change_order,
        number=order.number,
        amendment=contract.current.number,
        total=quote.price.total,
        difference=quote.price.total.less(before.price.total),
        ready_by=command.ready_by,
        brief_version=command.brief_version,
        credit_note=change.credits[0].credit if change.credits else None,
    )
    await publish(tx, [applied])
    offering, brief = await offering_of(tx, quote), await quote_store.brief(tx, command.commission)
    ordered = ordered_by(brief, order, offering, order.agreed_at or context.at)
    accepted = replace(quote, state=QuoteState.ACCEPTED, accepted_at=order.agreed_at)
    document = ContractDocument(contract.current, accepted, offering, context.seller, contract.address, ordered)
    await issue_contract(tx, contract, document, context, wording)
    await issue(tx, command.commission, change, context, wording)
    return Done()


def _amended(contract: Contract, order: ChangeOrder) -> Contract:
    amendment = Amendment(
        number=contract.current.number + 1,
        quote=order.quote,
        version=order.version,
        language=order.language or contract.language,
        document=order.document or "",
        sha256=order.sha256 or "",
        accepted_at=order.agreed_at or order.asked_at,
    )
    return replace(contract, amendments=(*contract.amendments, amendment))


async def _money(
    tx: Tx, account: Account, contract: Contract, *, before: Quote, quote: Quote, context: QuotesContext
) -> Change:
    if quote.price.total.minor > before.price.total.minor:
        head = await next_invoice(tx, context, days=context.settings.balance_days)
        return change_orders.top_up(account, contract, before, quote, head)
    beyond = change_orders.asked_too_much(account, total_amounts(quote))
    if not beyond.minor:
        return Change()
    numbered = await next_credit(tx, None, beyond, credit=context.new_id(), context=context)
    less = AgreedLess(numbered.credit, numbered.refund, numbered.number, numbered.issued_on, numbered.at)
    return change_orders.lower(account, quote, less)
