"""The earliest honest day: a line on the form that asks for a piece, and a page of its own where scripts are off."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse

from services.production.api.earliest import Anybody, EarliestDoor, Name, Version
from services.production.settings import ProductionSettings
from shared.offerings.key import OfferingKey
from shared.runtime.service import Kernel
from shared.web.language import reader_of
from shared.web.templates import Pages

_OF_HTMX = "hx-request"


def router(kernel: Kernel[ProductionSettings]) -> APIRouter:
    pages = APIRouter()
    door = EarliestDoor(kernel)

    @pages.get("/bench/earliest")
    async def earliest(
        request: Request,
        templates: Pages,
        _: Anybody,
        *,
        craft: Name,
        offering: Name,
        version: Version,
        needed_by: Annotated[str, Query(max_length=40)] = "",
    ) -> HTMLResponse:
        """`needed_by` is as somebody types it: what is no day is compared with nothing."""
        found = await door.ask(request, OfferingKey(craft, offering, version))
        values = {"ready_by": found.ready_by, "needed_by": _day(needed_by)}
        if _OF_HTMX in request.headers:
            page = HTMLResponse(templates.fragment("_earliest.html", reader_of(request.scope), **values))
        else:
            page = templates.page(request, "earliest.html", values)
        page.headers["Vary"] = "HX-Request"
        page.headers["Cache-Control"] = "private, no-cache"
        return page

    return pages


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
