"""Something is wrong with a piece that has arrived."""

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.intake.actions import claims
from services.intake.actions.claims import AnsweredClaim, ClaimTimes, NewClaim
from services.intake.actions.messages import NewMessage
from services.intake.api.messages import MessageCreate
from services.intake.domain.claims import CannotClaim
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import ClaimKind
from shared.contracts.quotes import ClaimRemedy
from shared.kernel.money import Money
from shared.kernel.problems import ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.idempotency import IdempotencyKey
from shared.web.openapi import problems

Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]
Anybody = Annotated[Caller, Allow(*Role, of="commission")]


class ClaimCreate(MessageCreate):
    """What is wrong, in a word and in your own ones, with pictures as a message has them."""

    kind: ClaimKind


class ClaimCreated(BaseModel):
    claim: UUID


class ClaimAnswerRead(BaseModel):
    """`amount` is what the price falls by, null where it does not; `words` is null once they were erased."""

    remedy: ClaimRemedy
    amount: Money | None
    words: str | None
    answered_at: datetime


class ClaimRead(BaseModel):
    """A claim, and the studio's answer, null until it is here."""

    claim: UUID
    kind: ClaimKind
    words: str | None
    images: list[UUID]
    made_at: datetime
    answer_by: datetime = Field(description="The studio answers before this instant.")
    answer: ClaimAnswerRead | None


class ClaimOptionsRead(BaseModel):
    """What can be claimed now, and what was, oldest first. `last_day` is the guarantee's, null until it has begun."""

    last_day: date | None
    blocked_by: CannotClaim | None
    claims: list[ClaimRead]


def times_of(kernel: Kernel[IntakeSettings]) -> ClaimTimes:
    settings = kernel.settings
    return ClaimTimes(ZoneInfo(settings.studio_zone), kernel.clock(), timedelta(hours=settings.claim_hours))


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["something is wrong"])

    @api.get("/commissions/{commission}/claim")
    async def read(commission: UUID, caller: Anybody) -> ClaimOptionsRead:
        """How long the guarantee runs, what was claimed, and what the studio answered."""
        async with kernel.database.transaction() as tx:
            found = await claims.read(tx, caller, commission, times_of(kernel))
        return ClaimOptionsRead(
            last_day=found.last_day, blocked_by=found.blocked_by, claims=[_read(each) for each in found.claims]
        )

    @api.post(
        "/commissions/{commission}/claim",
        status_code=201,
        responses=problems(
            ProblemType.CONFLICT, ProblemType.IDEMPOTENCY_KEY_MISSING, ProblemType.IDEMPOTENCY_KEY_REUSED
        ),
    )
    async def make(commission: UUID, caller: Customer, key: IdempotencyKey, given: ClaimCreate) -> ClaimCreated:
        """Say that something is wrong with your piece, while its guarantee runs. One claim is open at a time."""
        async with kernel.database.transaction() as tx:
            answer = await claims.make(
                tx,
                key.of(given),
                caller,
                commission,
                NewClaim(given.kind, NewMessage(given.words, kept=given.images)),
                new_id=kernel.ids,
                times=times_of(kernel),
            )
        return ClaimCreated.model_validate(answer.body)

    return api


def _read(found: AnsweredClaim) -> ClaimRead:
    claim, answer = found.claim, found.answer
    return ClaimRead(
        claim=claim.claim,
        kind=claim.kind,
        words=found.said.body if found.said else None,
        images=list(found.said.images) if found.said else [],
        made_at=claim.made_at,
        answer_by=claim.answer_by,
        answer=ClaimAnswerRead(
            remedy=answer.remedy,
            amount=answer.amount,
            words=found.reasons.body if found.reasons else None,
            answered_at=answer.at,
        )
        if answer
        else None,
    )
