"""Choosing a language: kept in this browser, and for a person who is signed in also for mails."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse

from services.intake.actions import people
from services.intake.pages.forms import LanguageForm
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller
from shared.runtime.service import Kernel
from shared.web.access import Public, safe_next
from shared.web.cookies import LANGUAGE_COOKIE, cookies_of
from shared.web.forms import Sent

_YEAR = 365 * 24 * 3600
"""Seconds."""


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()

    @pages.post("/language")
    async def choose(
        request: Request, caller: Annotated[Caller | None, Public()], sent: Annotated[Sent[LanguageForm], Form()]
    ) -> RedirectResponse:
        """Back to the page where it was chosen; a language that there is not changes nothing."""
        given = sent.read()
        language = given.language
        answer = RedirectResponse(safe_next(given.back), 303)
        if language not in request.app.state.readers.languages:
            return answer
        if caller:
            async with kernel.database.transaction() as tx:
                await people.choose_language(tx, caller.person, language, kernel.clock())
        cookies_of(request).keep(answer, LANGUAGE_COOKIE, language, _YEAR, scripts=True)
        return answer

    return pages
