"""`/sign-in`, for everybody: an address is typed, and a link or a code from the mail lets its owner in.

Whoever opens a commission's page in a browser that does not know them types nothing: its customer gets that mail.
"""

from typing import Annotated
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import sign_in
from services.intake.actions.sessions import SignInContext, noting_refusals
from services.intake.actions.sign_in import AskingBrowser
from services.intake.api.devices import CurrentDevice, Proofs
from services.intake.api.sign_in import SignInCreate, ask_in_constant_time, let_in
from services.intake.domain.passkeys import offered_at
from services.intake.domain.people import PeopleReason
from services.intake.domain.sessions import SignInWay
from services.intake.pages.forms import AskedForm, CodeForm, LinkForm
from services.intake.pages.session import come_in, end_browser_session
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller
from shared.kernel.problems import Problem
from shared.runtime.service import Kernel
from shared.web.access import RENEW, Public, safe_next
from shared.web.cookies import cookies_of
from shared.web.forms import FormState, Sent
from shared.web.templates import Pages, Templates
from shared.web.ways import way_in

Stranger = Annotated[Caller | None, Public()]
_ADDRESS = {"email": PeopleReason.EMAIL_MISSING}
_CODE = {"code": PeopleReason.CODE_MISSING}


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()
    _by_address(pages, kernel)
    _by_commission(pages, kernel)
    _by_code(pages, kernel)
    _by_link(pages, kernel)
    return pages


def shown(request: Request, templates: Templates, form: FormState, problem: Problem | None = None) -> HTMLResponse:
    """The page where one begins, and where one is led back to with what was wrong."""
    asked = {"next_page": form.value("next"), "ask": form.value("ask")}
    offered = {"passkeys": are_offered(request), "provider": request.app.state.kernel.settings.provider_name}
    page = {"form": form, "problem": problem, **offered, **asked}
    return templates.page(request, "sign_in.html", page, problem=problem)


def are_offered(request: Request) -> bool:
    address = urlsplit(request.app.state.kernel.settings.public_url)
    return offered_at(address.scheme, address.hostname or "")


def _by_address(pages: APIRouter, kernel: Kernel[IntakeSettings]) -> None:
    context = SignInContext.of(kernel.settings, kernel.ids)

    @pages.get("/sign-in")
    async def offer(
        request: Request,
        caller: Stranger,
        templates: Pages,
        to: Annotated[str, Query(alias="next")] = "",
        ask: str = "",
    ) -> Response:
        """A browser whose session only needs renewing is let in at once."""
        if caller is None and to and cookies_of(request).session in request.cookies:
            return RedirectResponse(f"{RENEW}?next={quote(safe_next(to), safe='')}", 303)
        return shown(request, templates, FormState({"next": to, "ask": ask}))

    @pages.post("/sign-in")
    async def ask(
        request: Request,
        _: Stranger,
        templates: Pages,
        device: CurrentDevice,
        proofs: Proofs,
        sent: Annotated[Sent[SignInCreate], Form()],
    ) -> Response:
        try:
            given = sent.read(_ADDRESS)
        except Problem as problem:
            return shown(request, templates, sent.form.with_problem(problem), problem)
        here, now = context.on(device), kernel.clock()
        asked = await ask_in_constant_time(
            kernel,
            lambda tx: sign_in.ask_for_link(tx, here, given.email, now, browser=AskingBrowser(given.ask, proofs)),
        )
        return _wait(asked, sent.form.value("next"))


def _wait(asked: UUID, to: str) -> Response:
    """On to where the code is typed; so nobody asks twice who loads the page again."""
    return RedirectResponse(f"/sign-in/code?{urlencode({'ask': asked, 'next': to})}", 303)


def _by_commission(pages: APIRouter, kernel: Kernel[IntakeSettings]) -> None:
    context = SignInContext.of(kernel.settings, kernel.ids)

    @pages.get("/commissions/{commission}/sign-in")
    async def offer(request: Request, commission: UUID, _: Stranger, templates: Pages, ask: str = "") -> HTMLResponse:
        return templates.page(request, "request_link.html", {"commission": commission, "ask": ask})

    @pages.post("/commissions/{commission}/sign-in")
    async def ask(
        commission: UUID,
        _: Stranger,
        device: CurrentDevice,
        proofs: Proofs,
        sent: Annotated[Sent[AskedForm], Form()],
    ) -> Response:
        here, now, before = context.on(device), kernel.clock(), sent.read().asked
        asked = await ask_in_constant_time(
            kernel, lambda tx: sign_in.ask_on_page(tx, here, commission, now, browser=AskingBrowser(before, proofs))
        )
        return _wait(asked, f"/commissions/{commission}")


def _shown_code(
    request: Request, templates: Templates, form: FormState, problem: Problem | None = None
) -> HTMLResponse:
    page = {"form": form, "of_commission": way_in(form.value("next"))}
    return templates.page(request, "sign_in_code.html", page, problem=problem)


def _by_code(pages: APIRouter, kernel: Kernel[IntakeSettings]) -> None:
    context = SignInContext.of(kernel.settings, kernel.ids)

    @pages.get("/sign-in/code")
    async def wait(
        request: Request, _: Stranger, templates: Pages, ask: str = "", to: Annotated[str, Query(alias="next")] = ""
    ) -> HTMLResponse:
        return _shown_code(request, templates, FormState({"ask": ask, "next": to}))

    @pages.post("/sign-in/code")
    async def by_code(
        request: Request,
        caller: Stranger,
        templates: Pages,
        device: CurrentDevice,
        sent: Annotated[Sent[CodeForm], Form()],
    ) -> Response:
        here, now = context.on(device), kernel.clock()
        try:
            given = sent.read(_CODE)
            async with kernel.database.transaction() as tx:
                used = await sign_in.sign_in_by_code(tx, here, given.asked, given.code, now)
                if used.signed_in is not None:
                    await end_browser_session(tx, here, request, caller, now)
            signed_in = await let_in(kernel, here, used, now)
        except Problem as problem:
            return _shown_code(request, templates, sent.form.with_problem(problem), problem)
        return come_in(kernel, signed_in, given.next)


def _by_link(pages: APIRouter, kernel: Kernel[IntakeSettings]) -> None:
    context = SignInContext.of(kernel.settings, kernel.ids)

    @pages.get("/sign-in/link")
    async def look(request: Request, _: Stranger, templates: Pages, link: str = "") -> HTMLResponse:
        """Looking at a link does not use it up: mailboxes look at links before people do."""
        try:
            async with kernel.database.transaction() as tx:
                person = await sign_in.look_at_link(tx, link, kernel.clock())
        except Problem as problem:
            return shown(request, templates, FormState(), problem)
        return templates.page(request, "sign_in_link.html", {"person": person, "link": link})

    @pages.post("/sign-in/link")
    async def by_link(
        request: Request,
        caller: Stranger,
        templates: Pages,
        device: CurrentDevice,
        sent: Annotated[Sent[LinkForm], Form()],
    ) -> Response:
        now, link, here = kernel.clock(), sent.read().link, context.on(device)
        try:
            async with (
                noting_refusals(kernel.database, here, SignInWay.MAILED_LINK, now),
                kernel.database.transaction() as tx,
            ):
                signed_in = await sign_in.sign_in_by_link(tx, here, link, now)
                await end_browser_session(tx, here, request, caller, now)
        except Problem as problem:
            return shown(request, templates, FormState(), problem)
        return come_in(kernel, signed_in)
