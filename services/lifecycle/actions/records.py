"""Lifecycle's own small commands: the workflow has what it enters, reminds of and ends recorded and published."""

from services.lifecycle import store
from shared.contracts.commands.command import Done
from shared.contracts.commands.lifecycle import RecordEnd, RecordEscalation, RecordPhase, RecordReminder
from shared.contracts.lifecycle import CommissionEnded, CommissionEscalated, CommissionReminded, PhaseEntered
from shared.outbox import publish
from shared.postgres.database import Tx
from shared.runtime.metrics import METRICS

_ESCALATIONS = METRICS.counter("touchmark_escalations_total", "Commissions that ops should look at.", ("reason",))


async def record_phase(tx: Tx, command: RecordPhase) -> Done:
    """Tell that the commission waits in a phase."""
    fact = PhaseEntered(
        commission=command.commission,
        number=command.number,
        phase=command.phase,
        holder=command.holder,
        since=command.since,
        due=command.due,
        paused=command.paused,
        at=command.at,
        passed=command.passed,
    )
    await publish(tx, [fact])
    return Done()


async def record_reminder(tx: Tx, command: RecordReminder) -> Done:
    """Tell that somebody should act."""
    fact = CommissionReminded(
        commission=command.commission,
        number=command.number,
        phase=command.phase,
        holder=command.holder,
        due=command.due,
        quote_version=command.quote_version,
        approval=command.approval,
        at=command.at,
    )
    await publish(tx, [fact])
    return Done()


async def record_escalation(tx: Tx, command: RecordEscalation) -> Done:
    """Tell that ops should look at the commission."""
    fact = CommissionEscalated(
        commission=command.commission,
        phase=command.phase,
        holder=command.holder,
        reason=command.reason,
        number=command.number,
        due=command.due,
        event_topic=command.event_topic,
        event_version=command.event_version,
        at=command.at,
    )
    await publish(tx, [fact])
    _ESCALATIONS.labels(command.reason.value).inc()
    return Done()


async def record_end(tx: Tx, command: RecordEnd) -> Done:
    """Remember the end for good, set apart what came too late for it, and tell."""
    await store.end_workflow(tx, command.commission, command.outcome, command.counted, command.at)
    await store.mark_too_late(tx, command.commission)
    tx.touch(command.commission)
    fact = CommissionEnded(
        commission=command.commission,
        outcome=command.outcome,
        refund=command.refund,
        at=command.at,
        passed=command.passed,
    )
    await publish(tx, [fact])
    return Done()
