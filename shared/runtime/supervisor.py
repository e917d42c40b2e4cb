"""Keeps a process's parts running: a part that ends or fails is started again, and health says so meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from shared.runtime.backoff import Backoff
from shared.runtime.health import Health, PartState
from shared.runtime.logs import get_logger
from shared.runtime.metrics import METRICS

log = get_logger(__name__)

_HEALTHY_AFTER = 30.0
"""Seconds after which a part that fails again is restarted after the shortest wait."""

_STEADY_AFTER = 4.0
"""Seconds after which a part that still runs counts as up: by then it would have noticed that its engine is away."""

_RESTARTS = METRICS.counter("touchmark_part_restarts_total", "Times a part had to be started again.", ("part",))


class Supervisor:
    """One task per part. `start` never raises what the part raises; `stop` never waits longer than its limit."""

    def __init__(self, health: Health) -> None:
        self._health = health
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self, part: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run `run` for as long as the process lives. It ends only by being cancelled, which it may use to tidy up."""
        self._tasks[part] = asyncio.create_task(self._keep(part, run), name=part)

    async def stop(self, part: str, within: float) -> None:
        """Cancel the part and wait for it, `within` seconds at most."""
        task = self._tasks.pop(part, None)
        if task is None:
            return
        task.cancel()
        done, _ = await asyncio.wait({task}, timeout=within)
        self._health.update(part, PartState.STOPPED)
        if not done:
            log.error("part_left_behind", part=part, waited_seconds=within)
            return
        with suppress(asyncio.CancelledError):
            task.result()

    async def _keep(self, part: str, run: Callable[[], Awaitable[None]]) -> None:
        structlog.contextvars.bind_contextvars(role=part)
        self._health.update(part, PartState.STARTING)
        backoff = Backoff()
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            reason = await self._once(part, run)
            if _cancelled():
                return
            if loop.time() - began > _HEALTHY_AFTER:
                backoff.reset()
            wait = backoff.next()
            _RESTARTS.labels(part).inc()
            self._health.update(part, PartState.DEGRADED, reason)
            log.warning("part_starts_again", part=part, reason=reason, in_seconds=round(wait, 2))
            await asyncio.sleep(wait)

    async def _once(self, part: str, run: Callable[[], Awaitable[None]]) -> str:
        """Why the part ended."""
        steady = asyncio.get_running_loop().call_later(_STEADY_AFTER, self._health.update, part, PartState.UP)
        try:
            await run()
        except ConnectionError as error:
            return f"{type(error).__name__}: {error}"
        except Exception as error:
            log.exception("part_failed", part=part)
            return type(error).__name__
        finally:
            steady.cancel()
        return "ended by itself"


def _cancelled() -> bool:
    """Whether this task is being cancelled: a part whose tidying up fails then must not be started again."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
