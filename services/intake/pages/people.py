"""Makers and people of the studio: ops invite them, with a sign-in link to hand over, and end their access."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import people, records, second_step
from services.intake.actions.people import Invitation
from services.intake.actions.sessions import SignInContext, noting_refusals
from services.intake.api.colleagues import InvitationCreate
from services.intake.api.devices import CurrentDevice
from services.intake.domain.people import PeopleReason, link, read_address
from services.intake.domain.sessions import SignInWay
from services.intake.pages.forms import InvitationForm, NewLinkForm
from services.intake.pages.session import come_in, end_browser_session
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem, ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow, Public
from shared.web.forms import FormState, Sent
from shared.web.idempotency import request_key
from shared.web.pagination import AskedPage, Paging, Position, paged
from shared.web.templates import Pages

Ops = Annotated[Caller, Allow(Role.OPS)]
Stranger = Annotated[Caller | None, Public()]
_FIRST = Paging(50)
_WHO = {
    "name": PeopleReason.NAME_MISSING,
    "email": PeopleReason.EMAIL_MISSING,
    "role": PeopleReason.ROLE_MISSING,
}


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()
    context = SignInContext.of(kernel.settings, kernel.ids)

    async def found(
        caller: Caller, form: FormState, paging: Paging, made: Invitation | None = None, address: str = ""
    ) -> dict[str, Any]:
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            all_of_them = await people.colleagues(tx, now=kernel.clock(), before=before, at_most=paging.fetch)
            matching = await people.found_by_address(tx, sought) if (sought := read_address(address)) else ()
        placed = [(Position(each.recorded_at, each.person), each) for each in all_of_them]
        way = link(kernel.settings.public_url, made.secret) if made else ""
        return {
            "listed": paged(placed, paging),
            "form": form,
            "made": made,
            "link": way,
            "own_access": caller.person,
            "address": address,
            "matching": matching,
        }

    @pages.get("/people")
    async def listed(
        request: Request, paging: AskedPage, caller: Ops, templates: Pages, address: str = ""
    ) -> HTMLResponse:
        page = await found(caller, FormState(), paging, address=address.strip())
        return templates.page(request, "people.html", page)

    @pages.post("/people")
    async def invite(
        request: Request,
        caller: Ops,
        templates: Pages,
        device: CurrentDevice,
        sent: Annotated[Sent[InvitationCreate], Form()],
    ) -> HTMLResponse:
        key = request_key(caller, "POST /people", sent.form.key).of(sent.form.asked)
        try:
            given = sent.read(_WHO)
            async with kernel.database.transaction() as tx:
                made = await people.invite(
                    tx, key, context.on(device), given.contact, given.role, by=caller, now=kernel.clock()
                )
        except Problem as problem:
            if problem.type is ProblemType.NOT_SIGNED_IN:
                raise
            again = await found(caller, sent.form.with_problem(problem), _FIRST)
            return templates.page(request, "people.html", again, problem=problem)
        page = await found(caller, FormState({"name": given.name}), _FIRST, made)
        return templates.page(request, "people.html", page)

    @pages.get("/people/{person}/end-access")
    async def ask_before_ending(request: Request, person: UUID, caller: Ops, templates: Pages) -> HTMLResponse:
        """Once the access is ended, this says so."""
        async with kernel.database.transaction() as tx:
            colleague = await people.colleague(tx, person, kernel.clock())
            pieces = await records.open_pieces(tx, person)
        colleague.check_ending_by(caller.person)
        return templates.page(request, "end_access.html", {"colleague": colleague, "pieces": pieces})

    @pages.post("/people/{person}/end-access")
    async def end_access(person: UUID, caller: Ops, device: CurrentDevice) -> Response:
        async with kernel.database.transaction() as tx:
            await people.end_access(tx, context.on(device), caller, person, kernel.clock())
        return RedirectResponse(f"/people/{person}/end-access", 303)

    _new_links(pages, kernel)
    _invitations(pages, kernel)
    return pages


def _new_links(pages: APIRouter, kernel: Kernel[IntakeSettings]) -> None:
    """A new way in for whoever lost theirs."""
    context = SignInContext.of(kernel.settings, kernel.ids)

    @pages.get("/people/{person}/new-link")
    async def ask_before_giving(request: Request, person: UUID, caller: Ops, templates: Pages) -> HTMLResponse:
        async with kernel.database.transaction() as tx:
            whom = await people.somebody(tx, person)
        whom.check_may_get_link()
        page = {"whom": whom, "form": FormState(), "made": None, "may_reset": second_step.may_reset(caller)}
        return templates.page(request, "new_link.html", page)

    @pages.post("/people/{person}/new-link")
    async def give_new_link(
        request: Request,
        person: UUID,
        *,
        caller: Ops,
        templates: Pages,
        device: CurrentDevice,
        sent: Annotated[Sent[NewLinkForm], Form()],
    ) -> HTMLResponse:
        step = sent.read().second_step
        key = request_key(caller, f"POST /people/{person}/new-link", sent.form.key).of(person, step)
        async with kernel.database.transaction() as tx:
            whom = await people.somebody(tx, person)
            made = await people.give_new_link(
                tx, key, context.on(device), person, second_step=step, by=caller, now=kernel.clock()
            )
        way = link(kernel.settings.public_url, made.secret)
        page = {"whom": whom, "form": sent.form, "made": made, "link": way}
        return templates.page(request, "new_link.html", page)


def _invitations(pages: APIRouter, kernel: Kernel[IntakeSettings]) -> None:
    """Whoever opens a link that ops made."""
    context = SignInContext.of(kernel.settings, kernel.ids)

    @pages.get("/invitation")
    async def ask(
        request: Request, templates: Pages, _: Stranger, secret: Annotated[str, Query(alias="link")] = ""
    ) -> HTMLResponse:
        """Looking at a link does not use it up: mailboxes look at links before people do."""
        async with kernel.database.transaction() as tx:
            person = await people.invited(tx, secret, kernel.clock())
        return templates.page(request, "invitation.html", {"person": person, "secret": secret})

    @pages.post("/invitation")
    async def sign_in(
        request: Request, caller: Stranger, device: CurrentDevice, sent: Annotated[Sent[InvitationForm], Form()]
    ) -> Response:
        now, secret, here = kernel.clock(), sent.read().secret, context.on(device)
        async with (
            noting_refusals(kernel.database, here, SignInWay.INVITATION, now),
            kernel.database.transaction() as tx,
        ):
            signed_in = await people.sign_in_by_invitation(tx, here, secret, now)
            await end_browser_session(tx, here, request, caller, now)
        return come_in(kernel, signed_in)
