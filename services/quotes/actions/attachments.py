"""Papers for mails: what is issued is set as PDF, and published for the mail that tells of it."""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from services.quotes.domain.account import Invoice
from services.quotes.domain.documents import PaperToAttach
from services.quotes.store import attachments, ledger
from shared.contracts.documents import LARGEST_ATTACHED, BankAccount, DocumentKind, DocumentWritten
from shared.outbox import publish
from shared.postgres.database import Tx
from shared.runtime.logs import get_logger

log = get_logger(__name__)

WANTED: Final = "attachments"
"""The key that is touched when a paper waits to be set."""
_ITS_TURN: Final = timedelta(minutes=1)
_NO_LONGER_THAN: Final = timedelta(days=1)
"""No mail waits for a paper for so long."""


async def want(tx: Tx, paper: UUID, at: datetime) -> None:
    """Attach a paper to its mail."""
    await attachments.want(tx, paper, at)
    tx.touch(WANTED)


async def want_invoice(tx: Tx, invoice: Invoice, reference: str, at: datetime) -> None:
    """Attach an invoice to its mail, with where it is paid, unless the studio's account is an example."""
    seller = invoice.details.seller
    account = BankAccount(holder=seller.bank_holder, iban=seller.bank_iban, bic=seller.bank_bic, bank=seller.bank_name)
    await attachments.want(tx, invoice.invoice, at, account=None if seller.example else account, reference=reference)
    tx.touch(WANTED)


async def take_next(tx: Tx, now: datetime) -> PaperToAttach | None:
    """The paper that is to be set next; if it is not published within a minute, somebody tries again."""
    return await attachments.take_next(tx, now, wanted_after=now - _NO_LONGER_THAN, until=now + _ITS_TURN)


async def publish_paper(tx: Tx, paper: PaperToAttach, pdf: bytes, at: datetime) -> None:
    """Keep the PDF, and publish it once; not what is too large for a mail, nor of somebody who was erased."""
    await ledger.lock_person(tx, paper.customer)
    if not await attachments.publish(tx, paper.paper, at):
        return
    kept = await ledger.keep_pdf(tx, paper.paper, pdf)
    if len(kept) > LARGEST_ATTACHED:
        log.warning("paper_too_large_for_mail", paper=str(paper.paper), bytes=len(kept))
        return
    written = DocumentWritten(
        at=at,
        commission=paper.commission,
        document=paper.paper,
        customer=paper.customer,
        kind=DocumentKind(paper.kind.value),
        file_name=paper.file_name,
        pdf=urlsafe_b64encode(kept),
        account=paper.account,
        reference=paper.reference,
    )
    await publish(tx, [written])
