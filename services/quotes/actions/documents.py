"""Papers of a commission, for its customer and ops: the quote, its invoices, and receipts for what came in."""

from uuid import UUID

from services.quotes.actions.context import Context
from services.quotes.domain.documents import InvoiceDocument, QuoteDocument, ReceiptDocument
from services.quotes.domain.quote import Quote
from services.quotes.store import ledger, texts
from services.quotes.store import quotes as store
from shared.auth.roles import Caller, Role, only_owner
from shared.kernel.problems import NotYet, not_found
from shared.offerings.key import OfferingKey
from shared.offerings.store import kept
from shared.postgres.database import Tx


async def invoice_document(tx: Tx, caller: Caller, commission: UUID, invoice: UUID) -> InvoiceDocument:
    """One invoice of a commission.

    Raises:
        Problem: not-found, for what is somebody else's too.
        NotYet: the name that it is issued to is still on its way.
    """
    await _check(tx, caller, commission)
    issued = {each.invoice: each for each in await ledger.invoices(tx, commission)}
    contract = await ledger.contract(tx, commission)
    if invoice not in issued or contract is None:
        raise not_found()
    found = issued[invoice]
    if found.customer_name is None:
        raise NotYet("the name that this invoice is issued to is on its way", retry_after=5)
    quote = await store.version(tx, contract.quote, contract.version)
    deducted = [each for each in issued.values() if each.number == found.details.deducted]
    return InvoiceDocument(
        found, await _title(tx, quote), contract.reference, found.customer_name, next(iter(deducted), None)
    )


async def receipt_document(
    tx: Tx, caller: Caller, commission: UUID, payment: UUID, context: Context
) -> ReceiptDocument:
    """A receipt for one payment. Raises `not-found`, for what is somebody else's too."""
    owner = await _check(tx, caller, commission)
    found = {each.payment: each for each in await ledger.payments(tx, commission)}
    head = await store.head(tx, commission)
    if payment not in found or head is None:
        raise not_found()
    contract = await ledger.contract(tx, commission)
    quote = await store.version(tx, head.quote, head.accepted or head.newest)
    name = await texts.person_name(tx, owner) if owner else None
    reference = contract.reference if contract else ""
    return ReceiptDocument(found[payment], await _title(tx, quote), reference, name or "", context.seller)


async def quote_document(tx: Tx, caller: Caller, commission: UUID, context: Context) -> QuoteDocument:
    """The version of a quote that the customer has. Raises `not-found`, for what is somebody else's too."""
    owner = await _check(tx, caller, commission)
    head = await store.head(tx, commission)
    shown = (head.accepted or head.offered) if head else None
    if head is None or shown is None:
        raise not_found()
    quote = await store.version(tx, head.quote, shown)
    name = await texts.person_name(tx, owner) if owner else None
    return QuoteDocument(quote, await _title(tx, quote), name or "", context.seller)


async def _check(tx: Tx, caller: Caller, commission: UUID) -> UUID | None:
    """Whose it is, if the caller may see it."""
    owner = await store.owner(tx, commission)
    if caller.role is not Role.OPS:
        only_owner(caller, owner)
    return owner


async def _title(tx: Tx, quote: Quote) -> str:
    offering = await kept(tx, OfferingKey.of(quote))
    return offering.title if offering else quote.offering
