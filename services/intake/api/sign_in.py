"""Signing in by mail: an address, and the link or the code of what is sent there."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import sign_in
from services.intake.actions.sessions import SignedIn, SignInContext, note_refusal, noting_refusals
from services.intake.actions.sign_in import AskingBrowser
from services.intake.api.devices import CurrentDevice, Proofs
from services.intake.api.people import SECRET_LIMIT, SessionRead, session_read
from services.intake.domain.one_time import OneTimeResult
from services.intake.domain.people import EMAIL_LIMIT, EmailAddress
from services.intake.domain.sessions import SignInWay
from services.intake.domain.sign_in import ANSWER_AFTER, SIGN_IN_LIFE, refused_code
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller
from shared.kernel.problems import ProblemType
from shared.postgres.database import Tx
from shared.runtime.service import Kernel
from shared.web.access import Public
from shared.web.openapi import problems

Stranger = Annotated[Caller | None, Public()]
Ask = Callable[[Tx], Awaitable[UUID]]


class SignInAgain(BaseModel):
    """`ask` is what was answered the last time, if the mail is only slow."""

    model_config = ConfigDict(extra="forbid")

    ask: UUID | None = None


class SignInCreate(SignInAgain):
    """Who wants to sign in."""

    email: Annotated[str, EmailAddress(), Field(max_length=4 * EMAIL_LIMIT)]


class SignInAskRead(BaseModel):
    """The same for every address and every commission: whether there is one, nobody learns here."""

    ask: UUID = Field(description="To be sent with the code.")
    good_for_seconds: int


class SignInByLink(BaseModel):
    model_config = ConfigDict(extra="forbid")

    link: Annotated[str, Field(min_length=1, max_length=SECRET_LIMIT)] = Field(
        description="What follows `link=` in the mail's link."
    )


class SignInByCode(BaseModel):
    model_config = ConfigDict(extra="forbid")

    ask: UUID
    code: Annotated[str, Field(min_length=1, max_length=SECRET_LIMIT)]


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["people"])
    context = SignInContext.of(kernel.settings, kernel.ids)

    async def answer(ask: Ask) -> SignInAskRead:
        asked = await ask_in_constant_time(kernel, ask)
        return SignInAskRead(ask=asked, good_for_seconds=int(SIGN_IN_LIFE.total_seconds()))

    @api.post("/sign-in", status_code=202)
    async def ask(_: Stranger, given: SignInCreate, device: CurrentDevice, proofs: Proofs) -> SignInAskRead:
        """Have a link and a code sent to your address. The answer is the same where nobody is known by it."""
        here, now = context.on(device), kernel.clock()
        return await answer(
            lambda tx: sign_in.ask_for_link(tx, here, given.email, now, browser=AskingBrowser(given.ask, proofs))
        )

    @api.post("/commissions/{commission}/sign-in", status_code=202)
    async def ask_on_page(
        _: Stranger, commission: UUID, device: CurrentDevice, proofs: Proofs, given: SignInAgain | None = None
    ) -> SignInAskRead:
        """Have them sent to the commission's customer. The answer is the same where there is no such commission."""
        here, now, before = context.on(device), kernel.clock(), given.ask if given else None
        return await answer(
            lambda tx: sign_in.ask_on_page(tx, here, commission, now, browser=AskingBrowser(before, proofs))
        )

    @api.post("/sign-in/link", status_code=201, responses=problems(ProblemType.NOT_ALLOWED))
    async def by_link(_: Stranger, given: SignInByLink, device: CurrentDevice) -> SessionRead:
        """Sign in by the link in the mail; it works once."""
        now, here = kernel.clock(), context.on(device)
        async with (
            noting_refusals(kernel.database, here, SignInWay.MAILED_LINK, now),
            kernel.database.transaction() as tx,
        ):
            return session_read(await sign_in.sign_in_by_link(tx, here, given.link, now))

    @api.post("/sign-in/code", status_code=201, responses=problems(ProblemType.VALIDATION_FAILED))
    async def by_code(_: Stranger, given: SignInByCode, device: CurrentDevice) -> SessionRead:
        """Sign in by the code in the mail; a wrong one takes one of five tries."""
        now, here = kernel.clock(), context.on(device)
        async with kernel.database.transaction() as tx:
            used = await sign_in.sign_in_by_code(tx, here, given.ask, given.code, now)
        return session_read(await let_in(kernel, here, used, now))

    return api


async def ask_in_constant_time(kernel: Kernel[IntakeSettings], ask: Ask) -> UUID:
    """Answer after the same time, so that it tells nobody who is known."""
    began = time.monotonic()
    async with kernel.database.transaction() as tx:
        asked = await ask(tx)
    await asyncio.sleep(max(0.0, began + ANSWER_AFTER - time.monotonic()))
    return asked


async def let_in(
    kernel: Kernel[IntakeSettings], context: SignInContext, used: sign_in.CodeUse, now: datetime
) -> SignedIn:
    """Who is signed in by a code, once it is kept that it was used. Raises a Problem, where it was not good."""
    if used.signed_in is not None:
        return used.signed_in
    await note_refusal(kernel.database, context, SignInWay.CODE, now, person=used.person)
    raise used.problem or refused_code(OneTimeResult.WRONG)
