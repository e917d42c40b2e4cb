"""Signing in by a link of the one-machine stack."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, Response

from services.intake.actions import local_links
from services.intake.actions.sessions import SignInContext, noting_refusals
from services.intake.api.devices import CurrentDevice
from services.intake.domain.sessions import SignInWay
from services.intake.pages.forms import LinkForm
from services.intake.pages.session import come_in, end_browser_session
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller
from shared.runtime.service import Kernel
from shared.web.access import Public
from shared.web.forms import Sent
from shared.web.templates import Pages

Stranger = Annotated[Caller | None, Public()]


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    """The links of `touchmark sign-in`; where the settings have no keys for them, there are none."""
    pages = APIRouter()
    if kernel.settings.local_link_keys:
        _by_link(pages, kernel)
    return pages


def _by_link(pages: APIRouter, kernel: Kernel[IntakeSettings]) -> None:
    context = SignInContext.of(kernel.settings, kernel.ids)

    @pages.get("/sign-in/local")
    async def look(request: Request, templates: Pages, _: Stranger, link: str = "") -> HTMLResponse:
        """Looking at a link does not use it up: browsers look at links before people do."""
        granted = local_links.read_local_link(context, link, kernel.clock())
        return templates.page(request, "local_link.html", {"link": link, "role": granted.role.value})

    @pages.post("/sign-in/local")
    async def sign_in_locally(
        request: Request, caller: Stranger, device: CurrentDevice, sent: Annotated[Sent[LinkForm], Form()]
    ) -> Response:
        now, written, here = kernel.clock(), sent.read().link, context.on(device)
        async with noting_refusals(kernel.database, here, SignInWay.LOCAL_LINK, now):
            link = local_links.read_local_link(context, written, now)
            async with kernel.database.transaction() as tx:
                signed_in = await local_links.sign_in_by_local_link(tx, here, link, now)
                await end_browser_session(tx, here, request, caller, now)
        return come_in(kernel, signed_in)
