"""The documents of a commission, for its customer and ops: the quote, and the invoices and receipts that are issued."""

from collections.abc import Sequence
from uuid import UUID

from services.quotes.actions.attachments import want, want_invoice
from services.quotes.actions.context import QuotesContext
from services.quotes.domain.account import Account, Amendment, Change, Contract, Credit, Invoice, Payment
from services.quotes.domain.documents import (
    ContractDocument,
    CreditNoteDocument,
    FiledPaper,
    InvoiceDocument,
    Paper,
    PaperKind,
    PaperWording,
    QuoteDocument,
    ReceiptDocument,
)
from services.quotes.domain.quote import Quote, QuoteHead
from services.quotes.domain.reasons import PaymentReason
from services.quotes.domain.terms import agreed_order
from services.quotes.store import ledger, texts
from services.quotes.store import quotes as store
from shared.auth.roles import Caller, Role, only_owner
from shared.kernel.problems import NotYet, not_found
from shared.offerings.key import OfferingKey
from shared.offerings.model import Offering
from shared.offerings.store import kept
from shared.postgres.database import Tx


async def issue_papers(tx: Tx, commission: UUID, change: Change, context: QuotesContext, wording: PaperWording) -> None:
    """Keep what the papers of a change say, in its transaction: they never change from then on."""
    account = await ledger.load_account(tx, commission)
    head = await store.head(tx, commission)
    if account is None or head is None:
        return
    for invoice in change.invoices:
        document = await _invoice(tx, account, invoice)
        await ledger.add_paper(
            tx,
            invoice.invoice,
            commission,
            PaperKind.INVOICE,
            file_name=f"invoice-{invoice.number}",
            says=wording.invoice(document),
            customer=invoice.customer,
        )
        await want_invoice(tx, invoice, account.reference, context.at)
    for credit in change.credits:
        note = await _credit_note(tx, account, credit, context)
        await ledger.add_paper(
            tx,
            credit.credit,
            commission,
            PaperKind.CREDIT_NOTE,
            file_name=f"credit-note-{credit.number}",
            says=wording.credit_note(note),
            customer=head.customer,
        )
        await want(tx, credit.credit, context.at)
    for payment in change.payments:
        receipt = await _receipt(tx, account, head, payment, context)
        await ledger.add_paper(
            tx,
            payment.payment,
            commission,
            PaperKind.RECEIPT,
            file_name=f"receipt-{payment.received_on.isoformat()}",
            says=wording.receipt(receipt),
            customer=head.customer,
        )


async def issue_contract(
    tx: Tx, contract: Contract, document: ContractDocument, context: QuotesContext, wording: PaperWording
) -> UUID:
    """Keep what the paper of a contract says, in the transaction in which it is agreed; the paper's id."""
    paper = context.new_id()
    await ledger.add_paper(
        tx,
        paper,
        contract.commission,
        PaperKind.CONTRACT,
        file_name=f"contract-{contract.reference}",
        says=wording.contract(document),
        customer=contract.customer,
    )
    await want(tx, paper, context.at)
    return paper


async def read_contract(tx: Tx, caller: Caller, commission: UUID) -> Amendment:
    """What is agreed, as it is in force: canonical JSON with its digest.

    Raises:
        Problem: not-found, for what is somebody else's too, where nothing was agreed, and once the law lets it go.
    """
    await _check(tx, caller, commission)
    account = await ledger.load_account(tx, commission)
    if account is None or account.contract is None or not account.contract.current.document:
        raise not_found()
    return account.contract.current


async def read_contract_paper(tx: Tx, caller: Caller, commission: UUID) -> Paper:
    """The contract in force, as a paper.

    Raises:
        Problem: not-found, for what is somebody else's too, and where nothing was agreed.
        NotYet: the name of the customer is still on its way.
    """
    await _check(tx, caller, commission)
    newest = await ledger.contract_paper(tx, commission)
    if newest is None:
        raise not_found()
    return await read_paper(tx, caller, commission, PaperKind.CONTRACT, newest)


async def read_paper(tx: Tx, caller: Caller, commission: UUID, kind: PaperKind, paper: UUID) -> Paper:
    """A contract, an invoice or a receipt of a commission, as it was issued.

    Raises:
        Problem: not-found, for what is somebody else's too.
        NotYet: the name that it is issued to is still on its way.
    """
    await _check(tx, caller, commission)
    found = await ledger.paper(tx, commission, kind, paper)
    if found is None:
        raise not_found()
    if found.customer_name is None:
        raise NotYet(PaymentReason.NAME_ON_ITS_WAY, retry_after=5)
    return found


async def papers_of(tx: Tx, caller: Caller, person: UUID) -> Sequence[FiledPaper]:
    """What somebody can take along: their quotes, contracts, invoices and receipts, by commission.

    Raises:
        Problem: not-found, where there is none, and for what is somebody else's.
        NotYet: the name that one is issued to is still on its way.
    """
    if caller.role is not Role.OPS:
        only_owner(caller, person)
    found = await ledger.papers_of(tx, person)
    if not found:
        raise not_found()
    if not all(each.named for each in found):
        raise NotYet(PaymentReason.NAME_ON_ITS_WAY, retry_after=5)
    return found


async def keep_pdf(tx: Tx, paper: UUID, pdf: bytes) -> bytes:
    """Keep the PDF of a paper for good; the one that is kept, which may be another reader's of the same moment."""
    return await ledger.keep_pdf(tx, paper, pdf)


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
        brief=await store.brief(tx, commission),
    )


async def _invoice(tx: Tx, account: Account, invoice: Invoice) -> InvoiceDocument:
    if account.contract is None:
        raise ValueError("an invoice follows from a contract")
    amendment = account.contract.amendments[invoice.amendment]
    quote = await store.version(tx, amendment.quote, amendment.version)
    deducted = tuple(each for each in account.invoices if each.invoice in invoice.details.deducted)
    return InvoiceDocument(
        invoice=invoice,
        offering=await _offering(tx, quote),
        reference=account.reference,
        deducted=deducted,
        credited=account.credits_of(deducted),
        quote=quote,
        language=amendment.language,
        ordered=agreed_order(amendment.document),
    )


async def _credit_note(tx: Tx, account: Account, credit: Credit, context: QuotesContext) -> CreditNoteDocument:
    if account.contract is None:
        raise ValueError("a credit note follows from a contract")
    invoice = next(each for each in account.invoices if each.invoice == credit.invoice)
    amendment = account.contract.amendments[invoice.amendment]
    quote = await store.version(tx, amendment.quote, amendment.version)
    return CreditNoteDocument(credit, invoice, await _offering(tx, quote), context.seller, amendment.language)


async def _receipt(
    tx: Tx, account: Account, head: QuoteHead, payment: Payment, context: QuotesContext
) -> ReceiptDocument:
    quote = await store.version(tx, head.quote, head.accepted or head.newest)
    return ReceiptDocument(
        payment=payment,
        offering=await _offering(tx, quote),
        reference=account.reference,
        seller=context.seller,
        language=account.contract.language if account.contract else None,
    )


async def _check(tx: Tx, caller: Caller, commission: UUID) -> UUID | None:
    """Whose it is, if the caller may see it."""
    owner = await store.owner(tx, commission)
    if caller.role is not Role.OPS:
        only_owner(caller, owner)
    return owner


async def _offering(tx: Tx, quote: Quote) -> Offering | None:
    return await kept(tx, OfferingKey.of(quote))
