"""The projection: the dashboard's read model, from all services' facts. It can be rebuilt from the first record."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from services.lifecycle import store
from services.lifecycle.actions import inbox
from services.lifecycle.actions.bench import follow_rest
from services.lifecycle.actions.dashboard import DASHBOARD
from services.lifecycle.domain.audit import audit_entry_of
from services.lifecycle.domain.dashboard import RecordedFact
from shared.contracts.commissions import BriefChanged, CommissionConfirmed, CommissionWithdrawn
from shared.contracts.fact import CommissionFact, Fact
from shared.contracts.lifecycle import CommissionEnded, CommissionEscalated, Holder, PassedPhase, Phase, PhaseEntered
from shared.contracts.payments import InvoiceIssued
from shared.contracts.production import CertificateIssued, PieceReplanned, PromiseBooked, PromiseHeld
from shared.contracts.quotes import ChangeOrderApplied, QuoteSent
from shared.postgres.database import Tx

_IN_COLUMNS: Final = {"commission", "at"}


async def project(tx: Tx, facts: Sequence[tuple[Fact, int]], *, step: timedelta, zone: ZoneInfo) -> None:
    """Project facts with their versions: what they say of commissions, and what ops did.

    A request is due after `step`, as any step of the process. `zone` is the studio's, in which days begin.
    """
    about = [(fact, version) for fact, version in facts if isinstance(fact, CommissionFact)]
    await inbox.hold(tx, (fact for fact, _ in about))
    await store.add_recorded_facts(tx, [(fact.commission, _recorded(fact, version)) for fact, version in about])
    for fact, _ in about:
        await _move(tx, fact, step)
        await follow_rest(tx, fact, zone)
        await inbox.follow(tx, fact)
        tx.touch(fact.commission)
    for entry in filter(None, (audit_entry_of(fact, version) for fact, version in facts)):
        await store.add_audit_entry(tx, entry)
    await store.bump_revision(tx)
    tx.touch(DASHBOARD)


async def _move(tx: Tx, fact: CommissionFact, step: timedelta) -> None:
    match fact:
        case CommissionConfirmed():
            await _submitted(tx, fact, step)
        case CommissionWithdrawn():
            await store.record_withdrawal(tx, fact.commission, fact.at)
        case PhaseEntered():
            await _entered(tx, fact)
        case CommissionEscalated():
            await store.record_escalation(
                tx, fact.commission, phase=fact.phase, holder=fact.holder, reason=fact.reason, at=fact.at
            )
        case CommissionEnded():
            await _begin_spans(tx, fact.commission, fact.passed)
            await store.record_end(tx, fact.commission, outcome=fact.outcome, at=fact.at)
            await store.end_spans(tx, fact.commission, phase=Phase.ENDED, holder=Holder.NOBODY, since=fact.at)
        case BriefChanged() | PromiseHeld() | PromiseBooked() | PieceReplanned() | QuoteSent() | ChangeOrderApplied():
            await _dated(tx, fact)
        case InvoiceIssued():
            for term in filter(None, (fact.number, fact.reference)):
                await store.add_search_term(tx, term, fact.commission)
        case CertificateIssued():
            await store.add_search_term(tx, fact.serial, fact.commission)
        case _:
            pass  # recorded only


async def _dated(
    tx: Tx, fact: BriefChanged | PromiseHeld | PromiseBooked | PieceReplanned | QuoteSent | ChangeOrderApplied
) -> None:
    """By which day it is needed, promised or ready."""
    if isinstance(fact, BriefChanged):
        await store.record_needed_by(tx, fact.commission, fact.needed_by)
    elif isinstance(fact, QuoteSent | ChangeOrderApplied):
        if fact.ready_by is not None:
            await store.record_promised_by(tx, fact.commission, fact.ready_by)
    else:
        await store.record_ready_by(tx, fact.commission, fact.ready_by)


async def _submitted(tx: Tx, fact: CommissionConfirmed, step: timedelta) -> None:
    await store.record_request(
        tx,
        fact.commission,
        phase=Phase.REQUESTED,
        holder=Holder.PROCESS,
        due=fact.at + step,
        craft=fact.craft,
        offering=fact.offering,
        offering_version=fact.offering_version,
        customer=fact.customer,
        needed_by=fact.needed_by,
        submitted_at=fact.at,
    )
    await store.begin_span(tx, fact.commission, 0, phase=Phase.REQUESTED, holder=Holder.PROCESS, since=fact.at)
    await store.join_spans(tx, fact.commission)


async def _entered(tx: Tx, fact: PhaseEntered) -> None:
    """An older phase than the one that is known changes nothing: the run that wrote it had been overtaken."""
    is_newest = await store.record_current_phase(
        tx,
        fact.commission,
        number=fact.number,
        phase=fact.phase,
        holder=fact.holder,
        since=fact.since,
        due=fact.due,
        paused=fact.paused,
    )
    if not is_newest:
        return
    # `at`, not `since`: that is older if only the pause or the due instant has changed.
    here = PassedPhase(number=fact.number, phase=fact.phase, holder=fact.holder, since=fact.at, paused=fact.paused)
    await _begin_spans(tx, fact.commission, (*fact.passed, here))
    await store.join_spans(tx, fact.commission)


async def _begin_spans(tx: Tx, commission: UUID, phases: Sequence[PassedPhase]) -> None:
    for each in phases:
        await store.begin_span(
            tx, commission, each.number, phase=each.phase, holder=each.holder, since=each.since, paused=each.paused
        )


def _recorded(fact: CommissionFact, version: int) -> RecordedFact:
    detail: dict[str, Any] = fact.model_dump(mode="json", exclude=_IN_COLUMNS, exclude_none=True)
    return RecordedFact(topic=fact.topic.value, version=version, type=fact.type(), at=fact.at, detail=detail)
