"""Papers that go with mails: kept from `touchmark.documents` until their mails are sent, or nobody waits for them."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.notify.domain.mails import MailDetails, OutgoingMail
from services.notify.domain.rules import MailVerdict
from services.notify.store import attachments, complete_mails
from shared.contracts.documents import DocumentWritten
from shared.postgres.database import Tx


async def record_document(tx: Tx, written: DocumentWritten, now: datetime) -> None:
    """Keep a paper, unless its customer was erased; mails that waited for it can be sent."""
    await attachments.record(tx, written, now)
    if await complete_mails(tx, written.commission, now):
        tx.touch(written.commission)


async def erase_document(tx: Tx, document: UUID) -> None:
    await attachments.erase(tx, document)


async def judge(tx: Tx, says: MailDetails) -> MailVerdict:
    """Whether all papers of a mail are here."""
    missing = says.papers and await attachments.count(tx, says.papers) < len(says.papers)
    return MailVerdict.INCOMPLETE if missing else MailVerdict.READY


async def attach(tx: Tx, outgoing: OutgoingMail) -> OutgoingMail:
    """The mail with those of its papers that are here, and with where its invoice is paid."""
    details = outgoing.details
    if outgoing.items or not (details.papers or details.invoice):
        return outgoing
    return replace(
        outgoing,
        attached=await attachments.papers(tx, details.papers),
        transfer=await attachments.transfer(tx, details.invoice) if details.invoice else None,
    )


async def drop_papers(tx: Tx, before: datetime) -> int:
    """Let go of papers that came before then: nobody waits for them any more. How many."""
    return await attachments.drop(tx, before)
