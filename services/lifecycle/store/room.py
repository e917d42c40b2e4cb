"""The ops room's read model: written by the projection, read by pages and API."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from services.lifecycle.domain.passing import Passed
from services.lifecycle.domain.room import Commission, Counts, Happening, Kinds
from shared.contracts.lifecycle import Escalation, Holder, Outcome, Phase
from shared.offerings.key import OfferingKey
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES: Any = load(Path(__file__).parents[1] / "sql" / "queries.sql")


async def note_request(
    tx: Tx,
    commission: UUID,
    *,
    stage: Phase,
    holder: Holder,
    due: datetime,
    craft: str,
    offering: str,
    offering_version: int,
    customer: UUID,
    needed_by: date | None,
    submitted_at: datetime,
) -> None:
    await _QUERIES.note_request(
        tx.connection,
        commission=commission,
        stage=stage,
        holder=holder,
        due=due,
        craft=craft,
        offering=offering,
        offering_version=offering_version,
        customer=customer,
        needed_by=needed_by,
        submitted_at=submitted_at,
    )


async def note_stage(
    tx: Tx, commission: UUID, *, stage: Phase, holder: Holder, since: datetime, due: datetime | None, paused: bool
) -> None:
    await _QUERIES.note_stage(
        tx.connection, commission=commission, stage=stage, holder=holder, since=since, due=due, paused=paused
    )


async def note_escalation(
    tx: Tx, commission: UUID, *, stage: Phase, holder: Holder, reason: Escalation, at: datetime
) -> None:
    await _QUERIES.note_escalation(
        tx.connection, commission=commission, stage=stage, holder=holder, reason=reason, at=at
    )


async def note_ready_by(tx: Tx, commission: UUID, ready_by: date) -> None:
    await _QUERIES.note_ready_by(tx.connection, commission=commission, ready_by=ready_by)


async def add_name(tx: Tx, name: str, commission: UUID) -> None:
    """An invoice's number or a certificate's serial, by which the commission can be found."""
    await _QUERIES.add_name(tx.connection, name=name, commission=commission)


async def add_span(
    tx: Tx, commission: UUID, version: int, *, stage: Phase, holder: Holder, since: datetime, paused: bool = False
) -> None:
    """`version` is that of the fact on lifecycle's own topic; 0 for the request, which comes before them all."""
    await _QUERIES.begin_span(
        tx.connection, commission=commission, version=version, stage=stage, holder=holder, paused=paused, since=since
    )
    await _QUERIES.join_spans(tx.connection, commission=commission)


async def note_withdrawal(tx: Tx, commission: UUID, at: datetime) -> None:
    await _QUERIES.note_withdrawal(tx.connection, commission=commission, at=at)


async def note_end(tx: Tx, commission: UUID, *, outcome: Outcome, at: datetime) -> None:
    await _QUERIES.note_end(
        tx.connection, commission=commission, stage=Phase.ENDED, holder=Holder.NOBODY, outcome=outcome, at=at
    )


async def add_happenings(tx: Tx, happenings: Sequence[tuple[UUID, Happening]]) -> None:
    """Facts by their commission."""
    await _QUERIES.add_happenings(
        tx.connection,
        commissions=[commission for commission, _ in happenings],
        topics=[each.topic for _, each in happenings],
        versions=[each.version for _, each in happenings],
        types=[each.type for _, each in happenings],
        instants=[each.at for _, each in happenings],
        details=[json.dumps(each.detail) for _, each in happenings],
    )


async def turn_revision(tx: Tx) -> None:
    await _QUERIES.turn_revision(tx.connection)


async def room_revision(tx: Tx, now: datetime, soon: datetime) -> str:
    text: str = await _QUERIES.room_revision(tx.connection, now=now, soon=soon)
    return text


async def story_revision(tx: Tx, commission: UUID, now: datetime) -> str:
    text: str = await _QUERIES.story_revision(tx.connection, commission=commission, now=now)
    return text


async def commissions(
    tx: Tx,
    kinds: Kinds,
    *,
    offerings: Sequence[str],
    now: datetime,
    soon: datetime,
    after: tuple[datetime, UUID] | None,
    at_most: int,
) -> list[Commission]:
    """What wants somebody's eye first comes first; `after` is the place and id of the last one read.

    `offerings` are those whose names hold what is sought; `soon` is the instant until which what is due is due soon.
    """
    place, before = after or (None, None)
    rows = _QUERIES.commissions(
        tx.connection,
        stage=kinds.stage,
        holder=kinds.holder,
        offering=kinds.offering,
        risk=kinds.risk,
        ending=kinds.sought.ending if kinds.sought else None,
        name=kinds.sought.name if kinds.sought else None,
        offerings=offerings,
        now=now,
        soon=soon,
        place=place,
        before=before,
        at_most=at_most,
    )
    return [_commission(row) async for row in rows]


async def offerings(tx: Tx) -> list[OfferingKey]:
    """The offerings that there are commissions of, each with its newest version here."""
    return [OfferingKey(**row) async for row in _QUERIES.offerings(tx.connection)]


async def commission(tx: Tx, commission: UUID) -> Commission | None:
    row = await _QUERIES.commission(tx.connection, commission=commission)
    return _commission(row) if row else None


async def counts(tx: Tx, now: datetime, soon: datetime) -> Counts:
    return Counts(**await _QUERIES.counts(tx.connection, now=now, soon=soon))


async def happenings(tx: Tx, commission: UUID) -> list[Happening]:
    return [_happening(row) async for row in _QUERIES.happenings(tx.connection, commission=commission)]


def _commission(row: Any) -> Commission:
    outcome, escalation = row["outcome"], row["escalation"]
    return Commission(
        **{
            **row,
            "stage": Phase(row["stage"]),
            "holder": Holder(row["holder"]),
            "outcome": Outcome(outcome) if outcome else None,
            "escalation": Escalation(escalation) if escalation else None,
        }
    )


def _happening(row: Any) -> Happening:
    passed = row["passed"]
    return Happening(**{**row, "detail": json.loads(row["detail"]), "passed": Passed(passed) if passed else None})
