"""Where pieces go."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from services.production.domain.deliveries import PieceDelivery
from shared.contracts.commissions import DeliveryChosen
from shared.contracts.people import RecipientRecorded
from shared.postgres.database import Tx
from shared.postgres.queries import Row, load, made

_QUERIES = load(Path(__file__).parents[1] / "sql" / "deliveries.sql")


async def record_delivery(tx: Tx, chosen: DeliveryChosen) -> None:
    await _QUERIES.record_delivery.run(
        tx, commission=chosen.commission, number=chosen.number, way=chosen.way, recipient=chosen.recipient
    )


async def record_recipient(tx: Tx, recorded: RecipientRecorded, version: int) -> None:
    await _QUERIES.record_recipient.run(tx, version=version, **recorded.model_dump(exclude={"at", "commission"}))


async def erase_recipient(tx: Tx, recipient: UUID) -> None:
    await _QUERIES.erase_recipient.run(tx, recipient=recipient)


async def deliveries(tx: Tx, commissions: Sequence[UUID]) -> Mapping[UUID, PieceDelivery]:
    """How these are delivered, where somebody has chosen."""
    rows = await _QUERIES.deliveries.rows(tx, Row, commissions=commissions)
    return {made(UUID, row["commission"]): made(PieceDelivery, row) for row in rows}


async def delivery(tx: Tx, commission: UUID) -> PieceDelivery | None:
    return (await deliveries(tx, [commission])).get(commission)
