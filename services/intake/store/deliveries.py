"""Where pieces go."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.intake.domain.delivery import Address, ChosenDelivery
from shared.postgres.database import Tx
from shared.postgres.queries import Row, load, made

_QUERIES = load(Path(__file__).parents[1] / "sql" / "delivery.sql")
_WORDS = ("name", "street", "extra", "postcode", "city", "phone")


async def choose(tx: Tx, delivery: ChosenDelivery) -> None:
    words = {name: getattr(delivery.address, name, None) for name in _WORDS}
    await _QUERIES.choose_delivery.run(
        tx,
        commission=delivery.commission,
        number=delivery.number,
        way=delivery.way,
        recipient=delivery.recipient,
        at=delivery.chosen_at,
        **words,
    )


async def deliveries(tx: Tx, commissions: Sequence[UUID]) -> tuple[ChosenDelivery, ...]:
    """How these are delivered, where somebody has chosen."""
    return tuple(_made(row) for row in await _QUERIES.deliveries.rows(tx, Row, commissions=list(commissions)))


async def delivery(tx: Tx, commission: UUID) -> ChosenDelivery | None:
    return next(iter(await deliveries(tx, [commission])), None)


async def miss(tx: Tx, commission: UUID, at: datetime) -> None:
    """Write down that the parcel has not come."""
    await _QUERIES.miss_parcel.run(tx, commission=commission, at=at)


async def erase(tx: Tx, commissions: Sequence[UUID]) -> list[UUID]:
    """Forget the addresses; their keys."""
    return await _QUERIES.erase_deliveries.column(tx, UUID, commissions=list(commissions))


def _made(row: Row) -> ChosenDelivery:
    words = {name: row[name] for name in _WORDS}
    known = row["name"] is not None
    return made(ChosenDelivery, {**row, "address": made(Address, words) if known else None})
