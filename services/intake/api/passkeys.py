"""Passkeys: for makers and people of the studio, where the address is one at which browsers offer them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import passkeys
from services.intake.actions.sessions import SignInContext, noting_refusals
from services.intake.api.devices import CurrentDevice
from services.intake.api.people import SessionRead, session_read
from services.intake.domain.sessions import SignInWay
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Proof, Role
from shared.kernel.problems import ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow, Public
from shared.web.openapi import problems

Staff = Annotated[Caller, Allow(Role.MAKER, Role.OPS, least=Proof.ONE)]
"""Who has no second step yet may set one up; what is to be proven, the action looks at."""
Owner = Annotated[Caller, Allow(Role.MAKER, Role.OPS, of="passkey", least=Proof.ONE)]
Stranger = Annotated[Caller | None, Public()]


class PasskeyAnswer(BaseModel):
    """What a browser answers to the options, by its `toJSON()` (WebAuthn level 3)."""

    model_config = ConfigDict(extra="forbid")

    credential: dict[str, Any]


class PasskeyRead(BaseModel):
    """A passkey, and the device on which it was added."""

    model_config = ConfigDict(from_attributes=True)

    passkey: UUID
    browser: str
    system: str
    added_at: datetime
    last_used_at: datetime | None


class PasskeyAdded(BaseModel):
    passkey: UUID
    session: SessionRead | None = Field(
        default=None, description="In place of the one that you had, where the studio asks for a second step."
    )
    recovery_codes: list[str] = Field(
        default_factory=list, description="With the first second step that the studio asks for, and shown only here."
    )


class PasskeyOptions(BaseModel):
    """What a browser needs, in WebAuthn's own JSON."""

    options: dict[str, Any] = Field(description="For `PublicKeyCredential.parse…OptionsFromJSON`.")


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["people"])
    context = SignInContext.of(kernel.settings, kernel.ids)

    @api.get("/passkeys")
    async def own(caller: Staff) -> list[PasskeyRead]:
        """Your passkeys, the newest first."""
        async with kernel.database.statement() as tx:
            return [PasskeyRead.model_validate(each) for each in await passkeys.own(tx, caller)]

    @api.post("/passkeys/options")
    async def options_to_add(caller: Staff) -> PasskeyOptions:
        """What your browser needs to make a passkey; good for five minutes."""
        async with kernel.database.transaction() as tx:
            found = await passkeys.options_to_add(tx, context, caller, kernel.clock())
        return PasskeyOptions(options=dict(found))

    @api.post("/passkeys", status_code=201, responses=problems(ProblemType.NOT_ALLOWED))
    async def add(caller: Staff, given: PasskeyAnswer, device: CurrentDevice) -> PasskeyAdded:
        """Add the passkey that your browser has made. What was answered once is not taken again."""
        async with kernel.database.transaction() as tx:
            made = await passkeys.add(tx, context.on(device), caller, given.credential, kernel.clock())
        return PasskeyAdded(
            passkey=made.passkey,
            session=session_read(made.signed_in) if made.signed_in else None,
            recovery_codes=list(made.recovery_codes),
        )

    @api.delete("/passkeys/{passkey}", status_code=204, responses=problems(ProblemType.NOT_FOUND, ProblemType.CONFLICT))
    async def remove(passkey: UUID, caller: Owner, device: CurrentDevice) -> None:
        """Remove a passkey: it signs nobody in any more."""
        async with kernel.database.transaction() as tx:
            await passkeys.remove(tx, context.on(device), caller, passkey, kernel.clock())

    @api.post("/sign-in/passkey/options")
    async def options_to_sign_in(_: Stranger) -> PasskeyOptions:
        """What a browser needs to sign somebody in by a passkey; good for five minutes."""
        return PasskeyOptions(options=dict(passkeys.options_to_sign_in(context, kernel.clock())))

    @api.post("/sign-in/passkey", status_code=201, responses=problems(ProblemType.NOT_ALLOWED))
    async def sign_in(_: Stranger, given: PasskeyAnswer, device: CurrentDevice) -> SessionRead:
        """Sign in by a passkey."""
        now, here = kernel.clock(), context.on(device)
        async with (
            noting_refusals(kernel.database, here, SignInWay.PASSKEY, now),
            kernel.database.transaction() as tx,
        ):
            return session_read(await passkeys.sign_in(tx, here, given.credential, now))

    return api
