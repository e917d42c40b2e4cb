"""Commissions."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import commissions, crafts, pictures
from services.intake.actions.commissions import Listed
from services.intake.actions.commissions import Page as Found
from services.intake.api.images import PICTURE
from services.intake.api.images import answer as picture_answer
from services.intake.domain.briefs import under
from services.intake.domain.commissions import Commission, State
from services.intake.domain.pictures import check_count
from services.intake.domain.timeline import Mark
from services.intake.settings import Settings
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import WithdrawalReason
from shared.contracts.lifecycle import Holder, Outcome
from shared.kernel.calendar import day_of
from shared.kernel.problems import Problem, ProblemType
from shared.runtime import faults
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.idempotency import IdempotencyKey
from shared.web.openapi import problems
from shared.web.pagination import AskedPage, Page, Position, paged

_MOST_ANSWERS = 100
_MOST_IMAGES = 20


class Asked(BaseModel):
    """One piece, asked for. `answers` are by the names of the craft's form, all as text."""

    model_config = ConfigDict(extra="forbid")

    craft: Annotated[str, Field(max_length=60)] = Field(examples=["jewellery"])
    answers: Annotated[dict[str, str], Field(max_length=_MOST_ANSWERS)] = Field(
        examples=[{"size": "54", "size_system": "iso", "metal": "gold_750_yellow"}]
    )
    images: Annotated[list[UUID], Field(max_length=_MOST_IMAGES)] = Field(
        default=[], description="Pictures that were sent to `POST /images`, within a day."
    )


class Accepted(BaseModel):
    commission: UUID


class Withdrawing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: WithdrawalReason


class Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class StandingShown(Shown):
    """Where it stands, whose move it is, since when and until when."""

    headline: str
    words: str
    holder: Holder
    since: datetime
    due: datetime | None
    on_its_way: bool = Field(description="Other services have not told of it yet.")
    ended: bool


class StepShown(Shown):
    what: str
    said: str
    state: Mark
    at: datetime | None


class CommissionShown(Shown):
    """`needed_by` is a day in the studio's zone."""

    commission: UUID
    craft: str
    craft_version: int
    craft_sha256: str
    brief_version: int
    state: State
    needed_by: date | None
    submitted_at: datetime
    withdrawn_at: datetime | None
    withdrawal_reason: WithdrawalReason | None
    closed_at: datetime | None
    outcome: Outcome | None


class CommissionListed(CommissionShown):
    standing: StandingShown


class AnswerShown(BaseModel):
    """`value` is what rules and prices compute with, `shown` is for people."""

    field: str
    label: str
    value: str | int | bool
    shown: str


class BriefShown(BaseModel):
    written_at: datetime
    answers: list[AnswerShown]
    images: list[UUID]


class CommissionDetail(CommissionListed):
    brief: BriefShown | None


class TimelineShown(BaseModel):
    """What happened, what happens now, and what is still ahead."""

    standing: StandingShown
    steps: list[StepShown]


Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]
Anybody = Annotated[Caller, Allow(*Role, of="commission")]


def router(kernel: Kernel[Settings]) -> APIRouter:
    api = APIRouter(tags=["commissions"])

    @api.post(
        "/commissions",
        status_code=201,
        responses=problems(ProblemType.IDEMPOTENCY_KEY_MISSING, ProblemType.IDEMPOTENCY_KEY_REUSED),
    )
    async def submit(
        caller: Annotated[Caller, Allow(Role.CUSTOMER)], key: IdempotencyKey, asked: Asked, response: Response
    ) -> Accepted:
        """Ask for one piece. Once this is answered, nothing of it can be lost; what follows is told by the timeline."""
        document = crafts.known(asked.craft, field="/craft")
        images = check_count(document.craft.form, asked.images)
        kept = {f"/images/{place}": image for place, image in enumerate(images)}
        now = kernel.clock()
        try:
            wish = crafts.wish(document, asked.answers, day_of(now, ZoneInfo(kernel.settings.studio_zone)))
        except Problem as problem:
            raise under("/answers", problem) from None
        async with kernel.database.statement() as tx:
            answer = await commissions.submit(tx, key.of(asked), kernel.ids(), caller, wish, kept=kept, now=now)
        faults.reach("web.after_commit")
        response.headers["Location"] = f"/api/v1/intake/commissions/{answer.body['commission']}"
        return Accepted.model_validate(answer.body)

    @api.get("/commissions")
    async def listed(paging: AskedPage, caller: Annotated[Caller, Allow(Role.CUSTOMER)]) -> Page[CommissionListed]:
        """Your commissions, newest first."""
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            found = await commissions.listed(tx, caller, before=before, at_most=paging.fetch)
        return paged([(_place(each.commission), _listed(each)) for each in found], paging)

    @api.get("/commissions/{commission}")
    async def commission(commission: UUID, caller: Anybody) -> CommissionDetail:
        """A commission: where it stands, and what was asked for."""
        async with kernel.database.transaction() as tx:
            return _detail(await commissions.read(tx, caller, commission))

    @api.get("/commissions/{commission}/timeline")
    async def timeline(commission: UUID, caller: Anybody) -> TimelineShown:
        """A commission's story, as its page tells it."""
        async with kernel.database.transaction() as tx:
            found = await commissions.read(tx, caller, commission)
        steps = [StepShown.model_validate(step) for step in found.steps]
        return TimelineShown(standing=StandingShown.model_validate(found.standing), steps=steps)

    @api.post("/commissions/{commission}/withdraw", responses=problems(ProblemType.CONFLICT))
    async def withdraw(commission: UUID, caller: Customer, given: Withdrawing) -> CommissionShown:
        """Take a commission back, before any quote is accepted. Doing so twice is the same as once."""
        async with kernel.database.transaction() as tx:
            found = await commissions.withdraw(tx, caller, commission, given.reason, kernel.clock())
        return CommissionShown.model_validate(found)

    @api.get("/commissions/{commission}/images/{image}", response_class=Response, responses=PICTURE)
    async def image(commission: UUID, image: UUID, caller: Anybody) -> Response:
        """A reference picture."""
        async with kernel.database.transaction() as tx:
            return picture_answer(await pictures.of_commission(tx, caller, commission, image))

    return api


def _place(commission: Commission) -> Position:
    return Position(commission.submitted_at, commission.commission)


def _listed(each: Listed) -> CommissionListed:
    shown = CommissionShown.model_validate(each.commission)
    return CommissionListed(**shown.model_dump(), standing=StandingShown.model_validate(each.standing))


def _detail(found: Found) -> CommissionDetail:
    listed = _listed(Listed(found.commission, found.craft, found.standing))
    return CommissionDetail(**listed.model_dump(), brief=_brief(found))


def _brief(found: Found) -> BriefShown | None:
    if found.brief is None:
        return None
    answers = [
        AnswerShown(field=each.field, label=found.label(each.field), value=each.value, shown=each.shown)
        for each in found.brief.answers
    ]
    return BriefShown(written_at=found.brief.written_at, answers=answers, images=list(found.brief.images))
