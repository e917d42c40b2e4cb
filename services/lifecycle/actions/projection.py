"""The projection: what the ops room knows, from the facts of all services. It can be rebuilt from the first record."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from services.lifecycle import store
from services.lifecycle.actions.room import ROOM
from services.lifecycle.domain.room import Happening
from shared.contracts.commissions import CommissionSubmitted, CommissionWithdrawn
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import CommissionEnded, CommissionEscalated, Holder, Phase, PhaseEntered
from shared.contracts.payments import InvoiceIssued
from shared.contracts.production import CertificateIssued, PieceReplanned, PromiseBooked, PromiseHeld
from shared.postgres.database import Tx

_KNOWN_WITHOUT_SAYING: Final = {"commission", "at"}


async def project(tx: Tx, facts: Sequence[tuple[CommissionFact, int]], *, step: timedelta) -> None:
    """Take in facts with their versions. A request nobody acts upon is due after `step`, as any step of the process."""
    await store.add_happenings(tx, [(fact.commission, _happening(fact, version)) for fact, version in facts])
    for fact, version in facts:
        await _move(tx, fact, version, step)
        tx.touch(fact.commission)
    await store.turn_revision(tx)
    tx.touch(ROOM)


async def _move(tx: Tx, fact: CommissionFact, version: int, step: timedelta) -> None:
    match fact:
        case CommissionSubmitted():
            await _submitted(tx, fact, step)
        case CommissionWithdrawn():
            await store.note_withdrawal(tx, fact.commission, fact.at)
        case PhaseEntered():
            await _entered(tx, fact, version)
        case CommissionEscalated():
            await store.note_escalation(
                tx, fact.commission, stage=fact.phase, holder=fact.holder, reason=fact.reason, at=fact.at
            )
        case CommissionEnded():
            await store.note_end(tx, fact.commission, outcome=fact.outcome, at=fact.at)
            await store.add_span(tx, fact.commission, version, stage=Phase.ENDED, holder=Holder.NOBODY, since=fact.at)
        case PromiseHeld() | PromiseBooked() | PieceReplanned():
            await store.note_ready_by(tx, fact.commission, fact.ready_by)
        case InvoiceIssued():
            await store.add_name(tx, fact.number, fact.commission)
        case CertificateIssued():
            await store.add_name(tx, fact.serial, fact.commission)
        case _:
            pass  # it happened, and moves nobody


async def _submitted(tx: Tx, fact: CommissionSubmitted, step: timedelta) -> None:
    await store.note_request(
        tx,
        fact.commission,
        stage=Phase.REQUESTED,
        holder=Holder.PROCESS,
        due=fact.at + step,
        craft=fact.craft,
        offering=fact.offering,
        offering_version=fact.offering_version,
        customer=fact.customer,
        needed_by=fact.needed_by,
        submitted_at=fact.at,
    )
    await store.add_span(tx, fact.commission, 0, stage=Phase.REQUESTED, holder=Holder.PROCESS, since=fact.at)


async def _entered(tx: Tx, fact: PhaseEntered, version: int) -> None:
    await store.note_stage(
        tx,
        fact.commission,
        stage=fact.phase,
        holder=fact.holder,
        since=fact.since,
        due=fact.due,
        paused=fact.paused,
    )
    # From when it stood so: `since` is older where only the pause or what is due has changed.
    await store.add_span(
        tx, fact.commission, version, stage=fact.phase, holder=fact.holder, since=fact.at, paused=fact.paused
    )


def _happening(fact: CommissionFact, version: int) -> Happening:
    detail: dict[str, Any] = fact.model_dump(mode="json", exclude=_KNOWN_WITHOUT_SAYING, exclude_none=True)
    return Happening(topic=fact.topic.value, version=version, type=fact.type(), at=fact.at, detail=detail)
