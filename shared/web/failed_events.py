"""Failed events of a service: what its inboxes could not handle, for ops to replay or drop, as JSON and as a page.

Each service has its own, since nobody else reaches its tables; each page leads to the others. Who decided, and why, is
kept with the event, and logged without the reason.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Form, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from shared.auth.roles import Caller, Role
from shared.contracts.fact import Topic
from shared.inbox import parked
from shared.inbox.parked import NotFirstError, NotParkedError, Parked
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid, not_found
from shared.kernel.text import Prose, TextRefusedError, prose
from shared.postgres.database import Tx
from shared.runtime.logs import get_logger
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.idempotency import Answer, IdempotencyKey, once, request_key
from shared.web.openapi import problems
from shared.web.reasons import RequestReason
from shared.web.templates import Pages, Templates

PLACES: Final[Mapping[str, str]] = {
    "lifecycle": "/ops/failed-events",
    "intake": "/failed-events",
    "quotes": "/quotes/failed-events",
    "production": "/bench/failed-events",
    "notify": "/mails/failed-events",
}
"""The page of each service."""
SHOWN: Final = 100
"""With more than these, `touchmark parked` is the tool."""
LONGEST_REASON: Final = 500
_MOST_WAITING: Final = 1_000
_ABOUT_A_COMMISSION: Final = frozenset(
    {
        *(Topic.COMMISSIONS, Topic.BRIEFS, Topic.QUOTES, Topic.PAYMENTS, Topic.PRODUCTION, Topic.NOTIFICATIONS),
        Topic.LIFECYCLE,
    }
)

Ops = Annotated[Caller, Allow(Role.OPS)]
RecordId = Annotated[int, Path(ge=1, le=2**63 - 1)]

log = get_logger(__name__)


class Decision(StrEnum):
    """What to do with a failed event."""

    REPLAY = "replay"
    """Handle it once more."""
    DROP = "drop"
    """Give it up; those behind it are handled."""


class FailedEventDecision(BaseModel):
    """What to do with a failed event, and why."""

    model_config = ConfigDict(extra="forbid")

    decision: Decision
    reason: Annotated[str, Prose(longest=LONGEST_REASON)]


class FailedEventRead(BaseModel):
    """A record that could not be handled here, and waits for a decision."""

    id: int
    inbox: str
    topic: str
    key: str
    version: int | None
    reason: str
    detail: str
    state: str = Field(description="`waiting` for a decision, or about to `replay`.")
    parked_at: datetime


Recorded: TypeAlias = Callable[[Tx, Caller, Parked, FailedEventDecision], Awaitable[None]]
"""What a service records of a decision besides, in the same transaction."""


def commission_of(record: Parked) -> UUID | None:
    """The commission that a failed event is about; None where it is about something else, or its key cannot be read."""
    if record.topic not in _ABOUT_A_COMMISSION:
        return None
    try:
        return UUID(record.key)
    except ValueError:
        return None


async def decide(
    tx: Tx, caller: Caller, record: int, decided: FailedEventDecision, recorded: Recorded | None = None
) -> None:
    """Replay or drop a record; who did so and why stays beside it.

    Raises:
        Problem: not-found, validation-failed without a reason, conflict where another of its key comes first.
    """
    reason = _reason(decided.reason)
    found = next((each for each in await parked.waiting(tx, at_most=_MOST_WAITING) if each.id == record), None)
    carry_out = {Decision.REPLAY: parked.replay, Decision.DROP: parked.drop}[decided.decision]
    try:
        await carry_out(tx, record, by=str(caller.person), note=reason)
    except NotParkedError as error:
        raise not_found(RequestReason.NOT_WAITING) from error
    except NotFirstError as error:
        raise Problem(ProblemType.CONFLICT, Phrase(RequestReason.NOT_FIRST, first=error.first)) from error
    log.info("failed_event_decided", record=record, decision=decided.decision.value, by=str(caller.person))
    if found and recorded:
        await recorded(tx, caller, found, decided.model_copy(update={"reason": reason}))


def api(kernel: Kernel[Any], recorded: Recorded | None = None) -> APIRouter:
    """`/failed-events`, below the service's prefix."""
    routes = APIRouter(tags=["failed events"])

    @routes.get("/failed-events")
    async def failed_events(
        _: Ops, limit: Annotated[int, Query(ge=1, le=100, description="How many at most.")] = 100
    ) -> list[FailedEventRead]:
        """The failed events of this service's inboxes that wait for a decision, in the order they failed."""
        return [FailedEventRead(**asdict(each)) for each in await _waiting(kernel, limit)]

    @routes.post("/failed-events/{record}", status_code=204, responses=problems(ProblemType.CONFLICT))
    async def decide_failed_event(
        record: RecordId, decided: FailedEventDecision, caller: Ops, key: IdempotencyKey
    ) -> Response:
        """Replay a failed event, or drop it for good; the first of its key first."""

        async def act() -> Answer:
            await decide(tx, caller, record, decided, recorded)
            return Answer(204, {})

        async with kernel.database.transaction() as tx:
            await once(tx, key.of(decided), act)
        return Response(status_code=204)

    return routes


def page(kernel: Kernel[Any], recorded: Recorded | None = None) -> APIRouter:
    """The same for people, at the service's place."""
    routes, place = APIRouter(), PLACES[kernel.name]

    async def show(
        request: Request, templates: Templates, form: FormState | None = None, problem: Problem | None = None
    ) -> HTMLResponse:
        found = [(each, commission_of(each)) for each in await _waiting(kernel, SHOWN)]
        context = {"failed": found, "form": form, "place": place, "places": PLACES, "service": kernel.name}
        return templates.page(request, "failed_events.html", context, problem=problem)

    @routes.get(place)
    async def failed_events(request: Request, _: Ops, templates: Pages) -> HTMLResponse:
        return await show(request, templates)

    @routes.post(f"{place}/{{record}}")
    async def decide_failed_event(
        request: Request,
        record: RecordId,
        caller: Ops,
        templates: Pages,
        sent: Annotated[Sent[FailedEventDecision], Form()],
    ) -> Response:
        form = sent.form
        key = request_key(caller, f"POST {request.url.path}", form.key)

        async def act() -> Answer:
            given = sent.read({"decision": RequestReason.NO_DECISION})
            await decide(tx, caller, record, given, recorded)
            return Answer(303, {"to": place})

        try:
            async with kernel.database.transaction() as tx:
                await once(tx, key.of(form.asked), act)
        except Problem as problem:
            if problem.type is not ProblemType.VALIDATION_FAILED:
                raise
            return await show(request, templates, form.with_problem(problem), problem)
        return RedirectResponse(place, 303)

    return routes


async def _waiting(kernel: Kernel[Any], at_most: int) -> Sequence[Parked]:
    async with kernel.database.transaction() as tx:
        return await parked.waiting(tx, at_most=at_most)


def _reason(said: str) -> str:
    try:
        return prose(said, longest=LONGEST_REASON, shortest=1)
    except TextRefusedError as error:
        raise invalid(FieldProblem(field="reason", message=error.message)) from error
