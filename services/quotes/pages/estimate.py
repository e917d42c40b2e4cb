"""The price range: a line on the form that asks for a piece, and a page of its own where scripts are off."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from services.quotes.api.estimate import Anybody, EstimateDoor, Name, Version
from services.quotes.settings import QuotesSettings
from shared.offerings.key import OfferingKey
from shared.runtime.service import Kernel
from shared.web.language import reader_of
from shared.web.templates import Pages


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    pages = APIRouter()
    door = EstimateDoor(kernel)

    @pages.get("/quotes/estimate")
    async def estimate(
        request: Request, templates: Pages, _: Anybody, craft: Name, offering: Name, version: Version
    ) -> HTMLResponse:
        found = await door.ask(request, OfferingKey(craft, offering, version))
        values = {"found": found, "without_vat": found is not None and not found.vat_percent}
        if "hx-request" in request.headers:
            page = HTMLResponse(templates.fragment("_estimate.html", reader_of(request.scope), **values))
        else:
            page = templates.page(request, "estimate.html", values)
        page.headers["Vary"] = "HX-Request"
        page.headers["Cache-Control"] = "private, no-cache"
        return page

    return pages
