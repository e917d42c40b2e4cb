"""Makers and people of the studio: invited by ops, by a link; and a new link for whoever lost their way in."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import people, records
from services.intake.actions.sessions import SignInContext, noting_refusals
from services.intake.api.devices import CurrentDevice
from services.intake.api.people import SECRET_LIMIT, PersonCreate, SessionRead, session_read
from services.intake.domain.people import EMAIL_LIMIT, EmailAddress, SecondStepIs, link
from services.intake.domain.sessions import SignInWay
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow, Public
from shared.web.idempotency import IdempotencyKey
from shared.web.openapi import problems
from shared.web.pagination import AskedPage, Page, Position, paged

Ops = Annotated[Caller, Allow(Role.OPS)]
Stranger = Annotated[Caller | None, Public()]


class InvitationCreate(PersonCreate):
    """Who is invited, and in which role."""

    role: Literal[Role.MAKER, Role.OPS]


class InvitationRead(BaseModel):
    """`link` is for a browser; `secret` is what it holds, for a program."""

    person: UUID
    link: str
    secret: str
    until: datetime


class ColleagueRead(BaseModel):
    """`link_until` is set while the link by which they sign in is good; `signed_in` while a session is open."""

    model_config = ConfigDict(from_attributes=True)

    person: UUID
    role: Role
    name: str
    email: str
    recorded_at: datetime
    link_until: datetime | None
    signed_in: bool
    locked_out: bool = Field(description="Ops ended their access; until they are given a new link.")


class ColleagueDetailRead(ColleagueRead):
    """One of them; `pieces` are the commissions whose pieces they still have to make."""

    pieces: list[UUID]


class PersonRead(BaseModel):
    """Somebody, of any role."""

    model_config = ConfigDict(from_attributes=True)

    person: UUID
    role: Role
    name: str
    email: str


class NewLinkCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    second_step: SecondStepIs = SecondStepIs.KEPT


class InvitationSecret(BaseModel):
    model_config = ConfigDict(extra="forbid")

    secret: Annotated[str, Field(min_length=1, max_length=SECRET_LIMIT)]


class InvitedRead(BaseModel):
    name: str
    role: Role


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["people"])
    context = SignInContext.of(kernel.settings, kernel.ids)

    @api.post(
        "/people/colleagues",
        status_code=201,
        responses=problems(ProblemType.IDEMPOTENCY_KEY_MISSING, ProblemType.IDEMPOTENCY_KEY_REUSED),
    )
    async def invite(
        caller: Ops, key: IdempotencyKey, given: InvitationCreate, device: CurrentDevice
    ) -> InvitationRead:
        """Invite a maker or somebody of the studio. The link is mailed, and shown here; it works once.

        The same request again invites nobody else, and answers the same link.
        """
        async with kernel.database.transaction() as tx:
            made = await people.invite(
                tx, key.of(given), context.on(device), given.contact, given.role, by=caller, now=kernel.clock()
            )
        return InvitationRead(
            person=made.person, link=link(kernel.settings.public_url, made.secret), secret=made.secret, until=made.until
        )

    @api.post(
        "/people/{person}/links",
        status_code=201,
        responses=problems(
            ProblemType.NOT_FOUND,
            ProblemType.CONFLICT,
            ProblemType.IDEMPOTENCY_KEY_MISSING,
            ProblemType.IDEMPOTENCY_KEY_REUSED,
        ),
    )
    async def give_new_link(
        person: UUID, caller: Ops, key: IdempotencyKey, device: CurrentDevice, given: NewLinkCreate | None = None
    ) -> InvitationRead:
        """Give somebody a new way in who lost theirs, a customer too: they are the same person as before.

        The link is mailed to them, and shown here; it works once, and the one before works no more. Who has a second
        step is asked for it, unless it is `lost`: then their apps, passkeys and recovery codes are removed.
        """
        step, now = given.second_step if given else SecondStepIs.KEPT, kernel.clock()
        async with kernel.database.transaction() as tx:
            made = await people.give_new_link(
                tx, key.of(person, step), context.on(device), person, second_step=step, by=caller, now=now
            )
        return InvitationRead(
            person=made.person, link=link(kernel.settings.public_url, made.secret), secret=made.secret, until=made.until
        )

    @api.get("/people/by-address")
    async def by_address(
        _: Ops, email: Annotated[str, EmailAddress(), Query(max_length=4 * EMAIL_LIMIT)]
    ) -> list[PersonRead]:
        """Everybody who is recorded with this address, customers too."""
        async with kernel.database.statement() as tx:
            return [PersonRead.model_validate(each) for each in await people.found_by_address(tx, email)]

    @api.get("/people/colleagues")
    async def colleagues(paging: AskedPage, _: Ops) -> Page[ColleagueRead]:
        """Makers and people of the studio, the newest first."""
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            found = await people.colleagues(tx, now=kernel.clock(), before=before, at_most=paging.fetch)
        shown = [(Position(each.recorded_at, each.person), ColleagueRead.model_validate(each)) for each in found]
        return paged(shown, paging)

    @api.get("/people/colleagues/{person}", responses=problems(ProblemType.NOT_FOUND))
    async def colleague(person: UUID, _: Ops) -> ColleagueDetailRead:
        """A maker or somebody of the studio, with what is on their bench."""
        async with kernel.database.transaction() as tx:
            found = await people.colleague(tx, person, kernel.clock())
            pieces = await records.open_pieces(tx, person)
        return ColleagueDetailRead(**vars(found), pieces=list(pieces))

    @api.delete("/people/colleagues/{person}/access", status_code=204, responses=problems(ProblemType.NOT_FOUND))
    async def end_access(person: UUID, caller: Ops, device: CurrentDevice) -> None:
        """End somebody's access: all their sessions, and a sign-in link that was not used yet.

        A token that they hold is refused by every service within seconds. Doing it again changes nothing.
        Your own access is not ended here: sign out instead.
        """
        async with kernel.database.transaction() as tx:
            await people.end_access(tx, context.on(device), caller, person, kernel.clock())

    @api.post("/session/invitation/look", responses=problems(ProblemType.NOT_ALLOWED))
    async def invited(_: Stranger, given: InvitationSecret) -> InvitedRead:
        """Whose invitation this is; looking does not use it up."""
        async with kernel.database.transaction() as tx:
            person = await people.invited(tx, given.secret, kernel.clock())
        return InvitedRead(name=person.name, role=person.role)

    @api.post("/session/invitation", status_code=201, responses=problems(ProblemType.NOT_ALLOWED))
    async def sign_in_by_invitation(_: Stranger, given: InvitationSecret, device: CurrentDevice) -> SessionRead:
        """Sign in by the secret of a link that the studio gave you; it works once."""
        now, here = kernel.clock(), context.on(device)
        async with (
            noting_refusals(kernel.database, here, SignInWay.INVITATION, now),
            kernel.database.transaction() as tx,
        ):
            return session_read(await people.sign_in_by_invitation(tx, here, given.secret, now))

    return api
