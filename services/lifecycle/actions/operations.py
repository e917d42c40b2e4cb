"""What ops do to commissions: previewed, carried out once by the workflow, and logged with a reason.

An entry is written and committed before the workflow is asked, and its outcome afterwards: so nothing is done without
an entry, and no connection is held while Temporal is asked. After a crash in between it stays `asked`; the same
request, sent again, asks the workflow with the same id, which is the same as asking once.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from services.lifecycle import store
from services.lifecycle.actions.dashboard import (
    CommissionDetail,
    CommissionSummary,
    read_commission_detail,
    read_commission_details,
    read_commissions_of,
)
from services.lifecycle.actions.temporal_gateway import NoWorkflowError, RefusedError, TemporalGateway
from services.lifecycle.domain.audit import AuditAction, AuditEntry, AuditOutcome
from services.lifecycle.domain.operations import (
    MAX_BULK,
    MAX_DAYS,
    MAX_REASON,
    UPDATES,
    Operation,
    Preview,
    PreviewInput,
    preview,
)
from services.lifecycle.domain.reasons import OpsReason
from services.lifecycle.workflow.messages import Cancel, CancelCause, Extend, OperationRefusal, Update
from services.lifecycle.workflow.state import CommissionState
from shared.auth.roles import Caller
from shared.contracts.commands.intake import AskApproval
from shared.contracts.commissions import ParcelMissed
from shared.contracts.production import ParcelDelivered, ParcelHandedOver, PieceMade, PromiseBooked, PromiseReleased
from shared.kernel.clock import Clock
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.kernel.text import TextRefusedError, prose
from shared.postgres.database import Database, Tx
from shared.temporal.client import TemporalAwayError

_CONCURRENT_CALLS: Final = 8


@dataclass(frozen=True)
class OperationRequest:
    """What somebody of ops asks for. `days` is for extending, the others for cancelling.

    `at_most_percent` is the share of the price that the preview named: what costs more by now is refused.
    """

    operation: Operation
    reason: str
    days: int | None = None
    cause: CancelCause | None = None
    at_most_percent: int | None = None

    @property
    def detail(self) -> dict[str, Any]:
        """What the audit log keeps besides the reason."""
        said = {"days": self.days, "cause": self.cause, "at_most_percent": self.at_most_percent}
        return {name: value for name, value in said.items() if value is not None}


@dataclass(frozen=True)
class CommissionPreview:
    """A commission, and a preview of an operation on it."""

    summary: CommissionSummary
    preview: Preview


async def read_preview(
    tx: Tx,
    caller: Caller,
    commission: UUID,
    operation: Operation,
    *,
    days: int | None,
    state: CommissionState | None,
    now: datetime,
    soon: timedelta,
    language: str,
) -> CommissionPreview:
    """Preview an operation; `state` is the workflow's own, if it was asked; the offering's title is in this language.

    Raises:
        Problem: not-found, for all but ops and for an unknown commission; validation-failed for days out of range.
    """
    _check_days(operation, days, needed=False)
    detail = await read_commission_detail(tx, caller, commission, now=now, soon=soon, language=language)
    return _previewed(detail, operation, days, state)


async def read_previews(
    tx: Tx,
    caller: Caller,
    commissions: Sequence[UUID],
    operation: Operation,
    *,
    days: int | None,
    now: datetime,
    soon: timedelta,
    language: str,
) -> Sequence[CommissionPreview]:
    """The same for several commissions at once, each once.

    Raises:
        Problem: as above, and validation-failed for none or too many.
    """
    _check_days(operation, days, needed=False)
    chosen = _distinct(commissions)
    details = await read_commission_details(tx, caller, chosen, now=now, soon=soon, language=language)
    return [_previewed(each, operation, days, None) for each in details]


def _previewed(
    detail: CommissionDetail, operation: Operation, days: int | None, state: CommissionState | None
) -> CommissionPreview:
    return CommissionPreview(detail.summary, preview(operation, _preview_input(detail, state), days=days))


async def carry_out(
    database: Database,
    gateway: TemporalGateway,
    caller: Caller,
    commission: UUID,
    asked: OperationRequest,
    *,
    key: str,
    clock: Clock,
) -> AuditEntry:
    """Carry it out, once per caller and key, and return its entry: done, or refused by the workflow.

    Raises:
        Problem: not-found; validation-failed without a reason, or with days out of range; idempotency-key-reused;
            unavailable while Temporal is away: then nobody knows, and the same request may be sent again.
    """
    return await _carry_out(database, gateway, caller, commission, _checked(asked), key=key, clock=clock)


async def carry_out_in_bulk(
    database: Database,
    gateway: TemporalGateway,
    caller: Caller,
    commissions: Sequence[UUID],
    asked: OperationRequest,
    *,
    key: str,
    clock: Clock,
) -> Sequence[AuditEntry]:
    """The same for several commissions, each with an outcome of its own; where Temporal is away it stays `asked`.

    Raises:
        Problem: not-found if there is no such commission among them: then nothing is done; and as above.
    """
    asked, chosen, slots = _checked(asked), _distinct(commissions), asyncio.Semaphore(_CONCURRENT_CALLS)
    async with database.transaction() as tx:
        await read_commissions_of(tx, caller, chosen, now=clock(), soon=timedelta(0))
    bulk = bulk_id(caller, key)

    async def one(commission: UUID) -> AuditEntry:
        async with slots:
            return await _or_asked(database, gateway, caller, commission, asked, key=key, clock=clock, bulk=bulk)

    return await asyncio.gather(*(one(each) for each in chosen))


def bulk_id(caller: Caller, key: str) -> UUID:
    """What the entries of one bulk operation have in common."""
    return uuid5(caller.person, f"bulk {key}")


async def _or_asked(
    database: Database,
    gateway: TemporalGateway,
    caller: Caller,
    commission: UUID,
    asked: OperationRequest,
    **about: Any,
) -> AuditEntry:
    try:
        return await _carry_out(database, gateway, caller, commission, asked, **about)
    except Problem as problem:
        if problem.type is not ProblemType.UNAVAILABLE:
            raise
        async with database.transaction() as tx:
            left = await store.audit_entry(tx, _id(caller, commission, asked, about["key"]))
        if left is None:
            raise
        return left


async def _carry_out(
    database: Database,
    gateway: TemporalGateway,
    caller: Caller,
    commission: UUID,
    asked: OperationRequest,
    *,
    key: str,
    clock: Clock,
    bulk: UUID | None = None,
) -> AuditEntry:
    wanted = AuditEntry(
        id=_id(caller, commission, asked, key),
        commission=commission,
        action=_ACTIONS[asked.operation],
        person=caller.person,
        at=clock(),
        reason=asked.reason,
        detail=asked.detail,
        outcome=AuditOutcome.ASKED,
        bulk=bulk,
    )
    async with database.transaction() as tx:
        entry, blocked_by = await _write_down(tx, caller, commission, wanted, asked, now=wanted.at)
    if entry.outcome is not AuditOutcome.ASKED:
        return entry
    problem = blocked_by.value if blocked_by else await _ask(gateway, commission, entry.id, asked)
    outcome = AuditOutcome.REFUSED if problem else AuditOutcome.DONE
    async with database.transaction() as tx:
        await store.conclude_audit_entry(tx, entry.id, outcome=outcome, problem=problem, at=clock())
        tx.touch(commission)
    return replace(entry, outcome=outcome, problem=problem)


async def _write_down(
    tx: Tx, caller: Caller, commission: UUID, wanted: AuditEntry, asked: OperationRequest, *, now: datetime
) -> tuple[AuditEntry, OperationRefusal | None]:
    """The entry in the log, and the reason against it, as far as one can tell here.

    A request that was asked before may have been carried out without our hearing of it. Then what speaks against it is
    its own effect, so only the workflow is asked: it knows the request.
    """
    detail = await read_commission_detail(tx, caller, commission, now=now, soon=timedelta(0))
    is_new = await store.add_audit_entry(tx, wanted)
    entry = await store.audit_entry(tx, wanted.id)
    if entry is None or (entry.reason, entry.detail) != (wanted.reason, wanted.detail):
        raise Problem(ProblemType.IDEMPOTENCY_KEY_REUSED)
    tx.touch(commission)
    return entry, preview(asked.operation, _preview_input(detail, None)).blocked_by if is_new else None


async def _ask(gateway: TemporalGateway, commission: UUID, request: UUID, asked: OperationRequest) -> str | None:
    """Ask the workflow; the slug of its refusal, if it refuses."""
    try:
        await gateway.update(commission, _update(request, asked))
    except NoWorkflowError:
        return OperationRefusal.GONE.value
    except RefusedError as error:
        return error.refusal.value
    except TemporalAwayError as error:
        raise Problem(ProblemType.UNAVAILABLE, OpsReason.OUTCOME_UNKNOWN, retry_after=5) from error
    return None


def _update(request: UUID, asked: OperationRequest) -> Update:
    """The update by which the workflow carries it out."""
    match asked.operation:
        case Operation.EXTEND:
            return Extend(request=request, by=timedelta(days=asked.days or 0))
        case Operation.CANCEL:
            cause = asked.cause or CancelCause.STUDIO
            return Cancel(request=request, cause=cause, at_most_percent=asked.at_most_percent)
        case other:
            return UPDATES[other](request=request)


_ACTIONS: Final = {operation: AuditAction(operation.value.replace("-", "_")) for operation in Operation}


def _id(caller: Caller, commission: UUID, asked: OperationRequest, key: str) -> UUID:
    return uuid5(commission, f"{caller.person} {asked.operation} {key}")


def _preview_input(detail: CommissionDetail, state: CommissionState | None) -> PreviewInput:
    facts = {type(fact) for fact in detail.log.facts}
    return PreviewInput(
        commission=detail.summary.commission,
        account=detail.account,
        gates=detail.gates,
        booked=PromiseBooked in facts,
        made=PieceMade in facts,
        handed_over=ParcelHandedOver in facts and (ParcelDelivered in facts or ParcelMissed not in facts),
        ready_by=None if PromiseReleased in facts else detail.summary.commission.ready_by,
        trouble=refused_command(state) if state else None,
        stuck=state is not None and state.trouble is not None,
        answers=state is not None,
    )


def refused_command(state: CommissionState) -> str | None:
    """The command that `try_again` would send again: a step that was refused, or a gate's approval."""
    if state.trouble is not None:
        return state.trouble.command
    return AskApproval.activity() if any(gate.refused for gate in state.gates.values()) else None


def _distinct(commissions: Sequence[UUID]) -> Sequence[UUID]:
    """Each once, in the order given."""
    chosen = list(dict.fromkeys(commissions))
    if not 0 < len(chosen) <= MAX_BULK:
        code = OpsReason.TOO_MANY_CHOSEN if chosen else OpsReason.NONE_CHOSEN
        raise invalid(FieldProblem(field="/commissions", message=Phrase(code, count=len(chosen), most=MAX_BULK)))
    return chosen


def _checked(asked: OperationRequest) -> OperationRequest:
    """The same with its reason normalised."""
    found = []
    try:
        reason = prose(asked.reason, longest=MAX_REASON, shortest=1)
    except TextRefusedError as error:
        reason = ""
        found.append(FieldProblem(field="/reason", message=error.message))
    if asked.operation is Operation.CANCEL and asked.cause is None:
        found.append(FieldProblem(field="/cause", message=OpsReason.NO_CAUSE))
    found += _days_problems(asked.operation, asked.days, needed=True)
    if found:
        raise invalid(*found)
    return _only_its_own(replace(asked, reason=reason))


def _only_its_own(asked: OperationRequest) -> OperationRequest:
    """Without what another operation would need."""
    cancelling = asked.operation is Operation.CANCEL
    return replace(
        asked,
        days=asked.days if asked.operation is Operation.EXTEND else None,
        cause=asked.cause if cancelling else None,
        at_most_percent=asked.at_most_percent if cancelling and asked.cause is CancelCause.CUSTOMER else None,
    )


def _check_days(operation: Operation, days: int | None, *, needed: bool) -> None:
    if found := _days_problems(operation, days, needed=needed):
        raise invalid(*found)


def _days_problems(operation: Operation, days: int | None, *, needed: bool) -> list[FieldProblem]:
    if operation is not Operation.EXTEND or (days is None and not needed):
        return []
    if days is None or not 1 <= days <= MAX_DAYS:
        code = OpsReason.NO_DAYS if days is None else OpsReason.DAYS_OUT_OF_RANGE
        return [FieldProblem(field="/days", message=Phrase(code, longest=MAX_DAYS))]
    return []
