"""A maker's own profile: what certificates say of them, if they want to be named."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.production.actions import profiles
from services.production.domain.profiles import Profile, read_profile
from services.production.pages.forms import ProfileForm
from services.production.pages.values import TEMPLATE_VALUES
from services.production.settings import ProductionSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem
from shared.runtime.service import Kernel
from shared.web.access import Allow, Public
from shared.web.forms import FormState, Sent
from shared.web.images import MEDIA_TYPE, read_picture
from shared.web.templates import Pages

Maker = Annotated[Caller, Allow(Role.MAKER, of="maker")]
Anybody = Annotated[Caller | None, Public()]


def router(kernel: Kernel[ProductionSettings]) -> APIRouter:
    pages = APIRouter()

    async def values(caller: Caller, maker: UUID, form: FormState | None) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            profile = await profiles.read_profile(tx, caller, maker)
        return {"profile": profile, "form": form or FormState(_typed(profile)), **TEMPLATE_VALUES}

    @pages.get("/makers/{maker}/profile")
    async def show(request: Request, maker: UUID, caller: Maker, templates: Pages) -> HTMLResponse:
        return templates.page(request, "profile.html", await values(caller, maker, None))

    @pages.post("/makers/{maker}/profile")
    async def save(
        request: Request, maker: UUID, caller: Maker, templates: Pages, sent: Annotated[Sent[ProfileForm], Form()]
    ) -> Response:
        try:
            given = sent.read()
            profile = read_profile(maker, public=given.public, name=given.name, words=given.words)
            picture = await read_picture(given.portrait, "portrait", caller.person) if given.portrait else None
            async with kernel.database.transaction() as tx:
                await profiles.save_profile(tx, caller, profile, now=kernel.clock())
                if picture or given.portrait_dropped:
                    await profiles.save_portrait(tx, caller, maker, picture.data if picture else None)
        except Problem as problem:
            again = await values(caller, maker, sent.form.with_problem(problem))
            return templates.page(request, "profile.html", again, problem=problem)
        return RedirectResponse(f"/makers/{maker}/profile", 303)

    @pages.get("/makers/{maker}/portrait")
    async def portrait(maker: UUID, _: Anybody) -> Response:
        async with kernel.database.transaction() as tx:
            found = await profiles.portrait(tx, maker)
        return Response(found, media_type=MEDIA_TYPE, headers={"Cache-Control": "private, max-age=300"})

    return pages


def _typed(profile: Profile) -> dict[str, str]:
    return {"public": "yes" if profile.public else "", "name": profile.name, "words": profile.words}
