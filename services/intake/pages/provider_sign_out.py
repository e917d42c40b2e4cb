"""`/sign-out/provider`: whoever came by the studio's own provider is offered to sign out there as well.

A link leads there, and no form: browsers apply `form-action 'self'` to where a form's answer redirects to as well.
"""

import hmac
import re
import secrets
from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from services.intake.actions.provider import sign_out_address
from services.intake.domain.sessions import EndedSession
from services.intake.pages.cookies import forget_session
from services.intake.settings import IntakeSettings
from shared.auth.provider.model import ProviderClient
from shared.auth.roles import Caller
from shared.runtime.service import Kernel
from shared.web.access import Public
from shared.web.cookies import CookieRules, cookies_of
from shared.web.templates import Pages

SIGNED_OUT: Final = "/sign-out/provider/done"
"""Where the provider sends people back to: it is told by whoever sets it up."""

_OFFER: Final = "/sign-out/provider"
_KEPT: Final = 600
"""Seconds in which the offer is good."""
_STATE: Final = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)

Stranger = Annotated[Caller | None, Public()]


async def signed_out(
    kernel: Kernel[IntakeSettings], provider: ProviderClient | None, ended: Sequence[EndedSession], to: str
) -> Response:
    """The browser is signed out. Where its session came from the provider, on to the offer, else `to`."""
    state = secrets.token_urlsafe(16)
    came_by = provider is not None and any(each.issuer == provider.issuer for each in ended)
    if provider is None or not came_by or not await sign_out_address(provider, state, kernel.clock()):
        return forget_session(RedirectResponse(to, 303), kernel.settings)
    answer = forget_session(RedirectResponse(_OFFER, 303), kernel.settings)
    cookies = CookieRules.of(kernel.settings.public_url)
    cookies.keep(answer, cookies.leaving, state, _KEPT)
    return answer


def router(kernel: Kernel[IntakeSettings], provider: ProviderClient | None) -> APIRouter:
    pages = APIRouter()

    @pages.get(_OFFER)
    async def offer(request: Request, caller: Stranger, templates: Pages) -> Response:
        """Only in a browser that has just signed out; where the provider is away by now, there is nothing to offer."""
        state, address = _state(request), ""
        if provider is not None and caller is None and state:
            address = await sign_out_address(provider, state, kernel.clock())
        if not address:
            return RedirectResponse("/", 303)
        page = {"address": address, "provider": kernel.settings.provider_name}
        return templates.page(request, "provider_sign_out.html", page)

    @pages.get(SIGNED_OUT)
    async def done(request: Request, _: Stranger, templates: Pages, state: Annotated[str, Query()] = "") -> Response:
        """Nothing is said to who has not been there: anybody can write a link to here."""
        known = _state(request)
        if not known or not hmac.compare_digest(known.encode(), state.encode("utf-8", "surrogatepass")):
            return RedirectResponse("/", 303)
        answer = templates.page(request, "provider_signed_out.html", {"provider": kernel.settings.provider_name})
        cookies_of(request).forget(answer, cookies_of(request).leaving)
        return answer

    return pages


def _state(request: Request) -> str:
    kept = request.cookies.get(cookies_of(request).leaving, "")
    return kept if _STATE.fullmatch(kept) else ""
