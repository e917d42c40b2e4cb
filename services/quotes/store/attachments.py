"""The papers that mails have with them, until they are published."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.quotes.domain.documents import PaperToAttach
from shared.contracts.documents import BankAccount
from shared.postgres.database import Tx
from shared.postgres.queries import Row, load, made, opened

_QUERIES = load(Path(__file__).parents[1] / "sql" / "attachments.sql")


async def want(tx: Tx, paper: UUID, at: datetime, *, account: BankAccount | None = None, reference: str = "") -> None:
    await _QUERIES.want.run(
        tx, paper=paper, account=account.model_dump_json() if account else None, reference=reference, at=at
    )


async def take_next(tx: Tx, now: datetime, *, wanted_after: datetime, until: datetime) -> PaperToAttach | None:
    """The paper that has waited for longest; nobody else gets it `until` then."""
    row = await _QUERIES.take_next.row_or_none(tx, Row, now=now, wanted_after=wanted_after, until=until)
    return made(PaperToAttach, opened(row, "says", "account")) if row else None


async def publish(tx: Tx, paper: UUID, at: datetime) -> bool:
    """Whether it was not published before, and still may be."""
    return await _QUERIES.publish.value_or_none(tx, UUID, paper=paper, at=at) is not None


async def erase(tx: Tx, person: UUID) -> list[UUID]:
    """Forget what was wanted for this person's mails; those of them that were published."""
    rows = await _QUERIES.erase.rows(tx, tuple[UUID, bool], person=person)
    return [paper for paper, published in rows if published]
