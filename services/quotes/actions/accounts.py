"""The account of a commission: loaded once under its lock, decided on in the domain, saved once."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from services.quotes.actions.context import QuotesContext
from services.quotes.actions.documents import issue_papers
from services.quotes.domain.account import Account, Change
from services.quotes.domain.billing import InvoiceHead
from services.quotes.domain.claims import AgreedCredit
from services.quotes.domain.documents import PaperWording
from services.quotes.store import ledger
from shared.contracts.lifecycle import Holder, Phase, PhaseEntered
from shared.contracts.payments import InvoiceKind
from shared.kernel.calendar import day_of
from shared.kernel.money import Money
from shared.outbox import publish
from shared.postgres.database import Tx

_DAY = timedelta(days=1)
_PAID_AT: Final[Mapping[Phase, InvoiceKind]] = {
    Phase.DEPOSIT: InvoiceKind.DEPOSIT,
    Phase.BALANCE: InvoiceKind.BALANCE,
}


async def read_account(tx: Tx, commission: UUID) -> Account | None:
    """The account of a commission, for its pages; None where nothing was agreed and nothing came in."""
    account = await ledger.load_account(tx, commission)
    return account if account and not account.empty else None


async def save(tx: Tx, commission: UUID, change: Change, context: QuotesContext) -> None:
    """Save what was decided and publish it."""
    await ledger.save(tx, commission, change, new_id=context.new_id, at=context.at)
    tx.touch(commission)
    await publish(tx, change.events)


async def issue(tx: Tx, commission: UUID, change: Change, context: QuotesContext, wording: PaperWording) -> None:
    """Save what was decided, publish it, and keep what its invoices and receipts say."""
    await save(tx, commission, change, context)
    await issue_papers(tx, commission, change, context, wording)


async def next_credit(
    tx: Tx, claim: UUID | None, amount: Money, *, credit: UUID, context: QuotesContext
) -> AgreedCredit:
    """A new credit note, for a claim or for a withdrawal; its number is taken until the commit."""
    today = context.today
    number = await ledger.next_credit_number(tx, today.year)
    return AgreedCredit(
        claim,
        amount,
        credit=credit,
        refund=context.new_id(),
        at=context.at,
        number=f"{today.year}-C{number:04d}",
        issued_on=today,
    )


async def next_invoice(tx: Tx, context: QuotesContext, *, days: int) -> InvoiceHead:
    """The head of a new invoice, due in so many days; its number is taken until the commit."""
    today = context.today
    number = await ledger.next_number(tx, today.year)
    return InvoiceHead(
        invoice=context.new_id(),
        number=f"{today.year}-{number:04d}",
        issued_on=today,
        issued_at=context.at,
        due_on=context.in_days(days),
        seller=context.seller,
    )


async def extend_deadline(tx: Tx, entered: PhaseEntered, context: QuotesContext) -> None:
    """Extend the open invoices of a phase to the last whole day before its deadline, where that is later."""
    kind = _PAID_AT.get(entered.phase)
    if kind is None or entered.holder is not Holder.CUSTOMER or entered.due is None:
        return
    until: date = day_of(entered.due, context.zone) - _DAY
    if await ledger.extend_invoice(tx, entered.commission, kind, until):
        tx.touch(entered.commission)
