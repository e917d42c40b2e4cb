"""How long a quote can be accepted: extended or ended by the life cycle's commands."""

from datetime import datetime

from services.quotes.domain.quote import Quote, QuoteState
from services.quotes.domain.reasons import QuoteReason
from services.quotes.store import ledger
from services.quotes.store import quotes as store
from shared.contracts.commands.quotes import ExpireQuote, ExtendedQuote, ExtendQuote, QuoteEnding
from shared.contracts.payments import InvoiceKind
from shared.contracts.quotes import QuoteExpired
from shared.kernel.problems import not_found
from shared.outbox import publish
from shared.postgres.database import Tx


async def expire_quote(tx: Tx, command: ExpireQuote, *, at: datetime) -> QuoteEnding:
    """End every version that is not accepted, for good, and publish it; or answer that the customer was quicker.

    Raises:
        Problem: not-found, if the commission has no such quote.
    """
    head = await store.lock_head(tx, command.commission)
    known = await store.version_known(tx, command.commission, command.quote, command.quote_version)
    if head is None or not known:
        raise not_found(QuoteReason.NO_QUOTE)
    if head.accepted is not None:
        return await _quote_ending(tx, await store.version(tx, head.quote, head.accepted))
    if ended := await store.end_open(tx, head.quote, at=at, reason=command.reason):
        tx.touch(command.commission)
        event = QuoteExpired(
            at=at,
            commission=command.commission,
            quote=head.quote,
            quote_version=ended[-1],
            reason=command.reason,
        )
        await publish(tx, [event])
    return QuoteEnding()


async def extend_quote(tx: Tx, command: ExtendQuote) -> ExtendedQuote:
    """Let what was sent be accepted for longer, and a draft be sent for as long; never shorter.

    Raises:
        Problem: not-found, if the commission has no such quote.
    """
    head = await store.lock_head(tx, command.commission)
    if head is None or head.quote != command.quote:
        raise not_found(QuoteReason.NO_QUOTE)
    if head.accepted is not None:
        accepted = await store.version(tx, head.quote, head.accepted)
        return ExtendedQuote(valid_until=_valid_until(accepted, command.valid_until), accepted=True)
    newest = await store.version(tx, head.quote, head.newest)
    if not newest.state.open:
        return ExtendedQuote(valid_until=_valid_until(newest, command.valid_until), ended=True)
    tx.touch(command.commission)
    until = await store.extend(tx, head.quote, command.valid_until)
    return ExtendedQuote(valid_until=until or command.valid_until)


async def _quote_ending(tx: Tx, quote: Quote) -> QuoteEnding:
    if quote.state is not QuoteState.ACCEPTED or quote.offer is None:
        return QuoteEnding()
    account = await ledger.load_account(tx, quote.commission)
    deposits = account.of(InvoiceKind.DEPOSIT) if account else ()
    return QuoteEnding(
        accepted=True,
        total=quote.price.total,
        deposit=quote.offer.deposit,
        deposit_due_on=deposits[-1].due_on if deposits else None,
        deposit_paid=bool(deposits) and all(each.paid_at for each in deposits),
    )


def _valid_until(quote: Quote, default: datetime) -> datetime:
    return quote.offer.valid_until if quote.offer else default
