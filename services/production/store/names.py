"""What customers are called, and what is made for them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from services.production.domain.names import BenchNames
from services.production.store.deliveries import deliveries
from shared.postgres.database import Tx
from shared.postgres.queries import Row, load, made, opened

_QUERIES = load(Path(__file__).parent.parent / "sql" / "names.sql")


async def record_name(tx: Tx, person: UUID, version: int, name: str) -> None:
    await _QUERIES.record_name.run(tx, person=person, version=version, name=name)


async def erase_name(tx: Tx, person: UUID, version: int) -> None:
    await _QUERIES.erase_name.run(tx, person=person, version=version)


async def names(tx: Tx, commissions: Sequence[UUID]) -> Mapping[UUID, BenchNames]:
    """All of these, as far as their names are here."""
    rows = await _QUERIES.names.rows(tx, Row, commissions=commissions)
    chosen = await deliveries(tx, commissions)
    found = {made(UUID, row["commission"]): made(BenchNames, opened(row, "answers")) for row in rows}
    return {each: replace(one, delivery=chosen.get(each)) for each, one in found.items()}
