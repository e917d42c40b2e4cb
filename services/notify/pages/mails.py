"""The log of one commission's mails: what was sent to whom, when, and with what outcome."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from services.notify import actions
from services.notify.pages.labels import MailEntry, entry
from services.notify.settings import Settings
from shared.auth.roles import Caller, Role
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.live import sse
from shared.web.templates import Pages

Ops = Annotated[Caller, Allow(Role.OPS, of="commission")]


def routers(kernel: Kernel[Settings]) -> Sequence[APIRouter]:
    pages = APIRouter()

    async def read(caller: Caller, commission: UUID) -> list[MailEntry]:
        async with kernel.database.transaction() as tx:
            return [entry(mail) for mail in await actions.read_log(tx, caller, commission)]

    @pages.get("/mails/{commission}")
    async def mails(request: Request, commission: UUID, caller: Ops, templates: Pages) -> HTMLResponse:
        entries = await read(caller, commission)
        return templates.page(request, "mails.html", {"commission": commission, "entries": entries})

    @pages.get("/mails/{commission}/live")
    async def live(request: Request, commission: UUID, caller: Ops, templates: Pages) -> Response:
        await read(caller, commission)

        async def revision() -> str:
            async with kernel.database.transaction() as tx:
                return await actions.log_revision(tx, commission)

        async def render() -> str:
            return templates.fragment("_mails.html", entries=await read(caller, commission))

        return sse(request, commission, revision, render)

    return [pages]
