"""`/sign-in/provider`: to the studio's own OpenID provider, and back from there."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse, Response

from services.intake.actions import provider as signing_in
from services.intake.actions.sessions import SignInContext, noting_refusals
from services.intake.api.devices import CurrentDevice
from services.intake.api.provider import Owner
from services.intake.domain.provider import ATTEMPT_LIFE
from services.intake.domain.sessions import SignInWay
from services.intake.pages.provider_sign_out import SIGNED_OUT
from services.intake.pages.session import come_in, end_browser_session
from services.intake.pages.sign_in import shown
from services.intake.settings import IntakeSettings
from shared.auth.provider.model import ProviderClient, ProviderSettings
from shared.auth.roles import Caller
from shared.kernel.problems import Problem, not_found
from shared.runtime.service import Kernel
from shared.web.access import Public, safe_next
from shared.web.clients import client_of
from shared.web.cookies import cookies_of
from shared.web.forms import FormState
from shared.web.rates import HourlyRate
from shared.web.templates import Pages

CALLBACK = "/sign-in/provider/callback"
"""Where the provider sends people back to: it is told by whoever sets it up."""

BEGUN_AN_HOUR = 100
"""From one client: each can make us ask the provider once, and a whole studio may be one."""

Stranger = Annotated[Caller | None, Public()]


class ProviderAnswer(BaseModel):
    """What the provider says by the browser; `iss` is its name, if it says so (RFC 9207)."""

    state: Annotated[str, Field(max_length=4000)] = ""
    code: Annotated[str, Field(max_length=4000)] = ""
    iss: Annotated[str, Field(max_length=500)] | None = None


def router(kernel: Kernel[IntakeSettings], provider: ProviderClient | None) -> APIRouter:
    pages = APIRouter()
    context = SignInContext.of(kernel.settings, kernel.ids)
    begun = HourlyRate(BEGUN_AN_HOUR)

    @pages.get("/sign-in/provider")
    async def begin(
        request: Request, _: Stranger, templates: Pages, to: Annotated[str, Query(alias="next")] = ""
    ) -> Response:
        """A link and no form: a browser follows no form to another site, as our pages tell it."""
        if provider is None:
            raise not_found()
        wanted, now, cookies = safe_next(to) if to else "", kernel.clock(), cookies_of(request)
        try:
            begun.take(client_of(request.scope), now)
            handed = cookies.handed in request.cookies
            attempt, address = await signing_in.begin(provider, context, wanted, now, anew=handed)
        except Problem as problem:
            return shown(request, templates, FormState({"next": wanted}), problem)
        answer = RedirectResponse(address, 303)
        cookies.keep(answer, cookies.provider, attempt.cookie, int(ATTEMPT_LIFE.total_seconds()))
        return answer

    @pages.get(CALLBACK)
    async def come_back(
        request: Request,
        caller: Stranger,
        templates: Pages,
        device: CurrentDevice,
        said: Annotated[ProviderAnswer, Query()],
    ) -> Response:
        """What the provider says of an error is not shown: anybody can write it into a link."""
        if provider is None:
            raise not_found()
        now, here, cookies = kernel.clock(), context.on(device), cookies_of(request)
        to = ""
        try:
            async with noting_refusals(kernel.database, here, SignInWay.PROVIDER, now):
                async with kernel.database.transaction() as tx:
                    cookie = request.cookies.get(cookies.provider, "")
                    attempt = await signing_in.use_attempt(tx, here, cookie, said.state, now)
                to = attempt.to
                identity = await signing_in.identify(provider, attempt, said.code, said.iss, now)
                async with kernel.database.transaction() as tx:
                    signed_in = await signing_in.sign_in(tx, here, identity, now)
                    await end_browser_session(tx, here, request, caller, now)
            answer = come_in(kernel, signed_in, to)
        except Problem as problem:
            answer = shown(request, templates, FormState({"next": to}), problem)
        cookies.forget(answer, cookies.provider)
        return answer

    @pages.post("/provider-accounts/{account}/untie")
    async def untie(account: UUID, caller: Owner, device: CurrentDevice) -> Response:
        async with kernel.database.transaction() as tx:
            await signing_in.untie(tx, context.on(device), caller, account, kernel.clock())
        return RedirectResponse("/sessions", 303)

    return pages


def provider_of(settings: IntakeSettings) -> ProviderClient | None:
    """The studio's own provider, if it has one: the same for every page, so that it is asked once."""
    if not settings.oidc_issuer:
        return None
    from shared.auth.provider.client import Provider  # noqa: PLC0415 (it costs memory, and most have none)

    return Provider(
        ProviderSettings(
            settings.oidc_issuer,
            settings.oidc_client_id,
            f"{settings.public_url.rstrip('/')}{CALLBACK}",
            settings.oidc_client_secret.get_secret_value(),
            f"{settings.public_url.rstrip('/')}{SIGNED_OUT}",
        )
    )
