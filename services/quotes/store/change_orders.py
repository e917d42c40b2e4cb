"""Change orders."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from pydantic import TypeAdapter

from services.quotes.domain.change_orders import ChangeOrder
from services.quotes.domain.quote import Quote
from shared.contracts.briefs import BriefAnswer, BriefProposal
from shared.contracts.quotes import ChangeOrderEnd, ChangeRefusal
from shared.postgres.database import Tx
from shared.postgres.queries import Row, load, made, opened

_QUERIES = load(Path(__file__).parents[1] / "sql" / "change_orders.sql")
_ANSWERS = TypeAdapter(tuple[BriefAnswer, ...])


async def forget_answers(tx: Tx, commission: UUID) -> None:
    await _QUERIES.forget_answers.run(tx, commission=commission)


async def add(
    tx: Tx,
    change_order: UUID,
    quote: Quote,
    proposal: BriefProposal,
    *,
    before: int,
    from_stage: str,
    at: datetime,
    by: UUID | None,
    until: datetime,
) -> ChangeOrder:
    """Add one that the studio asked to offer: this version of the quote, for this proposal."""
    await _QUERIES.add_change_order.value(
        tx,
        int,
        change_order=change_order,
        commission=quote.commission,
        quote=quote.quote,
        version=quote.version,
        before=before,
        proposal=proposal.proposal,
        answers=_ANSWERS.dump_json(proposal.answers).decode(),
        from_stage=from_stage,
        asked_at=at,
        asked_by=by,
        valid_until=until,
    )
    return (await change_orders(tx, quote.commission))[-1]


async def change_orders(tx: Tx, commission: UUID) -> list[ChangeOrder]:
    """Those of a commission, oldest first."""
    rows = await _QUERIES.change_orders.rows(tx, Row, commission=commission)
    return [made(ChangeOrder, opened(row, "answers") if row["answers"] else row) for row in rows]


async def newest_offered(tx: Tx, commission: UUID) -> ChangeOrder | None:
    """The newest one that its customer has had."""
    had = [each for each in await change_orders(tx, commission) if each.ready_by_before is not None]
    return had[-1] if had else None


async def any_to_change(tx: Tx, commission: UUID) -> bool:
    """Whether there is a change order, or a proposal that may become one."""
    return await _QUERIES.any_to_change.value(tx, bool, commission=commission)


async def offer(tx: Tx, change_order: UUID, ready_by_before: object, gates: tuple[str, ...]) -> None:
    await _QUERIES.offer_change_order.run(
        tx, change_order=change_order, ready_by_before=ready_by_before, gates=list(gates)
    )


async def agree(tx: Tx, change_order: UUID, *, language: str, document: str, sha256: str, at: datetime) -> None:
    await _QUERIES.agree.run(tx, change_order=change_order, language=language, document=document, sha256=sha256, at=at)


async def applied(tx: Tx, change_order: UUID, at: datetime) -> None:
    await _QUERIES.apply_change_order.run(tx, change_order=change_order, at=at)


async def end(tx: Tx, change_order: UUID, end: ChangeOrderEnd, refusal: ChangeRefusal | None, at: datetime) -> None:
    """It came to nothing; its version of the quote is replaced."""
    await _QUERIES.end_change_order.run(tx, change_order=change_order, end_reason=end, refusal=refusal, at=at)
