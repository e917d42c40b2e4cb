"""The studio's own texts: imprint, privacy, terms, contact; from files that the settings name."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller
from shared.kernel.problems import not_found
from shared.runtime.service import Kernel
from shared.web.access import Public
from shared.web.language import reader_of
from shared.web.studio_pages import StudioPage, foot_links, read_text
from shared.web.templates import Pages, Templates

Anybody = Annotated[Caller | None, Public()]


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()

    async def show(request: Request, templates: Templates, page: StudioPage) -> Response:
        """The text; a page that the studio has elsewhere leads there."""
        reader = reader_of(request.scope)
        elsewhere = {link.page: link.href for link in foot_links(kernel.settings)}.get(page, request.url.path)
        if elsewhere != request.url.path:
            return RedirectResponse(elsewhere, 303)
        text = await asyncio.to_thread(read_text, kernel.settings, page, reader.language)
        if text is None:
            raise not_found()
        return templates.page(request, "studio_page.html", {"page": page, "text": text})

    @pages.get("/imprint")
    async def imprint(request: Request, templates: Pages, _: Anybody) -> Response:
        return await show(request, templates, StudioPage.IMPRINT)

    @pages.get("/privacy")
    async def privacy(request: Request, templates: Pages, _: Anybody) -> Response:
        return await show(request, templates, StudioPage.PRIVACY)

    @pages.get("/terms")
    async def terms(request: Request, templates: Pages, _: Anybody) -> Response:
        return await show(request, templates, StudioPage.TERMS)

    @pages.get("/contact")
    async def contact(request: Request, templates: Pages, _: Anybody) -> Response:
        return await show(request, templates, StudioPage.CONTACT)

    return pages
