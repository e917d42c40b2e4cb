"""The promises that the bench holds: which piece, from when, ready when, and until when they are held."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from services.production.actions import promises as actions
from services.production.actions.context import BENCH
from services.production.actions.promises import ListedPromise
from services.production.domain.promises import PromiseState, last_day_to_decide
from services.production.pages.values import TEMPLATE_VALUES
from services.production.settings import ProductionSettings
from shared.auth.roles import Caller, Role
from shared.i18n import Reader
from shared.kernel.calendar import end_of_day
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.language import reader_of
from shared.web.live import sse
from shared.web.pagination import AskedPage, Paging, Position, paged
from shared.web.templates import Pages

_PAGE = 10
"""Promises on one page, each with its hours folded: two screens of a phone for every three."""

Bench = Annotated[Caller, Allow(Role.MAKER, Role.OPS)]


@dataclass(frozen=True)
class Day:
    """One day at the bench: for how long, and what is done."""

    day: date
    minutes: int
    stages: tuple[str, ...]


@dataclass(frozen=True)
class PromiseCard(ListedPromise):
    """`last_day` is the day at whose end the hold ends, None where it ends in the middle of one."""

    last_day: date | None
    days: tuple[Day, ...]


def router(kernel: Kernel[ProductionSettings]) -> APIRouter:
    pages = APIRouter()
    zone = ZoneInfo(kernel.settings.studio_zone)

    async def held(reader: Reader, caller: Caller, paging: Paging) -> dict[str, Any]:
        paging = replace(paging, limit=min(paging.limit, _PAGE))
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            found = await actions.read_promises(
                tx, caller, state=PromiseState.HELD, before=before, at_most=paging.fetch, language=reader.language
            )
        items = [(Position(each.promise.held_at, each.promise.promise), _card(each, zone)) for each in found]
        return {"listed": paged(items, paging), **TEMPLATE_VALUES}

    @pages.get("/bench/promises")
    async def promises(request: Request, paging: AskedPage, caller: Bench, templates: Pages) -> HTMLResponse:
        values = {"query": request.url.query, **await held(reader_of(request.scope), caller, paging)}
        return templates.page(request, "promises.html", values)

    @pages.get("/bench/promises/live")
    async def live(request: Request, paging: AskedPage, caller: Bench, templates: Pages) -> Response:
        reader = reader_of(request.scope)

        async def revision() -> str:
            async with kernel.database.statement() as tx:
                return await actions.promises_revision(tx)

        async def render() -> str:
            return templates.fragment("_promises.html", reader, caller=caller, **await held(reader, caller, paging))

        return sse(request, BENCH, revision, render)

    return pages


def _card(listed: ListedPromise, zone: ZoneInfo) -> PromiseCard:
    held_until = listed.promise.held_until
    last_day = last_day_to_decide(held_until, zone)
    return PromiseCard(
        **vars(listed),
        last_day=last_day if end_of_day(last_day, zone) == held_until else None,
        days=tuple(_days(listed)),
    )


def _days(listed: ListedPromise) -> Iterator[Day]:
    for day, grouped in groupby(listed.promise.slots, key=lambda slot: slot.day):
        slots = list(grouped)
        minutes = sum(slot.stretch.minutes for slot in slots)
        yield Day(day, minutes, tuple(dict.fromkeys(listed.stage(slot.stage) for slot in slots)))
