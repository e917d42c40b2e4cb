"""The list of commissions: all of a kind, or those that a search finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from services.lifecycle.domain.dashboard import CommissionFilter, CommissionRow
from services.lifecycle.domain.search import MOST_GATHERED, MOST_GATHERED_AFTER_ALL, MOST_WALKED
from shared.kernel.search import CommissionSearch
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parents[1] / "sql" / "listing.sql")
_NOTHING: Final = dict.fromkeys(("among", "walk", "offerings", *CommissionSearch("").parameters))
"""What the query is asked for besides where nothing is searched."""


@dataclass(frozen=True)
class _Gathered:
    """What a search finds; None where it finds more than were gathered."""

    number: int
    commissions: Sequence[UUID] | None


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
        return await _listed(tx, asked)
    await _QUERIES.plan_by_what_is_asked.value(tx, str)
    searched = {**filters.search.parameters, "offerings": list(offerings)}
    return await _found(tx, asked, searched, at_most)


async def _found(tx: Tx, asked: Mapping[str, Any], searched: Mapping[str, Any], at_most: int) -> list[CommissionRow]:
    """What a search finds: gathered, if that is not too much. Very many are met early, or ended long ago."""
    if (few := await _gathered(tx, searched, MOST_GATHERED)) is not None:
        return await _listed(tx, asked, among=few)
    near = await _listed(tx, asked, **searched, walk=MOST_WALKED)
    if len(near) >= at_most:
        return near
    if (many := await _gathered(tx, searched, MOST_GATHERED_AFTER_ALL)) is not None:
        return await _listed(tx, asked, among=many)
    return await _listed(tx, asked, **searched)


async def _gathered(tx: Tx, searched: Mapping[str, Any], most: int) -> Sequence[UUID] | None:
    """All that a search finds; None if that is more than `most`."""
    found = await _QUERIES.gathered.row(tx, _Gathered, **searched, most=most)
    return (found.commissions or []) if found.number <= most else None


async def _listed(tx: Tx, asked: Mapping[str, Any], **narrowed: Any) -> list[CommissionRow]:
    return await _QUERIES.commissions.rows(tx, CommissionRow, **{**_NOTHING, **asked, **narrowed})
