"""Papers that go with mails (`touchmark.documents`)."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.notify.domain.attachments import AttachedPaper, Transfer
from shared.contracts.documents import DocumentWritten
from shared.postgres.database import Tx
from shared.postgres.queries import Row, load, made, opened

_QUERIES = load(Path(__file__).parents[1] / "sql" / "attachments.sql")


async def record(tx: Tx, written: DocumentWritten, now: datetime) -> None:
    await _QUERIES.record.run(
        tx,
        document=written.document,
        customer=written.customer,
        file_name=written.file_name,
        pdf=written.pdf,
        account=written.account.model_dump_json() if written.account else None,
        reference=written.reference,
        now=now,
    )


async def erase(tx: Tx, document: UUID) -> None:
    await _QUERIES.erase.run(tx, document=document)


async def count(tx: Tx, documents: Sequence[UUID]) -> int:
    """How many of these have arrived."""
    return await _QUERIES.count.value(tx, int, documents=list(documents))


async def papers(tx: Tx, documents: Sequence[UUID]) -> tuple[AttachedPaper, ...]:
    """Those of these that are here, in this order."""
    return tuple(await _QUERIES.papers.rows(tx, AttachedPaper, documents=list(documents)))


async def transfer(tx: Tx, document: UUID) -> Transfer | None:
    """Where this invoice is paid, if it says so."""
    row = await _QUERIES.transfer.row_or_none(tx, Row, document=document)
    return made(Transfer, opened(row, "account")) if row else None


async def drop(tx: Tx, before: datetime) -> int:
    return await _QUERIES.drop_papers.value(tx, int, before=before)
