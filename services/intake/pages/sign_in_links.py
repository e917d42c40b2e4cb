"""Signing in by a link: one that was mailed for a commission, or one of the one-machine stack."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import sign_in_links
from services.intake.actions.sessions import SignInContext, noting_refusals
from services.intake.api.devices import CurrentDevice
from services.intake.domain.sessions import SignInWay
from services.intake.pages.cookies import keep_session
from services.intake.pages.forms import LinkForm
from services.intake.pages.session import HOME, end_browser_session
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller
from shared.runtime.service import Kernel
from shared.web.access import Public
from shared.web.forms import Sent
from shared.web.templates import Pages

Stranger = Annotated[Caller | None, Public()]


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()
    _mailed(pages, kernel)
    if kernel.settings.local_link_keys:
        _local(pages, kernel)
    return pages


def _mailed(pages: APIRouter, kernel: Kernel[IntakeSettings]) -> None:
    """The way back to a commission from another browser: a link to the address that it was asked for with."""
    context = SignInContext.of(kernel.settings, kernel.ids)

    @pages.get("/commissions/{commission}/sign-in")
    async def offer(request: Request, commission: UUID, _: Stranger, templates: Pages) -> HTMLResponse:
        page = {"commission": commission, "asked": False}
        return templates.page(request, "request_link.html", page)

    @pages.post("/commissions/{commission}/sign-in")
    async def ask(request: Request, commission: UUID, _: Stranger, templates: Pages) -> HTMLResponse:
        async with kernel.database.transaction() as tx:
            await sign_in_links.ask_for_link(tx, commission, new_id=kernel.ids, now=kernel.clock())
        page = {"commission": commission, "asked": True}
        return templates.page(request, "request_link.html", page)

    @pages.get("/commissions/{commission}/sign-in/link")
    async def come(
        request: Request,
        commission: UUID,
        _: Stranger,
        templates: Pages,
        written: Annotated[str, Query(alias="pass")] = "",
    ) -> HTMLResponse:
        """Looking at a link does not use it up: mailboxes look at links before people do."""
        sign_in_links.read_link(context, commission, written, kernel.clock())
        page = {"commission": commission, "written": written}
        return templates.page(request, "use_link.html", page)

    @pages.post("/commissions/{commission}/sign-in/link")
    async def sign_in(
        request: Request,
        commission: UUID,
        caller: Stranger,
        device: CurrentDevice,
        sent: Annotated[Sent[LinkForm], Form()],
    ) -> Response:
        now, written, here = kernel.clock(), sent.read().link, context.on(device)
        async with noting_refusals(kernel.database, here, SignInWay.MAILED_LINK, now):
            link = sign_in_links.read_link(context, commission, written, now)
            async with kernel.database.transaction() as tx:
                signed_in = await sign_in_links.sign_in_by_link(tx, here, link, now)
                await end_browser_session(tx, here, request, caller, now)
        answer = RedirectResponse(f"/commissions/{commission}", 303)
        return keep_session(answer, signed_in, signed_in.secret or "", kernel.settings)


def _local(pages: APIRouter, kernel: Kernel[IntakeSettings]) -> None:
    """The links of `touchmark sign-in`; where the settings have no keys for them, there are none."""
    context = SignInContext.of(kernel.settings, kernel.ids)

    @pages.get("/sign-in/local")
    async def look(request: Request, templates: Pages, _: Stranger, link: str = "") -> HTMLResponse:
        """Looking at a link does not use it up: browsers look at links before people do."""
        granted = sign_in_links.read_local_link(context, link, kernel.clock())
        return templates.page(request, "local_link.html", {"link": link, "role": granted.role.value})

    @pages.post("/sign-in/local")
    async def sign_in_locally(
        request: Request, caller: Stranger, device: CurrentDevice, sent: Annotated[Sent[LinkForm], Form()]
    ) -> Response:
        now, written, here = kernel.clock(), sent.read().link, context.on(device)
        async with noting_refusals(kernel.database, here, SignInWay.LOCAL_LINK, now):
            link = sign_in_links.read_local_link(context, written, now)
            async with kernel.database.transaction() as tx:
                signed_in = await sign_in_links.sign_in_by_local_link(tx, here, link, now)
                await end_browser_session(tx, here, request, caller, now)
        return keep_session(RedirectResponse(HOME[link.role], 303), signed_in, signed_in.secret or "", kernel.settings)
