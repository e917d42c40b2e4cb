"""A workflow's own history: its commands and timers, read on request and bounded in length and time."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

from temporalio.api.enums.v1 import EventType
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowExecutionDescription
from temporalio.service import RPCError

from services.lifecycle.actions.temporal_gateway import TemporalGateway
from services.lifecycle.domain.timeline import HistoryStep, StepState, TimelineKind, WorkflowHistory
from shared.auth.roles import Caller, Role
from shared.kernel.problems import not_found
from shared.temporal.client import TemporalAwayError

_MAX_EVENTS: Final = 2_000
"""A plain commission has some two hundred; Temporal's own pages have the rest."""

_TIMEOUT: Final = 2.0
"""Seconds that a person waits for this part of a page."""

Steps: TypeAlias = dict[int, HistoryStep]
"""By the number of the event that began each."""


async def read_history(gateway: TemporalGateway, caller: Caller, commission: UUID) -> WorkflowHistory | None:
    """The commands and timers of its workflow; None if Temporal does not answer now or does not know it.

    Raises:
        Problem: not-found, for all but ops.
    """
    if caller.role is not Role.OPS:
        raise not_found()
    try:
        async with asyncio.timeout(_TIMEOUT):
            return await _read(await gateway.temporal.client(), gateway.id_of(commission))
    except (TimeoutError, TemporalAwayError, RPCError):
        return None


async def _read(client: Client, workflow: str) -> WorkflowHistory:
    """The newest run and, as far as the limit goes, those that it continues."""
    described = await client.get_workflow_handle(workflow).describe()
    runs, events, run = list[Steps](), 0, described.run_id
    while run and events < _MAX_EVENTS:
        steps, before = Steps(), ""
        async for event in _events(client, workflow, run, _MAX_EVENTS - events):
            events += 1
            before = before or event.workflow_execution_started_event_attributes.continued_execution_run_id
            _take(steps, event)
        runs, run = [steps, *runs], before
    attempts = _attempts(described)
    steps_read = [_with_attempts(step, attempts) for steps in runs for step in steps.values()]
    return WorkflowHistory(steps_read, events, complete=events < _MAX_EVENTS)


async def _events(client: Client, workflow: str, run: str, at_most: int) -> AsyncIterator[HistoryEvent]:
    read = 0
    async for event in client.get_workflow_handle(workflow, run_id=run).fetch_history_events():
        if read == at_most:
            return
        read += 1
        yield event


def _take(steps: Steps, event: HistoryEvent) -> None:
    """Note what an event begins, or what came of what an earlier one began."""
    began, at = event.event_id, _instant(event.event_time)
    match event.event_type:
        case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            asked = event.activity_task_scheduled_event_attributes
            steps[began] = HistoryStep(TimelineKind.COMMAND, asked.activity_type.name, at)
        case EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED:
            tried = event.activity_task_started_event_attributes
            steps[tried.scheduled_event_id] = replace(steps[tried.scheduled_event_id], attempts=tried.attempt)
        case EventType.EVENT_TYPE_TIMER_STARTED:
            timer = event.timer_started_event_attributes
            steps[began] = HistoryStep(
                TimelineKind.TIMER, "Timer", at, due=at + timer.start_to_fire_timeout.ToTimedelta()
            )
        case kind if kind in _ENDINGS:
            begun, state, problem = _ENDINGS[kind](event)
            steps[begun] = replace(steps[begun], state=state, ended_at=at, problem=problem)
        case _:
            pass  # what people did comes as facts; the rest is Temporal's own


def _ended(attributes: str, begun: str, state: StepState) -> Any:
    """Reads of an event which step it ends, and how."""

    def read(event: HistoryEvent) -> tuple[int, StepState, str | None]:
        said = getattr(event, attributes)
        failure = said.failure if "failure" in said.DESCRIPTOR.fields_by_name else None
        return getattr(said, begun), state, _problem(failure) if failure else None

    return read


_ACTIVITY: Final = "activity_task_{}_event_attributes"
_ENDINGS: Final[Mapping[int, Any]] = {
    EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED: _ended(
        _ACTIVITY.format("completed"), "scheduled_event_id", StepState.DONE
    ),
    EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED: _ended(
        _ACTIVITY.format("failed"), "scheduled_event_id", StepState.REFUSED
    ),
    EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT: _ended(
        _ACTIVITY.format("timed_out"), "scheduled_event_id", StepState.REFUSED
    ),
    EventType.EVENT_TYPE_ACTIVITY_TASK_CANCELED: _ended(
        _ACTIVITY.format("canceled"), "scheduled_event_id", StepState.CANCELLED
    ),
    EventType.EVENT_TYPE_TIMER_FIRED: _ended("timer_fired_event_attributes", "started_event_id", StepState.DONE),
    EventType.EVENT_TYPE_TIMER_CANCELED: _ended(
        "timer_canceled_event_attributes", "started_event_id", StepState.CANCELLED
    ),
}


def _problem(failure: Failure) -> str:
    """The slug of what a service refused with."""
    innermost = failure.cause if failure.HasField("cause") else failure
    return innermost.application_failure_info.type or "timed-out"


def _attempts(described: WorkflowExecutionDescription) -> Mapping[str, int]:
    """How often each command that is still under way was tried: its history does not say so before its end."""
    pending: Sequence[Any] = described.raw_description.pending_activities
    return {each.activity_type.name: each.attempt for each in pending}


def _with_attempts(step: HistoryStep, attempts: Mapping[str, int]) -> HistoryStep:
    if step.state is StepState.RUNNING and step.name in attempts:
        return replace(step, attempts=attempts[step.name])
    return step


def _instant(stamp: Any) -> datetime:
    """Of a protobuf timestamp."""
    instant: datetime = stamp.ToDatetime(tzinfo=UTC)
    return instant
