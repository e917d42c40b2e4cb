"""Confirming a request: by what its mail holds."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import confirmations
from services.intake.actions.confirmations import AskedRequest, PendingConfirmation
from services.intake.actions.sessions import SignInContext, note_refusal, noting_refusals
from services.intake.actions.submissions import ConfirmationRules
from services.intake.api.devices import CurrentDevice
from services.intake.api.people import SECRET_LIMIT, SessionRead, session_read
from services.intake.api.schemas import answers_read
from services.intake.domain.sessions import SignInWay
from services.intake.labels import CommissionWords
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.i18n import Reader
from shared.kernel.problems import Problem, ProblemType, not_found
from shared.runtime.service import Kernel
from shared.web.access import Allow, Public
from shared.web.language import CurrentReader
from shared.web.openapi import problems
from shared.web.responses import BriefAnswerRead, ResponseModel

CODE_LIMIT = 40
"""Characters that a code may be typed in."""

Stranger = Annotated[Caller | None, Public()]
Sender = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]


class ConfirmationLink(BaseModel):
    model_config = ConfigDict(extra="forbid")

    link: Annotated[str, Field(min_length=1, max_length=SECRET_LIMIT)] = Field(
        description="What follows `link=` in the mail's link."
    )


class ConfirmationCode(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(min_length=1, max_length=CODE_LIMIT)] = Field(description="From the newest mail.")


class AskedRequestRead(ResponseModel):
    """What somebody asked for, and in whose name."""

    commission: UUID
    name: str
    craft: str
    offering: str
    answers: list[BriefAnswerRead]
    images: int
    needed_by: date | None
    submitted_at: datetime
    confirmed: bool


class PendingConfirmationRead(ResponseModel):
    """`code_needed` says that the code from the mail lets you in, also where it was confirmed elsewhere meanwhile."""

    commission: UUID
    code_needed: bool
    confirmed: bool
    email: str = Field(description="Where the mail went; empty once it is confirmed.")
    until: datetime = Field(description="When the request is deleted, and the code is over.")


class MailAgainRead(ResponseModel):
    commission: UUID


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["commissions"])
    context, rules = SignInContext.of(kernel.settings, kernel.ids), ConfirmationRules.of(kernel.settings)

    @api.get("/commissions/{commission}/confirmation")
    async def pending(commission: UUID, caller: Sender) -> PendingConfirmationRead:
        """Whether your request waits for its confirmation."""
        async with kernel.database.transaction() as tx:
            found = await confirmations.pending(tx, rules, caller, commission)
        if found is None:
            raise not_found()
        return _pending(found)

    @api.post(
        "/commissions/{commission}/confirmation",
        status_code=201,
        responses=problems(ProblemType.CONFLICT, ProblemType.VALIDATION_FAILED),
    )
    async def confirm_by_code(
        commission: UUID, caller: Sender, given: ConfirmationCode, device: CurrentDevice
    ) -> SessionRead:
        """Confirm what you sent by the code from the newest mail. It has five tries."""
        here, now = context.on(device), kernel.clock()
        async with kernel.database.transaction() as tx:
            result = await confirmations.confirm_by_code(tx, here, caller, commission, code=given.code, now=now)
        if isinstance(result, Problem):
            await note_refusal(kernel.database, here, SignInWay.CODE, now, person=caller.person)
            raise result
        return session_read(result)

    @api.post(
        "/commissions/{commission}/confirmation/mails",
        status_code=202,
        responses=problems(ProblemType.CONFLICT, ProblemType.TOO_MANY_REQUESTS),
    )
    async def mail_again(commission: UUID, caller: Sender) -> MailAgainRead:
        """Have another mail sent, with a new link and a new code."""
        async with kernel.database.transaction() as tx:
            await confirmations.mail_again(tx, context, caller, commission, kernel.clock())
        return MailAgainRead(commission=commission)

    @api.post("/commissions/{commission}/confirmation/look", responses=problems(ProblemType.NOT_ALLOWED))
    async def look(_: Stranger, commission: UUID, given: ConfirmationLink, reader: CurrentReader) -> AskedRequestRead:
        """What a mail's link is about. Looking does not use it up."""
        async with kernel.database.transaction() as tx:
            asked = await confirmations.look(tx, commission, given.link, kernel.clock())
        return _asked(asked.in_language(reader.language), reader)

    @api.post(
        "/commissions/{commission}/confirmation/yes",
        status_code=201,
        responses=problems(ProblemType.NOT_ALLOWED, ProblemType.CONFLICT),
    )
    async def confirm(
        caller: Stranger, commission: UUID, given: ConfirmationLink, device: CurrentDevice
    ) -> SessionRead:
        """It was you: the request's life begins, and you are signed in."""
        here, now = context.on(device), kernel.clock()
        async with (
            noting_refusals(kernel.database, here, SignInWay.CONFIRMATION, now),
            kernel.database.transaction() as tx,
        ):
            signed_in = await confirmations.confirm_by_link(tx, here, commission, given.link, caller=caller, now=now)
        return session_read(signed_in)

    @api.post(
        "/commissions/{commission}/confirmation/no",
        status_code=204,
        responses=problems(ProblemType.NOT_ALLOWED, ProblemType.CONFLICT),
    )
    async def deny(_: Stranger, commission: UUID, given: ConfirmationLink) -> None:
        """It was not you: the request is deleted."""
        async with kernel.database.transaction() as tx:
            await confirmations.deny(tx, commission, given.link, kernel.clock())

    return api


def _pending(found: PendingConfirmation) -> PendingConfirmationRead:
    return PendingConfirmationRead(
        commission=found.asked.commission.commission,
        code_needed=found.code_needed,
        confirmed=found.confirmed,
        email=found.email,
        until=found.until,
    )


def _asked(found: AskedRequest, reader: Reader) -> AskedRequestRead:
    asked, brief = found.commission, found.brief
    return AskedRequestRead(
        commission=asked.commission,
        name=found.name,
        craft=asked.craft,
        offering=asked.offering,
        answers=answers_read(brief, CommissionWords(reader, found.record)) if brief else [],
        images=len(brief.images) if brief else 0,
        needed_by=asked.needed_by,
        submitted_at=asked.submitted_at,
        confirmed=found.confirmed,
    )
