"""The board: what is at the bench, what is next, what waits, and what is to be sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from services.production.actions import board
from services.production.actions.board import BoardPiece
from services.production.actions.context import BENCH, ProductionContext
from services.production.domain.pieces import PieceState
from services.production.domain.tasks import TaskState
from services.production.pages.values import TEMPLATE_VALUES
from services.production.settings import ProductionSettings
from shared.auth.roles import Caller, Role
from shared.i18n import Reader
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.language import reader_of
from shared.web.live import sse
from shared.web.templates import Pages

Worker = Annotated[Caller, Allow(Role.MAKER, Role.OPS)]


@dataclass(frozen=True)
class Lane:
    """Some pieces under one heading."""

    id: str
    pieces: Sequence[BoardPiece]


def router(kernel: Kernel[ProductionSettings]) -> APIRouter:
    pages = APIRouter()

    async def page_values(caller: Caller, reader: Reader) -> dict[str, Any]:
        context = ProductionContext(kernel.clock(), kernel.ids, kernel.settings, reader.language)
        async with kernel.database.transaction() as tx:
            found = await board.read_board(tx, caller, context)
        lanes = list(_lanes(found.pieces))
        return {"lanes": lanes, "without_skills": not found.skilled, "today": context.today, **TEMPLATE_VALUES}

    @pages.get("/bench")
    async def page(request: Request, caller: Worker, templates: Pages) -> HTMLResponse:
        return templates.page(request, "board.html", await page_values(caller, reader_of(request.scope)))

    @pages.get("/bench/live")
    async def live(request: Request, caller: Worker, templates: Pages) -> Response:
        reader = reader_of(request.scope)

        async def revision() -> str:
            async with kernel.database.statement() as tx:
                return await board.board_revision(tx, caller)

        async def render() -> str:
            return templates.fragment("_board.html", reader, caller=caller, **await page_values(caller, reader))

        return sse(request, BENCH, revision, render, own=True)

    return pages


_LANES = ("now", "next", "send", "waiting", "written")


def _lanes(found: Sequence[BoardPiece]) -> Iterator[Lane]:
    """The headings that have something under them."""
    for lane in _LANES:
        if pieces := [each for each in found if _lane(each) == lane]:
            yield Lane(lane, pieces)


def _lane(each: BoardPiece) -> str:
    current = each.piece.current
    if current and current.state is TaskState.RUNNING:
        return "now"
    if each.piece.state is PieceState.DELIVERED:
        return "written"
    if each.blocker:
        return "waiting"
    return "next" if each.piece.state is PieceState.MAKING else "send"
