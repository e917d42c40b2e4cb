"""The list of commissions: all of a kind, or those that a search finds."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from services.lifecycle.domain.dashboard import CommissionFilter, CommissionRow
from services.lifecycle.domain.search import MOST_GATHERED, Search
from shared.postgres.database import Tx
from shared.postgres.queries import Row, load, made

_QUERIES = load(Path(__file__).parents[1] / "sql" / "listing.sql")


async def commissions(
    tx: Tx,
    filters: CommissionFilter,
    *,
    offerings: Sequence[str],
    now: datetime,
    soon: datetime,
    after: tuple[datetime, UUID] | None,
    at_most: int,
) -> list[CommissionRow]:
    """What needs attention first comes first; `after` is the place and id of the last one read.

    `offerings` are those whose names match the search; `soon` is the instant until which what is due is due soon.
    """
    place, before = after or (None, None)
    asked: dict[str, Any] = {
        "phase": filters.phase,
        "holder": filters.holder,
        "offering": filters.offering,
        "risk": filters.risk,
        "now": now,
        "soon": soon,
        "place": place,
        "before": before,
        "at_most": at_most,
    }
    if filters.search is None:
        return await _QUERIES.commissions.rows(tx, CommissionRow, **asked)
    await _QUERIES.plan_by_what_is_asked.value(tx, str)
    found = _searched(filters.search, offerings)
    rows = await _QUERIES.commissions_found.rows(tx, Row, **asked, **found, most=MOST_GATHERED)
    if made(int, rows[0]["number"]) > MOST_GATHERED:
        return await _QUERIES.commissions_among_many.rows(tx, CommissionRow, **asked, **found)
    return [made(CommissionRow, row) for row in rows if row["commission"] is not None]


def _searched(search: Search, offerings: Sequence[str]) -> dict[str, Any]:
    """A search as queries ask for it; null where it cannot mean such a thing."""
    first, last = search.numbers or (None, None)
    return {
        "lows": [each.low for each in search.words],
        "highs": [each.high for each in search.words],
        "ending_low": search.ending.low if search.ending else None,
        "ending_high": search.ending.high if search.ending else None,
        "first_number": first,
        "last_number": last,
        "codes": list(search.codes),
        "offerings": list(offerings),
    }
