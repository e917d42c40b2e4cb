"""The versions of a brief, and the next one, until the quote is sent."""

from datetime import date
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import changing
from services.intake.actions.changing import ChangeSheet
from services.intake.api.schemas import BriefVersionRead, history_read
from services.intake.domain.briefs import under
from services.intake.domain.changing import ChangedBrief, way_of
from services.intake.domain.pictures import check_count
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import EntryWay
from shared.kernel.calendar import day_of
from shared.kernel.problems import Problem, ProblemType
from shared.runtime import faults
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.idempotency import IdempotencyKey
from shared.web.language import CurrentReader
from shared.web.openapi import problems

_MOST_ANSWERS = 100
_MOST_IMAGES = 20


class BriefCreate(BaseModel):
    """The next version, whole: every answer by the names of the offering's form, and every picture."""

    model_config = ConfigDict(extra="forbid")

    brief_version: Annotated[int, Field(ge=1, le=10_000)] = Field(description="The version that this one replaces.")
    answers: Annotated[dict[str, str], Field(max_length=_MOST_ANSWERS)]
    images: Annotated[list[UUID], Field(max_length=_MOST_IMAGES)] = Field(
        default=[], description="Pictures of the version before, or sent to `POST /images` within a day."
    )
    way: EntryWay | None = Field(default=None, description="How it reached the studio; needed where that enters it.")


class BriefCreated(BaseModel):
    brief_version: int


CustomerOrStudio = Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="commission")]
Anybody = Annotated[Caller, Allow(*Role, of="commission")]


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["commissions"])

    @api.get("/commissions/{commission}/briefs")
    async def versions(commission: UUID, caller: Anybody, reader: CurrentReader) -> list[BriefVersionRead]:
        """Every version of the brief, the newest first, which is in force, with what each changed."""
        async with kernel.database.transaction() as tx:
            return history_read(await changing.history(tx, caller, commission), reader)

    @api.post(
        "/commissions/{commission}/briefs",
        status_code=201,
        responses=problems(
            ProblemType.CONFLICT, ProblemType.IDEMPOTENCY_KEY_MISSING, ProblemType.IDEMPOTENCY_KEY_REUSED
        ),
    )
    async def change(
        commission: UUID, caller: CustomerOrStudio, key: IdempotencyKey, given: BriefCreate
    ) -> BriefCreated:
        """Change what is wished, until the quote is sent. The new version is in force at once."""
        now, zone = kernel.clock(), ZoneInfo(kernel.settings.studio_zone)
        async with kernel.database.transaction() as tx:
            sheet = await changing.read(tx, caller, commission)
        changed = changed_brief(sheet, caller, given, day_of(now, zone), zone)
        async with kernel.database.transaction() as tx:
            answer = await changing.change(tx, caller, commission, key.of(given), changed, now=now)
        faults.reach("web.after_commit")
        return BriefCreated.model_validate(answer.body)

    return api


def changed_brief(sheet: ChangeSheet, caller: Caller, given: BriefCreate, today: date, zone: ZoneInfo) -> ChangedBrief:
    """What is wished instead. Raises `validation-failed`, with pointers into the body."""
    images = check_count(sheet.document.offering.form, given.images)
    try:
        brief = sheet.read(given.answers, today, zone)
    except Problem as problem:
        raise under("/answers", problem) from None
    kept = {f"/images/{place}": image for place, image in enumerate(images)}
    return ChangedBrief(given.brief_version, brief, kept, way_of(caller.role, given.way))
