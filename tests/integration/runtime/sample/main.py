"""Wiring of the sample service. What its action does is steered by what the command carries, so that tests can."""

import asyncio
import dataclasses
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from shared.auth.roles import Caller
from shared.contracts.commands.production import HeldPromise, HoldOutcome, HoldPromise
from shared.contracts.people import Role
from shared.kernel.ids import new_id
from shared.kernel.problems import NotYet, Problem, ProblemType
from shared.postgres.database import Tx
from shared.runtime import tracing
from shared.runtime.logs import get_logger
from shared.runtime.service import Kernel, Loop, Service
from shared.runtime.settings import ServiceSettings
from shared.temporal.activities import activity
from shared.web.live import EventStream, sse

NAME = "sample"

log = get_logger(__name__)


def build() -> Service:
    return Service(
        name=NAME,
        settings=ServiceSettings(),
        root=Path(__file__).parent,
        web=_web,
        activities=_activities,
        loops=_loops,
    )


def build_miswired() -> Service:
    def refuse(_: Kernel) -> ASGIApp:
        raise RuntimeError("a route without access")

    return dataclasses.replace(build(), web=refuse)


def build_stubborn() -> Service:
    """With a loop that does not let itself be cancelled."""

    async def run() -> None:
        log.info("loop_begun")
        while True:
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()

    return dataclasses.replace(build(), loops=lambda _: [Loop(name="stubborn", run=run)])


def _web(kernel: Kernel) -> ASGIApp:
    async def page(_: Request) -> PlainTextResponse:
        async with kernel.database.statement() as tx:
            return PlainTextResponse(str(await tx.connection.fetchval("SELECT count(*) FROM held")))

    async def live(request: Request) -> EventStream:
        request.state.caller = Caller(person=new_id(), role=Role.CUSTOMER, session=new_id())
        return sse(request, "sample", _revision, _render)

    async def stubborn(_: Request) -> PlainTextResponse:
        log.info("request_taken")
        await asyncio.sleep(3600)
        return PlainTextResponse("never")

    async def blocking(_: Request) -> PlainTextResponse:
        log.info("request_taken")
        time.sleep(3600)  # noqa: ASYNC251 (a process whose loop hangs is what is tested with it)
        return PlainTextResponse("never")

    routes = [Route("/", page), Route("/live", live), Route("/stubborn", stubborn), Route("/blocking", blocking)]
    app = Starlette(routes=routes)
    app.state.live = kernel.live
    app.state.ended = kernel.ended
    return app


async def _revision() -> str:
    return "1"


async def _render() -> str:
    return "here"


def _activities(kernel: Kernel) -> Sequence[Any]:
    return [activity(kernel, HoldPromise, hold)]


async def hold(tx: Tx, command: HoldPromise) -> HoldOutcome:
    """Hold a promise; `craft` says how it goes: well, slowly, not yet, refused, or wrong."""
    match command.craft:
        case "slow":
            log.info("command_begun")
            await tx.connection.execute("SELECT pg_sleep(1)")
        case "not-yet":
            raise NotYet(retry_after=1)
        case "refused":
            raise Problem(ProblemType.CONFLICT)
        case "wrong":
            raise RuntimeError("Ada Lovelace <ada@example.org> lives at 12 Hill Street")
    promise = new_id()
    await tx.connection.execute(
        "INSERT INTO held (promise, command, traceparent) VALUES ($1, $2, $3)", promise, command.id, tracing.current()
    )
    now = datetime.now(UTC)
    held = HeldPromise(
        promise=promise,
        maker=new_id(),
        ready_by=now.date(),
        ready_by_p50=now.date(),
        held_until=now + timedelta(days=7),
    )
    return HoldOutcome(held=held)


def _loops(kernel: Kernel) -> Sequence[Loop]:
    return [Loop(name="clumsy", run=Clumsy(kernel).run)]


class Clumsy:
    """A loop that falls over twice before it goes on."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._falls = 0

    async def run(self) -> None:
        if self._falls < 2:
            self._falls += 1
            raise RuntimeError("stumbled")
        await asyncio.Event().wait()
