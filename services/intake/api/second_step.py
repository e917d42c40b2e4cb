"""The second step of signing in, of makers and the studio: an authenticator app's code, or a recovery code."""

from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import second_step
from services.intake.actions.sessions import SignInContext, note_refusal, noting_refusals
from services.intake.api.devices import CurrentDevice
from services.intake.api.passkeys import PasskeyAnswer
from services.intake.api.people import SECRET_LIMIT, SessionRead, session_read
from services.intake.domain.second_step import NAME_LIMIT
from services.intake.domain.sessions import SignInWay
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Proof, Role
from shared.kernel.problems import Problem, ProblemType
from shared.kernel.text import Name
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.openapi import problems

Half = Annotated[Caller, Allow(Role.MAKER, Role.OPS, least=Proof.HALF)]
"""Who has given the first step at least."""
Staff = Annotated[Caller, Allow(Role.MAKER, Role.OPS, least=Proof.ONE)]
"""Who has none yet may set one up, also where the studio needs one; what is to be proven, the action looks at."""
Owner = Annotated[Caller, Allow(Role.MAKER, Role.OPS, of="authenticator", least=Proof.ONE)]

T = TypeVar("T")


class StepCode(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(min_length=1, max_length=SECRET_LIMIT)] = Field(
        description="The six digits that an app shows, or a recovery code; each works once."
    )


class AuthenticatorRead(BaseModel):
    """An app that makes codes for you; its name is the one that you gave it."""

    model_config = ConfigDict(from_attributes=True)

    authenticator: UUID
    name: str
    added_at: datetime
    last_used_at: datetime | None


class SecondStepRead(BaseModel):
    """How it stands with your second step."""

    model_config = ConfigDict(from_attributes=True)

    authenticators: list[AuthenticatorRead]
    codes_left: int = Field(description="Recovery codes that were not used yet.")
    passkeys: int
    asked: bool = Field(description="Whether you are asked for it when you sign in.")
    needed: bool = Field(description="Whether the studio asks you to have one.")


class AuthenticatorOfferRead(BaseModel):
    """A secret for an app. Nothing is kept of it until you send its first code."""

    secret: str = Field(description="In base 32, as apps take it.")
    address: str = Field(description="The same as `otpauth://`, which a QR code holds.")
    sealed: str = Field(description="To be sent back with the code, within half an hour.")


class AuthenticatorCreate(StepCode):
    """The first code of an app."""

    sealed: Annotated[str, Field(min_length=1, max_length=SECRET_LIMIT)]
    name: Annotated[str, Name(longest=NAME_LIMIT, shortest=0)] = Field("", description="What you call it.")


class AuthenticatorAdded(BaseModel):
    authenticator: UUID
    recovery_codes: list[str] = Field(description="With the first app only, and shown only here; each works once.")
    session: SessionRead = Field(description="In place of the one that you had; all others are ended by the first app.")


class RecoveryCodesRead(BaseModel):
    codes: list[str] = Field(description="Shown only here; those before work no more.")


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["people"])
    context = SignInContext.of(kernel.settings, kernel.ids)

    @api.get("/second-step")
    async def own(caller: Staff) -> SecondStepRead:
        """How it stands with your second step."""
        async with kernel.database.transaction() as tx:
            return SecondStepRead.model_validate(await second_step.own(tx, context, caller))

    @api.post(
        "/second-step",
        status_code=201,
        responses=problems(
            ProblemType.NOT_SIGNED_IN,
            ProblemType.CONFLICT,
            ProblemType.VALIDATION_FAILED,
            ProblemType.TOO_MANY_REQUESTS,
        ),
    )
    async def answer(caller: Half, given: StepCode, device: CurrentDevice) -> SessionRead:
        """Give the second step: your session is whole then, with a new secret. After five wrong codes, a pause."""
        now, here = kernel.clock(), context.on(device)
        async with kernel.database.transaction() as tx:
            result = await second_step.answer(tx, here, caller, given.code, now)
        return session_read(await proven(kernel, here, caller, result, now))

    @api.post("/authenticators/offers", status_code=201, responses=problems(ProblemType.NOT_ALLOWED))
    async def offer(caller: Staff) -> AuthenticatorOfferRead:
        """A new secret for an authenticator app (RFC 6238)."""
        async with kernel.database.transaction() as tx:
            made = await second_step.offer(tx, context, caller, kernel.clock())
        return AuthenticatorOfferRead(secret=made.written.replace(" ", ""), address=made.address, sealed=made.sealed)

    @api.post(
        "/authenticators",
        status_code=201,
        responses=problems(ProblemType.NOT_ALLOWED, ProblemType.CONFLICT, ProblemType.VALIDATION_FAILED),
    )
    async def add(caller: Staff, given: AuthenticatorCreate, device: CurrentDevice) -> AuthenticatorAdded:
        """Add the app whose first code this is. With the first one you are signed out everywhere else."""
        async with kernel.database.transaction() as tx:
            added = await second_step.add(
                tx, context.on(device), caller, given.sealed, code=given.code, name=given.name, now=kernel.clock()
            )
        return AuthenticatorAdded(
            authenticator=added.authenticator,
            recovery_codes=list(added.recovery_codes),
            session=session_read(added.signed_in),
        )

    @api.get("/authenticators/{authenticator}", responses=problems(ProblemType.NOT_FOUND))
    async def one(authenticator: UUID, caller: Owner) -> AuthenticatorRead:
        """One of your apps."""
        async with kernel.database.transaction() as tx:
            found = await second_step.own_authenticator(tx, context, caller, authenticator)
        return AuthenticatorRead.model_validate(found)

    @api.post(
        "/authenticators/{authenticator}/removal",
        status_code=204,
        responses=problems(
            ProblemType.NOT_FOUND, ProblemType.CONFLICT, ProblemType.VALIDATION_FAILED, ProblemType.TOO_MANY_REQUESTS
        ),
    )
    async def remove(authenticator: UUID, caller: Owner, given: StepCode, device: CurrentDevice) -> None:
        """Remove an app, by a code of it or of another one, or by a recovery code."""
        now, here = kernel.clock(), context.on(device)
        async with kernel.database.transaction() as tx:
            result = await second_step.remove(tx, here, caller, authenticator, code=given.code, now=now)
        await proven(kernel, here, caller, result, now)

    @api.post(
        "/recovery-codes",
        status_code=201,
        responses=problems(ProblemType.CONFLICT, ProblemType.VALIDATION_FAILED, ProblemType.TOO_MANY_REQUESTS),
    )
    async def make_recovery_codes(caller: Staff, given: StepCode, device: CurrentDevice) -> RecoveryCodesRead:
        """Ten new recovery codes in place of those that you have, by a code of an app, or by one of them."""
        now, here = kernel.clock(), context.on(device)
        async with kernel.database.transaction() as tx:
            result = await second_step.make_recovery_codes(tx, here, caller, given.code, now)
        return RecoveryCodesRead(codes=list(await proven(kernel, here, caller, result, now)))

    @api.post(
        "/recovery-codes/passkey",
        status_code=201,
        responses=problems(ProblemType.NOT_ALLOWED, ProblemType.CONFLICT),
    )
    async def make_by_passkey(caller: Staff, given: PasskeyAnswer, device: CurrentDevice) -> RecoveryCodesRead:
        """The same, by a passkey of yours, with the options of `/sign-in/passkey/options`."""
        now, here = kernel.clock(), context.on(device)
        async with (
            noting_refusals(kernel.database, here, SignInWay.PASSKEY, now, person=caller.person),
            kernel.database.transaction() as tx,
        ):
            made = await second_step.make_recovery_codes_by_passkey(tx, here, caller, given.credential, now)
        return RecoveryCodesRead(codes=list(made))

    return api


async def proven(
    kernel: Kernel[IntakeSettings], context: SignInContext, caller: Caller, result: T | Problem, now: datetime
) -> T:
    """What a code was typed for, once it is kept that it was. Raises the Problem, where it was not good."""
    if not isinstance(result, Problem):
        return result
    await note_refusal(kernel.database, context, SignInWay.AUTHENTICATOR, now, person=caller.person)
    raise result
