"""`/ops/commissions/{commission}`: where one commission stands, what happened, and what its workflow says."""

from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.lifecycle import actions
from services.lifecycle.pages.wording import Words
from services.lifecycle.settings import Settings
from shared.auth.roles import Caller, Role
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import read_form
from shared.web.idempotency import Answer, once, request_key
from shared.web.live import sse
from shared.web.templates import Pages

Ops = Annotated[Caller, Allow(Role.OPS, of="commission")]


def router(kernel: Kernel[Settings]) -> APIRouter:
    pages = APIRouter()
    settings = kernel.settings
    lives = actions.Lives(kernel.temporal, settings.prefix)

    def workflow_page(commission: UUID) -> str:
        where = f"namespaces/{settings.temporal_namespace}/workflows/{lives.id_of(commission)}"
        return f"{settings.temporal_ui}/{where}" if settings.temporal_ui else ""

    async def look(caller: Caller, commission: UUID) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            shown = await actions.read_commission(tx, caller, commission, now=kernel.clock(), soon=settings.soon)
            story = await actions.read_story(tx, caller, commission)
        asks = not (shown.commission.ended or story.lost_at)
        progress = await actions.ask_progress(lives, caller, commission) if asks else None
        return {
            "shown": shown,
            "story": story,
            "progress": progress,
            "asks": asks,
            "temporal": workflow_page(commission),
        }

    @pages.get("/ops/commissions/{commission}")
    async def story(request: Request, commission: UUID, caller: Ops, templates: Pages) -> HTMLResponse:
        context = {"words": Words(templates.wording), **await look(caller, commission)}
        return templates.page(request, "story.html", context)

    @pages.get("/ops/commissions/{commission}/live")
    async def live(request: Request, commission: UUID, caller: Ops, templates: Pages) -> Response:
        await look(caller, commission)

        async def revision() -> str:
            async with kernel.database.transaction() as tx:
                return await actions.story_revision(tx, commission, kernel.clock())

        async def render() -> str:
            words = Words(templates.wording)
            return templates.fragment("happenings.html", words=words, **await look(caller, commission))

        return sse(request, commission, revision, render)

    @pages.post("/ops/commissions/{commission}/try-again")
    async def try_again(request: Request, commission: UUID, caller: Ops) -> Response:
        form = await read_form(request)
        key = request_key(caller, f"POST {request.url.path}", form.key)
        back = f"/ops/commissions/{commission}"

        async def act() -> Answer:
            await actions.try_again(
                tx, lives, caller, commission, request=uuid5(commission, key.key), now=kernel.clock()
            )
            return Answer(303, {"to": back})

        async with kernel.database.transaction() as tx:
            await once(tx, key.of(form.asked), act)
        return RedirectResponse(back, 303)

    return pages
