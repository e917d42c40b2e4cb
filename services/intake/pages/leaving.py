"""Somebody's data: to take along, and to have erased; for themselves, and for ops who are asked for it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import erasure, export
from services.intake.api.erasure import archive_response
from services.intake.domain.erasure import Leaves, LeavingReason
from services.intake.pages.cookies import forget_session
from services.intake.pages.forms import LeavingForm
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.pagination import AskedPage, Paging, Position, paged
from shared.web.templates import Pages

Anybody = Annotated[Caller, Allow(*Role)]
Ops = Annotated[Caller, Allow(Role.OPS)]
Leaving = Annotated[Sent[LeavingForm], Form()]
_OWN = "/your-data"


class _Door:
    """What the routes have in common, whoever asks; `base` is the address of the page."""

    def __init__(self, kernel: Kernel[IntakeSettings]) -> None:
        self._kernel = kernel
        self._rules = erasure.LeavingRules.of(kernel.settings)

    async def show(self, request: Request, templates: Pages, person: UUID, base: str) -> HTMLResponse:
        return templates.page(request, "your_data.html", await self._found(person, base, FormState()))

    async def archive(self, person: UUID) -> Response:
        now = self._kernel.clock()
        async with self._kernel.database.transaction() as tx:
            collected = await export.collect(tx, person, now)
        return await archive_response(collected, now)

    async def erase(
        self, request: Request, templates: Pages, caller: Caller, person: UUID, sent: Sent[LeavingForm]
    ) -> Response:
        """Once all is erased there is no page to go back to; the answer says so."""
        base = request.url.path.removesuffix("/erase")
        try:
            if not sent.read().sure:
                raise invalid(FieldProblem("/sure", LeavingReason.NOT_SURE))
            async with self._kernel.database.transaction() as tx:
                asked = await erasure.ask(tx, caller, person, self._rules, self._kernel.clock())
        except Problem as problem:
            if problem.type is ProblemType.NOT_FOUND:
                raise
            again = await self._found(person, base, sent.form.with_problem(problem))
            return templates.page(request, "your_data.html", again, problem=problem)
        if asked.erased_at is None:
            return RedirectResponse(base, 303)
        own = person == caller.person
        answer = templates.page(request, "erased.html", {"erasure": asked, "for_self": own})
        return forget_session(answer, self._kernel.settings) if own else answer

    async def keep(self, person: UUID, base: str) -> Response:
        async with self._kernel.database.transaction() as tx:
            await erasure.take_back(tx, person)
        return RedirectResponse(base, 303)

    async def report(self, request: Request, templates: Pages, paging: Paging) -> HTMLResponse:
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with self._kernel.database.transaction() as tx:
            found = await erasure.read_report(tx, before=before, at_most=paging.fetch)
        placed = [(Position(each.asked_at, each.person), each) for each in found]
        kept = self._kernel.settings.erased_keys is not None
        return templates.page(request, "erasures.html", {"listed": paged(placed, paging), "keys_are_kept": kept})

    async def _found(self, person: UUID, base: str, form: FormState) -> dict[str, Any]:
        async with self._kernel.database.transaction() as tx:
            preview = await erasure.preview(tx, person, self._rules, self._kernel.clock())
        return {"preview": preview, "base": base, "for_self": base == _OWN, "form": form, "leaves": Leaves}


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()
    door = _Door(kernel)
    _own(pages, door)
    _for_ops(pages, door)
    return pages


def _own(pages: APIRouter, door: _Door) -> None:
    @pages.get(_OWN)
    async def own(request: Request, caller: Anybody, templates: Pages) -> HTMLResponse:
        return await door.show(request, templates, caller.person, _OWN)

    @pages.get(f"{_OWN}/archive.zip")
    async def own_archive(caller: Anybody) -> Response:
        return await door.archive(caller.person)

    @pages.post(f"{_OWN}/erase")
    async def erase_own(request: Request, caller: Anybody, templates: Pages, sent: Leaving) -> Response:
        return await door.erase(request, templates, caller, caller.person, sent)

    @pages.post(f"{_OWN}/keep")
    async def keep_own(caller: Anybody) -> Response:
        return await door.keep(caller.person, _OWN)


def _for_ops(pages: APIRouter, door: _Door) -> None:
    @pages.get("/people/{person}/data")
    async def other(request: Request, person: UUID, _: Ops, templates: Pages) -> HTMLResponse:
        return await door.show(request, templates, person, f"/people/{person}/data")

    @pages.get("/people/{person}/data/archive.zip")
    async def others_archive(person: UUID, _: Ops) -> Response:
        return await door.archive(person)

    @pages.post("/people/{person}/data/erase")
    async def erase_other(request: Request, person: UUID, caller: Ops, templates: Pages, sent: Leaving) -> Response:
        return await door.erase(request, templates, caller, person, sent)

    @pages.post("/people/{person}/data/keep")
    async def keep_other(person: UUID, _: Ops) -> Response:
        return await door.keep(person, f"/people/{person}/data")

    @pages.get("/erasures")
    async def report(request: Request, paging: AskedPage, _: Ops, templates: Pages) -> HTMLResponse:
        return await door.report(request, templates, paging)
