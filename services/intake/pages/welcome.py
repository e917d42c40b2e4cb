"""The first page: what this is, how it goes, and what one can ask for."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from services.intake.actions import offerings
from shared.auth.roles import Caller
from shared.kernel.money import Money
from shared.web.access import Public
from shared.web.language import reader_of
from shared.web.templates import Pages


def router() -> APIRouter:
    pages = APIRouter()

    @pages.get("/")
    async def welcome(request: Request, templates: Pages, _: Annotated[Caller | None, Public()]) -> HTMLResponse:
        language = reader_of(request.scope).language
        offered = [each.offering.in_language(language) for each in offerings.offered()]
        least = {each.key: Money(minor=each.pricing.minimum_minor, currency=each.pricing.currency) for each in offered}
        return templates.page(request, "welcome.html", {"offered": offered, "least": least})

    return pages
