"""One's own sessions: where somebody is signed in; and for ops, what happened to people's access."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import sessions
from services.intake.actions.sessions import SignInContext
from services.intake.api.devices import CurrentDevice
from services.intake.domain.sessions import SecurityKind, SignInWay
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.openapi import problems
from shared.web.pagination import AskedPage, Page, Position, paged

Anybody = Annotated[Caller, Allow(*Role)]


class OpenSessionRead(BaseModel):
    """A session that is open; `browser` and `system` are empty where they are not known."""

    model_config = ConfigDict(from_attributes=True)

    session: UUID
    browser: str
    system: str
    opened_at: datetime
    last_used_at: datetime = Field(description="To a quarter of an hour.")
    expires_at: datetime
    this: bool = Field(default=False, description="Whether it is the one that asks.")


class SecurityEventRead(BaseModel):
    """What happened to somebody's access. `by` is who of ops did it; `network` is a part of the address."""

    model_config = ConfigDict(from_attributes=True)

    event: UUID
    at: datetime
    kind: SecurityKind
    person: UUID | None
    role: Role | None
    way: SignInWay | None
    network: str
    by: UUID | None


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["people"])
    context = SignInContext.of(kernel.settings, kernel.ids)

    @api.get("/sessions")
    async def own_sessions(caller: Anybody) -> list[OpenSessionRead]:
        """Where you are signed in, the session used last first."""
        async with kernel.database.statement() as tx:
            found = await sessions.own_sessions(tx, caller, kernel.clock())
        listed = [OpenSessionRead.model_validate(each) for each in found]
        return [each.model_copy(update={"this": each.session == caller.session}) for each in listed]

    @api.delete("/sessions/{session}", status_code=204, responses=problems(ProblemType.NOT_FOUND))
    async def end_session(
        session: UUID, caller: Annotated[Caller, Allow(*Role, of="session")], device: CurrentDevice
    ) -> None:
        """Sign out on one device. Its token is refused by every service within seconds."""
        async with kernel.database.transaction() as tx:
            await sessions.end_own_session(tx, context.on(device), caller, session, kernel.clock())

    @api.delete("/sessions", status_code=204)
    async def end_sessions(caller: Anybody, device: CurrentDevice) -> None:
        """Sign out everywhere, here too."""
        async with kernel.database.transaction() as tx:
            await sessions.end_own_sessions(tx, context.on(device), caller, kernel.clock())

    @api.get("/security-events")
    async def security_events(
        paging: AskedPage, _: Annotated[Caller, Allow(Role.OPS)], kind: SecurityKind | None = None
    ) -> Page[SecurityEventRead]:
        """Sign-ins, failures, roles given and taken, ended sessions: the newest first, kept for a year."""
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.statement() as tx:
            found = await sessions.security_events(tx, kind=kind, before=before, at_most=paging.fetch)
        return paged(
            [(Position(each.at, each.event), SecurityEventRead.model_validate(each)) for each in found], paging
        )

    return api
