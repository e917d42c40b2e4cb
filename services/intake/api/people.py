"""People and sessions."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import people
from services.intake.actions.people import Desk, SignedIn
from services.intake.domain.briefs import under
from services.intake.domain.people import EMAIL_LIMIT, NAME_LIMIT, read_newcomer
from services.intake.settings import Settings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem, ProblemType
from shared.kernel.text import Line
from shared.runtime.service import Kernel
from shared.web.access import Allow, Public
from shared.web.openapi import problems

SECRET_LIMIT = 200
"""Characters that a secret may have."""
_TICKET_LIMIT = 2000


class Joining(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Line(longest=NAME_LIMIT)] = Field(description="What the studio may call you.")
    email: Annotated[str, Field(max_length=4 * EMAIL_LIMIT)] = Field(
        description="Where the studio writes to. Nobody signs in with it.", examples=["ada@example.org"]
    )


class SessionSecret(BaseModel):
    model_config = ConfigDict(extra="forbid")

    session: Annotated[str, Field(min_length=1, max_length=SECRET_LIMIT)] = Field(
        description="The secret that joining answered with."
    )


class TicketGiven(BaseModel):
    model_config = ConfigDict(extra="forbid")

    ticket: Annotated[str, Field(min_length=1, max_length=_TICKET_LIMIT)]


class TokenRead(BaseModel):
    """A token to send as `Authorization: Bearer …`, and until when it is good."""

    person: UUID
    role: Role
    token: str
    token_expires_at: datetime
    session_expires_at: datetime


class SessionRead(TokenRead):
    """A session: keep its secret to renew the token with."""

    session: str = Field(description="A secret, told only here.")


def router(kernel: Kernel[Settings]) -> APIRouter:
    api = APIRouter(tags=["people"])
    desk = Desk.of(kernel.settings, kernel.ids)

    @api.post("/people", status_code=201)
    async def join(_: Annotated[Caller | None, Public()], given: Joining) -> SessionRead:
        """Join as a customer. It is always somebody new who joins: the address identifies nobody."""
        try:
            newcomer = read_newcomer(given.name, given.email)
        except Problem as problem:
            raise under("", problem) from None
        async with kernel.database.transaction() as tx:
            return session_shown(await people.join(tx, desk, newcomer, kernel.clock()))

    @api.post("/session/renew", responses=problems(ProblemType.NOT_SIGNED_IN))
    async def renew(_: Annotated[Caller | None, Public()], given: SessionSecret) -> TokenRead:
        """A new token from the session's secret."""
        async with kernel.database.statement() as tx:
            return _token(await people.renew(tx, desk, given.session, kernel.clock()))

    @api.delete("/session", status_code=204)
    async def sign_out(caller: Annotated[Caller, Allow(*Role)]) -> None:
        """End the session that this token came from; no token can be renewed from it any more."""
        async with kernel.database.statement() as tx:
            await people.sign_out(tx, session=caller.session, secret="", now=kernel.clock())

    if kernel.settings.ticket_keys:

        @api.post("/session/ticket", status_code=201, responses=problems(ProblemType.NOT_ALLOWED))
        async def sign_in(_: Annotated[Caller | None, Public()], given: TicketGiven) -> SessionRead:
            """Sign in by the ticket in a link of the one-machine stack; it works once."""
            now = kernel.clock()
            ticket = people.read_ticket(desk, given.ticket, now)
            async with kernel.database.transaction() as tx:
                return session_shown(await people.sign_in_by_ticket(tx, desk, ticket, now))

    return api


def _token(signed_in: SignedIn) -> TokenRead:
    return TokenRead(
        person=signed_in.caller.person,
        role=signed_in.caller.role,
        token=signed_in.token,
        token_expires_at=signed_in.token_expires_at,
        session_expires_at=signed_in.session_expires_at,
    )


def session_shown(signed_in: SignedIn) -> SessionRead:
    """A session that was opened just now, with its secret."""
    return SessionRead(**_token(signed_in).model_dump(), session=signed_in.secret or "")
