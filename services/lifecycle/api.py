"""HTTP in, as JSON: where every commission stands, for ops."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from services.lifecycle import actions
from services.lifecycle.actions.parked import LONGEST_REASON
from services.lifecycle.domain.life import Trouble
from services.lifecycle.domain.passing import Passed
from services.lifecycle.domain.room import Happening, Risk
from services.lifecycle.settings import Settings
from shared.auth.roles import Caller, Role
from shared.contracts.lifecycle import Holder, Outcome, Stage
from shared.kernel.problems import ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.idempotency import Answer, IdempotencyKey, once
from shared.web.openapi import problems
from shared.web.pagination import AskedPage, Page, Position, paged

Ops = Annotated[Caller, Allow(Role.OPS)]
OpsOfOne = Annotated[Caller, Allow(Role.OPS, of="commission")]


class CommissionShown(BaseModel):
    """Where a commission stands. What came with its request is null until that fact has arrived here."""

    commission: UUID
    craft: str | None
    craft_version: int | None
    customer: UUID | None
    stage: Stage
    holder: Holder = Field(description="Whose move it is.")
    since: datetime
    due: datetime | None = Field(description="When somebody should have moved it on.")
    risk: Risk
    needed_by: date | None = Field(description="A day in the studio's zone.")
    submitted_at: datetime | None
    withdrawn_at: datetime | None
    outcome: Outcome | None
    ended_at: datetime | None


class HappeningShown(BaseModel):
    """One fact, by ids, enums, amounts and times."""

    topic: str
    version: int
    type: str
    at: datetime
    detail: dict[str, Any]
    passed: Passed | None = Field(description="What the bridge to the workflow did with it; null if it is none of its.")


class StoryShown(CommissionShown):
    """A commission with all that happened to it, oldest first."""

    happenings: list[HappeningShown]
    lost_at: datetime | None = Field(description="When its workflow turned out to be gone without an end.")


class WorkflowShown(BaseModel):
    """What the commission's workflow itself says. `answers` is false while it cannot be asked, and once it is over."""

    answers: bool
    trouble: Trouble | None = None
    heard: dict[str, int] = Field(default={}, description="The newest version that it has heard of each topic.")
    waiting: dict[str, list[int]] = Field(default={}, description="Versions that wait for one before them.")


class ParkedShown(BaseModel):
    """A record that could not take effect here, and waits for a decision."""

    id: int
    inbox: str
    topic: str
    key: str
    version: int | None
    reason: str
    detail: str
    state: str = Field(description="`waiting` for a decision, or about to `replay`.")
    parked_at: datetime


class Decided(BaseModel):
    """What becomes of a parked record, and why."""

    model_config = ConfigDict(extra="forbid")

    decision: actions.Decision
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


def router(kernel: Kernel[Settings]) -> APIRouter:
    api = APIRouter(tags=["commissions"])
    soon = kernel.settings.soon
    lives = actions.Lives(kernel.temporal, kernel.settings.prefix)

    @api.get("/commissions")
    async def commissions(
        paging: AskedPage,
        caller: Ops,
        stage: Annotated[Stage | None, Query(description="Only commissions at this stage.")] = None,
        holder: Annotated[Holder | None, Query(description="Only commissions that wait for this one.")] = None,
    ) -> Page[CommissionShown]:
        """Every commission: what is due first comes first, so that the late ones are at the head."""
        after = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            found = await actions.read_commissions(
                tx,
                caller,
                stage=stage,
                holder=holder,
                after=after,
                at_most=paging.fetch,
                now=kernel.clock(),
                soon=soon,
            )
        listed = [(Position(each.commission.place, each.commission.commission), _shown(each)) for each in found]
        return paged(listed, paging)

    @api.get("/commissions/{commission}")
    async def commission(commission: UUID, caller: OpsOfOne) -> StoryShown:
        """Where one commission stands, and what happened to it."""
        async with kernel.database.transaction() as tx:
            shown = await actions.read_commission(tx, caller, commission, now=kernel.clock(), soon=soon)
            story = await actions.read_story(tx, caller, commission)
        return StoryShown(
            **_shown(shown).model_dump(),
            happenings=[_happening(each) for each in story.happenings],
            lost_at=story.lost_at,
        )

    @api.get("/commissions/{commission}/workflow")
    async def workflow(commission: UUID, caller: OpsOfOne) -> WorkflowShown:
        """What its workflow itself says, which is asked for it."""
        async with kernel.database.transaction() as tx:
            await actions.read_commission(tx, caller, commission, now=kernel.clock(), soon=soon)
        progress = await actions.ask_progress(lives, caller, commission)
        if progress is None:
            return WorkflowShown(answers=False)
        waiting = {topic: sorted(versions) for topic, versions in progress.heard.waiting.items()}
        return WorkflowShown(answers=True, trouble=progress.trouble, heard=progress.heard.versions, waiting=waiting)

    @api.post("/commissions/{commission}/try-again", status_code=204, responses=problems(ProblemType.CONFLICT))
    async def try_again(commission: UUID, caller: OpsOfOne, key: IdempotencyKey) -> Response:
        """Have a step tried again that its service had refused, once things are put right there."""

        async def act() -> Answer:
            await actions.try_again(
                tx, lives, caller, commission, request=uuid5(commission, key.key), now=kernel.clock()
            )
            return Answer(204, {})

        async with kernel.database.transaction() as tx:
            await once(tx, key.of({}), act)
        return Response(status_code=204)

    @api.get("/parked")
    async def parked(
        caller: Ops, limit: Annotated[int, Query(ge=1, le=100, description="How many at most.")] = 100
    ) -> list[ParkedShown]:
        """The records that wait for a decision in this service's inboxes, in the order they were parked."""
        async with kernel.database.transaction() as tx:
            found = await actions.parked_here(tx, caller, at_most=limit)
        return [ParkedShown(**asdict(each)) for each in found]

    @api.post("/parked/{record}", status_code=204, responses=problems(ProblemType.CONFLICT))
    async def decide(
        record: Annotated[int, Path(ge=1, le=2**63 - 1)], decided: Decided, caller: Ops, key: IdempotencyKey
    ) -> Response:
        """Have a record tried once more, or drop it for good; the first one of its key first."""

        async def act() -> Answer:
            await actions.decide(tx, caller, record, decided.decision, decided.reason)
            return Answer(204, {})

        async with kernel.database.transaction() as tx:
            await once(tx, key.of(decided), act)
        return Response(status_code=204)

    return api


def _shown(shown: actions.Shown) -> CommissionShown:
    return CommissionShown(**asdict(shown.commission), risk=shown.risk)


def _happening(happening: Happening) -> HappeningShown:
    return HappeningShown(**asdict(happening))
