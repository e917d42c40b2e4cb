"""What a workflow does and waits for, as the server knows: when a test may go on without meeting it half-way."""

from collections import Counter
from datetime import UTC, datetime

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from services.lifecycle.workflow.commission import CommissionWorkflow
from services.lifecycle.workflow.state import CommissionState
from shared.contracts.lifecycle import Phase
from tests.support.counterparts import Handle, ServerClock
from tests.support.waiting import until

CANCEL_REQUESTED = EventType.EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED
GIVEN_UP = {
    EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT,
    EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_CANCELED,
}
TASK_COMPLETED = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
TIMER_FIRED = EventType.EVENT_TYPE_TIMER_FIRED
_ASKED = (EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED)
_DONE = (
    EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT,
    EventType.EVENT_TYPE_ACTIVITY_TASK_CANCELED,
    TASK_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
)


async def at_rest(handle: Handle, clock: ServerClock) -> None:
    """Wait until the workflow has taken in all that came to it, asks for nothing, and no timer of its is due.

    What was carried out is no sign of it: the workflow may not know yet, and ask for more once it does. Besides, the
    time-skipping server loses a workflow that breaks off what is done in the same moment; Temporal does not.
    """

    async def rests() -> bool:
        now = await clock()
        events = [event async for event in handle.fetch_history_events()]
        happened = Counter(event.event_type for event in events)
        asked, done = (sum(happened[kind] for kind in filters) for filters in (_ASKED, _DONE))
        return happened[TASK_COMPLETED] > 0 and asked == done and not any(_is_due(each, events, now) for each in events)

    await until("the workflow is at rest", rests)


def _is_due(timer: HistoryEvent, events: list[HistoryEvent], now: datetime) -> bool:
    """Whether this event is a timer that should have fired by now, and has not."""
    set_ = timer.timer_started_event_attributes
    if timer.event_type != EventType.EVENT_TYPE_TIMER_STARTED:
        return False
    over = {
        each.timer_fired_event_attributes.started_event_id or each.timer_canceled_event_attributes.started_event_id
        for each in events
    }
    rings = timer.event_time.ToDatetime(UTC) + set_.start_to_fire_timeout.ToTimedelta()
    return timer.event_id not in over and rings <= now


async def awaits_another_attempt(handle: Handle) -> None:
    """Wait until a command has failed, and nobody works at it until it is asked again."""

    async def waits() -> bool:
        pending = (await handle.describe()).raw_description.pending_activities
        return [each.attempt > 1 for each in pending] == [True]

    await until("a command awaits another attempt", waits)


async def broken_off(handle: Handle) -> None:
    """Wait until the workflow has asked for one of its commands to be cancelled."""

    async def asked() -> bool:
        return CANCEL_REQUESTED in {event.event_type async for event in handle.fetch_history_events()}

    await until("a command is broken off", asked, within=60)


async def given_up(handle: Handle) -> None:
    """Wait until a command has ended without an answer."""

    async def is_over() -> bool:
        return not GIVEN_UP.isdisjoint({event.event_type async for event in handle.fetch_history_events()})

    await until("a command is given up", is_over)


async def draft_mailed(handle: Handle) -> CommissionState:
    """Wait until the draft is on the desk, and that is written down."""

    async def is_on_the_desk() -> bool:
        state = await handle.query(CommissionWorkflow.state)
        return state.current is not None and state.current.phase is Phase.DESK and not state.unrecorded

    await until("the draft is on the desk", is_on_the_desk, within=60)
    return await handle.query(CommissionWorkflow.state)


async def has_rung(handle: Handle) -> None:
    """Wait until a timer of its newest run has fired, whether or not a worker is there."""

    async def fired() -> bool:
        return TIMER_FIRED in {event.event_type async for event in handle.fetch_history_events()}

    await until("the clock has rung", fired)
