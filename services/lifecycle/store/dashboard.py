"""The ops dashboard's read model: written by the projection, read by pages and API."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from services.lifecycle.domain.dashboard import MOST_COUNTED, CommissionCounts, CommissionRow, RecordedFact
from shared.contracts.lifecycle import Escalation, Holder, Outcome, Phase
from shared.kernel.search import code_of
from shared.offerings.key import OfferingKey
from shared.postgres.database import Tx
from shared.postgres.queries import Row, load, made, opened

_QUERIES = load(Path(__file__).parents[1] / "sql" / "queries.sql")


async def record_request(
    tx: Tx,
    commission: UUID,
    *,
    phase: Phase,
    holder: Holder,
    due: datetime,
    craft: str,
    offering: str,
    offering_version: int,
    customer: UUID,
    needed_by: date | None,
    submitted_at: datetime,
) -> None:
    await _QUERIES.record_request.run(
        tx,
        commission=commission,
        phase=phase,
        holder=holder,
        due=due,
        craft=craft,
        offering=offering,
        offering_version=offering_version,
        customer=customer,
        needed_by=needed_by,
        submitted_at=submitted_at,
    )


async def record_current_phase(
    tx: Tx,
    commission: UUID,
    *,
    number: int,
    phase: Phase,
    holder: Holder,
    since: datetime,
    due: datetime | None,
    paused: bool,
) -> bool:
    """Whether it is the newest that is known; an older one changes nothing."""
    recorded = await _QUERIES.record_current_phase.value_or_none(
        tx,
        UUID,
        commission=commission,
        number=number,
        phase=phase,
        holder=holder,
        since=since,
        due=due,
        paused=paused,
    )
    return recorded is not None


async def record_escalation(
    tx: Tx, commission: UUID, *, phase: Phase, holder: Holder, reason: Escalation, at: datetime
) -> None:
    await _QUERIES.record_escalation.run(tx, commission=commission, phase=phase, holder=holder, reason=reason, at=at)


async def record_needed_by(tx: Tx, commission: UUID, needed_by: date | None) -> None:
    await _QUERIES.record_needed_by.run(tx, commission=commission, needed_by=needed_by)


async def record_promised_by(tx: Tx, commission: UUID, promised_by: date) -> None:
    await _QUERIES.record_promised_by.run(tx, commission=commission, promised_by=promised_by)


async def record_ready_by(tx: Tx, commission: UUID, ready_by: date) -> None:
    await _QUERIES.record_ready_by.run(tx, commission=commission, ready_by=ready_by)


async def add_search_term(tx: Tx, term: str, commission: UUID) -> None:
    """An invoice's number, a transfer's reference or a certificate's serial, by which the commission can be found."""
    await _QUERIES.add_search_term.run(tx, term=code_of(term), commission=commission)


async def begin_span(
    tx: Tx, commission: UUID, number: int, *, phase: Phase, holder: Holder, since: datetime, paused: bool = False
) -> None:
    """`number` is the phase's own; 0 for the request, which comes before them all."""
    await _QUERIES.begin_span.run(
        tx, commission=commission, number=number, phase=phase, holder=holder, paused=paused, since=since
    )


async def end_spans(tx: Tx, commission: UUID, *, phase: Phase, holder: Holder, since: datetime) -> None:
    """From now on nobody is waited for any more."""
    await _QUERIES.begin_last_span.run(tx, commission=commission, phase=phase, holder=holder, since=since)
    await join_spans(tx, commission)


async def join_spans(tx: Tx, commission: UUID) -> None:
    """Let each span last until the next one begins."""
    await _QUERIES.join_spans.run(tx, commission=commission)


async def record_withdrawal(tx: Tx, commission: UUID, at: datetime) -> None:
    await _QUERIES.record_withdrawal.run(tx, commission=commission, at=at)


async def record_end(tx: Tx, commission: UUID, *, outcome: Outcome, at: datetime) -> None:
    await _QUERIES.record_end.run(
        tx, commission=commission, phase=Phase.ENDED, holder=Holder.NOBODY, outcome=outcome, at=at
    )


async def add_recorded_facts(tx: Tx, facts: Sequence[tuple[UUID, RecordedFact]]) -> None:
    """Facts by their commission."""
    await _QUERIES.add_recorded_facts.run(
        tx,
        commissions=[commission for commission, _ in facts],
        topics=[each.topic for _, each in facts],
        versions=[each.version for _, each in facts],
        types=[each.type for _, each in facts],
        instants=[each.at for _, each in facts],
        details=[json.dumps(each.detail) for _, each in facts],
    )


async def bump_revision(tx: Tx) -> None:
    await _QUERIES.bump_revision.run(tx)


async def dashboard_revision(tx: Tx, now: datetime, soon: datetime) -> str:
    return await _QUERIES.dashboard_revision.value(tx, str, now=now, soon=soon)


async def commission_revision(tx: Tx, commission: UUID, now: datetime) -> str:
    return await _QUERIES.commission_revision.value(tx, str, commission=commission, now=now)


async def offerings(tx: Tx) -> list[OfferingKey]:
    """The offerings that there are commissions of, each with its newest version here."""
    return await _QUERIES.offerings.rows(tx, OfferingKey)


async def offerings_of(tx: Tx, commissions: Collection[UUID]) -> dict[UUID, OfferingKey]:
    """The offering of each of these commissions, as far as its request is here."""
    rows = await _QUERIES.offerings_of.rows(tx, tuple[UUID, str, str, int], commissions=list(commissions))
    return {commission: OfferingKey(craft, offering, version) for commission, craft, offering, version in rows}


async def commissions_of(tx: Tx, commissions: Sequence[UUID]) -> dict[UUID, CommissionRow]:
    """Those of these that there are."""
    rows = await _QUERIES.commissions_of.rows(tx, CommissionRow, commissions=commissions)
    return {row.commission: row for row in rows}


async def counts(tx: Tx, now: datetime, soon: datetime) -> CommissionCounts:
    return await _QUERIES.counts.row(tx, CommissionCounts, now=now, soon=soon, most=MOST_COUNTED)


async def facts(tx: Tx, commissions: Sequence[UUID]) -> Mapping[UUID, Sequence[RecordedFact]]:
    """By commission, oldest first."""
    found: dict[UUID, list[RecordedFact]] = {commission: [] for commission in commissions}
    for row in await _QUERIES.facts.rows(tx, Row, commissions=commissions):
        found[made(UUID, row["commission"])].append(made(RecordedFact, opened(row, "detail")))
    return found
