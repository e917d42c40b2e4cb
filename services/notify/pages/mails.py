"""The log of one commission's mails: what was sent to whom, when, and with what outcome."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from services.notify import actions
from services.notify.domain.mails import MailStatus
from services.notify.labels import code_label
from services.notify.settings import NotifySettings
from shared.auth.roles import Caller, Role
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.language import CurrentReader
from shared.web.live import sse
from shared.web.templates import Pages

Ops = Annotated[Caller, Allow(Role.OPS, of="commission")]

TONES: Final[Mapping[MailStatus, str]] = {
    MailStatus.WITHOUT_FACTS: "attention",
    MailStatus.BEHIND_FAILED_EVENT: "attention",
    MailStatus.WITHOUT_MAKER: "attention",
    MailStatus.WITHOUT_ADDRESS: "attention",
    MailStatus.TO_BE_RETRIED: "attention",
    MailStatus.SENT: "good",
    MailStatus.REFUSED: "wrong",
    MailStatus.REFUSED_FOR_MAKER: "wrong",
    MailStatus.GIVEN_UP: "wrong",
    MailStatus.GIVEN_UP_FOR_MAKER: "wrong",
    MailStatus.NEVER_ASSIGNED: "wrong",
    MailStatus.UNDELIVERED_TO_STUDIO: "wrong",
    MailStatus.INCOMPLETE: "wrong",
    MailStatus.NO_ADDRESS: "attention",
    MailStatus.TOO_OLD: "attention",
}
"""The colour that repeats what a status says; the others have none."""


def routers(kernel: Kernel[NotifySettings]) -> Sequence[APIRouter]:
    pages = APIRouter()

    async def read(caller: Caller, commission: UUID) -> Mapping[str, object]:
        async with kernel.database.transaction() as tx:
            mails = await actions.read_log(tx, caller, commission)
        return {"commission": commission, "mails": mails, "tones": TONES, "code_label": code_label}

    @pages.get("/mails/{commission}")
    async def mails(request: Request, commission: UUID, caller: Ops, templates: Pages) -> HTMLResponse:
        return templates.page(request, "mails.html", await read(caller, commission))

    @pages.get("/mails/{commission}/live")
    async def live(
        request: Request, commission: UUID, caller: Ops, templates: Pages, reader: CurrentReader
    ) -> Response:
        await read(caller, commission)

        async def revision() -> str:
            async with kernel.database.statement() as tx:
                return await actions.log_revision(tx, commission)

        async def render() -> str:
            return templates.fragment("_mails.html", reader, **await read(caller, commission))

        return sse(request, commission, revision, render)

    return [pages]
