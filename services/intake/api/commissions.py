"""Commissions."""

from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import commissions, offerings, pictures, submissions
from services.intake.actions.submissions import ConfirmationRules, NewRequest
from services.intake.api.schemas import (
    CommissionPageRead,
    CommissionRead,
    ListedCommissionRead,
    TimelineRead,
    detail_read,
    summary_read,
    timeline_read,
)
from services.intake.domain.briefs import under
from services.intake.domain.commissions import Commission, read_country
from services.intake.domain.pictures import check_count
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import WithdrawalReason
from shared.kernel.calendar import day_of
from shared.kernel.problems import Problem, ProblemType
from shared.runtime import faults
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.downloads import PICTURE, picture_response
from shared.web.idempotency import IdempotencyKey
from shared.web.language import CurrentReader
from shared.web.openapi import problems
from shared.web.pagination import AskedPage, Page, Position, paged

_MOST_ANSWERS = 100
_MOST_IMAGES = 20


class CommissionCreate(BaseModel):
    """One piece, asked for. `answers` are by the names of the offering's form, all as text."""

    model_config = ConfigDict(extra="forbid")

    craft: Annotated[str, Field(max_length=60)] = Field(description="As `GET /offerings` lists it.")
    offering: Annotated[str, Field(max_length=60)] = Field(description="As `GET /offerings` lists it.")
    answers: Annotated[dict[str, str], Field(max_length=_MOST_ANSWERS)]
    images: Annotated[list[UUID], Field(max_length=_MOST_IMAGES)] = Field(
        default=[], description="Pictures that were sent to `POST /images`, within a day."
    )
    delivery_country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = Field(
        default=None, description="An ISO 3166 code; the studio's own country if it is left out.", examples=["AT"]
    )


class CommissionCreated(BaseModel):
    commission: UUID


class WithdrawalCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: WithdrawalReason


Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]
Anybody = Annotated[Caller, Allow(*Role, of="commission")]


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["commissions"])
    rules = ConfirmationRules.of(kernel.settings)

    @api.post(
        "/commissions",
        status_code=201,
        responses=problems(ProblemType.IDEMPOTENCY_KEY_MISSING, ProblemType.IDEMPOTENCY_KEY_REUSED),
    )
    async def submit(
        caller: Annotated[Caller, Allow(Role.CUSTOMER)],
        key: IdempotencyKey,
        asked: CommissionCreate,
        response: Response,
    ) -> CommissionCreated:
        """Ask for one piece. Once this is answered, nothing of it can be lost; the timeline shows what follows."""
        document = offerings.known(asked.craft, asked.offering, field="/offering")
        images = check_count(document.offering.form, asked.images)
        kept = {f"/images/{place}": image for place, image in enumerate(images)}
        now = kernel.clock()
        try:
            brief = offerings.read_brief(document, asked.answers, day_of(now, ZoneInfo(kernel.settings.studio_zone)))
        except Problem as problem:
            raise under("/answers", problem) from None
        country = read_country(asked.delivery_country, home=kernel.settings.studio_country, field="/delivery_country")
        new = NewRequest(brief, country, kept=kept)
        async with kernel.database.statement() as tx:
            answer = await submissions.submit(tx, rules, key.of(asked), caller, new, new_id=kernel.ids, now=now)
        faults.reach("web.after_commit")
        response.headers["Location"] = f"/api/v1/intake/commissions/{answer.body['commission']}"
        return CommissionCreated.model_validate(answer.body)

    @api.get("/commissions")
    async def listed(
        paging: AskedPage, caller: Annotated[Caller, Allow(Role.CUSTOMER)], reader: CurrentReader
    ) -> Page[ListedCommissionRead]:
        """Your commissions, newest first."""
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            found = await commissions.listed(tx, caller, before=before, at_most=paging.fetch)
        return paged([(_place(each.commission), summary_read(each, reader)) for each in found], paging)

    @api.get("/commissions/{commission}")
    async def commission(commission: UUID, caller: Anybody, reader: CurrentReader) -> CommissionPageRead:
        """A commission: its status and its brief."""
        async with kernel.database.transaction() as tx:
            return detail_read(await commissions.read(tx, caller, commission), reader)

    @api.get("/commissions/{commission}/timeline")
    async def timeline(commission: UUID, caller: Anybody, reader: CurrentReader) -> TimelineRead:
        """A commission's timeline, as on its page."""
        async with kernel.database.transaction() as tx:
            found = await commissions.read(tx, caller, commission)
        return timeline_read(found, reader)

    @api.post("/commissions/{commission}/withdraw", responses=problems(ProblemType.CONFLICT))
    async def withdraw(commission: UUID, caller: Customer, given: WithdrawalCreate) -> CommissionRead:
        """Take a commission back, before any quote is accepted. Doing so twice is the same as once."""
        async with kernel.database.transaction() as tx:
            found = await commissions.withdraw(tx, caller, commission, given.reason, kernel.clock())
        return CommissionRead.model_validate(found)

    @api.post("/commissions/{commission}/receipt", responses=problems(ProblemType.CONFLICT))
    async def confirm_receipt(commission: UUID, caller: Customer) -> CommissionRead:
        """Say that the parcel has arrived. Doing so twice is the same as once."""
        async with kernel.database.transaction() as tx:
            found = await commissions.confirm_receipt(tx, caller, commission, kernel.clock())
        return CommissionRead.model_validate(found)

    @api.get("/commissions/{commission}/images/{image}", response_class=Response, responses=PICTURE)
    async def image(commission: UUID, image: UUID, caller: Anybody) -> Response:
        """A reference picture."""
        async with kernel.database.transaction() as tx:
            return picture_response(await pictures.of_commission(tx, caller, commission, image))

    return api


def _place(commission: Commission) -> Position:
    return Position(commission.submitted_at, commission.commission)
