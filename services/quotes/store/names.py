"""What commissions are called, and how they are found."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from services.quotes.domain.names import CommissionNames
from shared.kernel.search import CommissionSearch
from shared.postgres.database import Tx
from shared.postgres.queries import Row, load, made, opened

_QUERIES = load(Path(__file__).parents[1] / "sql" / "names.sql")


async def names(tx: Tx, commissions: Sequence[UUID]) -> Mapping[UUID, CommissionNames]:
    """All of these, as far as their names are here."""
    rows = await _QUERIES.names.rows(tx, Row, commissions=commissions)
    return {made(UUID, row["commission"]): made(CommissionNames, opened(row, "answers")) for row in rows}


async def commissions_found(tx: Tx, search: CommissionSearch, at_most: int) -> Sequence[UUID]:
    """Some of those that a search finds, where it finds more."""
    asked = {**search.parameters, "codes": [*search.codes, search.text.strip().upper()]}
    return await _QUERIES.commissions_found.column(tx, UUID, **asked, at_most=at_most)
