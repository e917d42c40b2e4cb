"""When pieces rest."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parents[1] / "sql" / "queries.sql")


async def begin_rest(tx: Tx, commission: UUID, since: datetime, until: datetime) -> None:
    await _QUERIES.begin_rest.run(tx, commission=commission, since=since, until=until)


async def end_rest(tx: Tx, commission: UUID, at: datetime) -> None:
    """The piece rests no more."""
    await _QUERIES.end_rest.run(tx, commission=commission, at=at)
