"""The documents of a commission, for its customer and ops: the quote, its invoices, and receipts."""

from uuid import UUID

from services.quotes.actions.context import QuotesContext
from services.quotes.domain.documents import InvoiceDocument, QuoteDocument, ReceiptDocument
from services.quotes.domain.quote import Quote
from services.quotes.domain.reasons import PaymentReason
from services.quotes.store import ledger, texts
from services.quotes.store import quotes as store
from shared.auth.roles import Caller, Role, only_owner
from shared.kernel.problems import NotYet, not_found
from shared.offerings.key import OfferingKey
from shared.offerings.model import Offering
from shared.offerings.store import kept
from shared.postgres.database import Tx


async def invoice_document(tx: Tx, caller: Caller, commission: UUID, invoice: UUID) -> InvoiceDocument:
    """One invoice of a commission.

    Raises:
        Problem: not-found, for what is somebody else's too.
        NotYet: the name that it is issued to is still on its way.
    """
    await _check(tx, caller, commission)
    account = await ledger.load_account(tx, commission)
    found = next((each for each in account.invoices if each.invoice == invoice), None) if account else None
    if account is None or account.contract is None or found is None:
        raise not_found()
    if found.customer_name is None:
        raise NotYet(PaymentReason.NAME_ON_ITS_WAY, retry_after=5)
    amendment = account.contract.amendments[found.amendment]
    quote = await store.version(tx, amendment.quote, amendment.version)
    return InvoiceDocument(
        invoice=found,
        offering=await _offering(tx, quote),
        reference=account.reference,
        customer_name=found.customer_name,
        deducted=tuple(each for each in account.invoices if each.invoice in found.details.deducted),
        quote=quote,
        language=amendment.language,
    )


async def receipt_document(
    tx: Tx, caller: Caller, commission: UUID, payment: UUID, context: QuotesContext
) -> ReceiptDocument:
    """A receipt for one payment. Raises `not-found`, for what is somebody else's too."""
    owner = await _check(tx, caller, commission)
    account = await ledger.load_account(tx, commission)
    head = await store.head(tx, commission)
    found = next((each for each in account.payments if each.payment == payment), None) if account else None
    if account is None or head is None or found is None:
        raise not_found()
    quote = await store.version(tx, head.quote, head.accepted or head.newest)
    name = await texts.person_name(tx, owner) if owner else None
    return ReceiptDocument(
        payment=found,
        offering=await _offering(tx, quote),
        reference=account.reference,
        customer_name=name or "",
        seller=context.seller,
        language=account.contract.language if account.contract else None,
    )


async def quote_document(tx: Tx, caller: Caller, commission: UUID, context: QuotesContext) -> QuoteDocument:
    """The version of a quote that the customer has. Raises `not-found`, for what is somebody else's too."""
    owner = await _check(tx, caller, commission)
    head = await store.head(tx, commission)
    shown = (head.accepted or head.offered) if head else None
    if head is None or shown is None:
        raise not_found()
    quote = await store.version(tx, head.quote, shown)
    name = await texts.person_name(tx, owner) if owner else None
    account = await ledger.load_account(tx, commission) if head.accepted else None
    return QuoteDocument(
        quote=quote,
        offering=await _offering(tx, quote),
        customer_name=name or "",
        seller=context.seller,
        language=account.contract.language if account and account.contract else None,
    )


async def _check(tx: Tx, caller: Caller, commission: UUID) -> UUID | None:
    """Whose it is, if the caller may see it."""
    owner = await store.owner(tx, commission)
    if caller.role is not Role.OPS:
        only_owner(caller, owner)
    return owner


async def _offering(tx: Tx, quote: Quote) -> Offering | None:
    return await kept(tx, OfferingKey.of(quote))
