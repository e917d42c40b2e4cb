"""People and sessions."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import people, sessions
from services.intake.actions.sessions import SignedIn, SignInContext
from services.intake.api.devices import CurrentDevice
from services.intake.api.joining import CurrentJoins
from services.intake.domain.people import EMAIL_LIMIT, NAME_LIMIT, Contact, EmailAddress, PeopleReason
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Proof, Role
from shared.kernel.problems import FieldProblem, ProblemType, invalid
from shared.kernel.text import Name
from shared.runtime.service import Kernel
from shared.web.access import Allow, Public
from shared.web.language import CurrentReader
from shared.web.openapi import problems

SECRET_LIMIT = 200
"""Characters that a secret may have: a session's, or a link's."""


class PersonCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Name(longest=NAME_LIMIT)] = Field(description="What the studio may call you.")
    email: Annotated[str, EmailAddress(), Field(max_length=4 * EMAIL_LIMIT)] = Field(
        description="Where the studio writes to, and where it sends what you sign in with.",
        examples=["ada@example.org"],
    )

    @property
    def contact(self) -> Contact:
        return Contact(self.name, self.email)


class LanguageUpdate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    language: Annotated[str, Field(max_length=8)] = Field(description="An ISO 639 code.", examples=["de"])


class SessionSecret(BaseModel):
    model_config = ConfigDict(extra="forbid")

    session: Annotated[str, Field(min_length=1, max_length=SECRET_LIMIT)] = Field(
        description="The secret that signing up answered with."
    )


class TokenRead(BaseModel):
    """A token to send as `Authorization: Bearer …`, and until when it is good."""

    person: UUID
    role: Role
    token: str
    token_expires_at: datetime
    session_expires_at: datetime
    proof: Proof = Field(description="`half` is good for the second step alone: send its code to `/second-step`.")


class SessionRead(TokenRead):
    """A session: keep its secret to renew the token with."""

    session: str = Field(description="A secret, shown only here.")


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["people"])
    context = SignInContext.of(kernel.settings, kernel.ids)

    @api.post("/people", status_code=201, responses=problems(ProblemType.TOO_MANY_REQUESTS))
    async def sign_up(
        _: Annotated[Caller | None, Public()],
        given: PersonCreate,
        reader: CurrentReader,
        device: CurrentDevice,
        joining: CurrentJoins,
    ) -> SessionRead:
        """Sign up as a customer: each time as somebody new, until a request of theirs is confirmed by mail."""
        joining.count()
        async with kernel.database.transaction() as tx:
            here = context.on(device)
            return session_read(await people.sign_up(tx, here, given.contact, reader.language, kernel.clock()))

    @api.post("/session/renew", responses=problems(ProblemType.NOT_SIGNED_IN))
    async def renew(_: Annotated[Caller | None, Public()], given: SessionSecret) -> TokenRead:
        """A new token from the session's secret."""
        async with kernel.database.statement() as tx:
            return token_read(await sessions.renew(tx, context, given.session, kernel.clock()))

    @api.put("/people/me/language", status_code=204, responses=problems(ProblemType.VALIDATION_FAILED))
    async def choose_language(caller: Annotated[Caller, Allow(*Role)], given: LanguageUpdate, request: Request) -> None:
        """Choose the language of your mails and documents."""
        if given.language not in request.app.state.readers.languages:
            raise invalid(FieldProblem("/language", PeopleReason.LANGUAGE_UNKNOWN))
        async with kernel.database.transaction() as tx:
            await people.choose_language(tx, caller.person, given.language, kernel.clock())

    @api.delete("/session", status_code=204)
    async def sign_out(caller: Annotated[Caller, Allow(*Role)], device: CurrentDevice) -> None:
        """End the session that this token came from. Its token is refused by every service within seconds."""
        async with kernel.database.transaction() as tx:
            here = context.on(device)
            await sessions.sign_out(tx, here, session=caller.session, secret="", now=kernel.clock())

    return api


def token_read(signed_in: SignedIn) -> TokenRead:
    """A token, without the secret of its session."""
    return TokenRead(
        person=signed_in.caller.person,
        role=signed_in.caller.role,
        token=signed_in.token,
        token_expires_at=signed_in.token_expires_at,
        session_expires_at=signed_in.session_expires_at,
        proof=signed_in.caller.proof,
    )


def session_read(signed_in: SignedIn) -> SessionRead:
    """A session that was opened just now, with its secret."""
    return SessionRead(**token_read(signed_in).model_dump(), session=signed_in.secret or "")
