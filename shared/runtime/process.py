"""One process of a service: it listens at once, brings up its database, starts its roles, and stops them in order."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

import stamina
import structlog

from shared.erasure.keeping import erase_again
from shared.i18n import Readers
from shared.i18n.locale_data import forget_unsaid
from shared.postgres.database import Database, DatabaseUnavailableError
from shared.postgres.migrate import migrate
from shared.runtime import memory, probes, redaction
from shared.runtime.health import Health, PartState
from shared.runtime.logs import get_logger
from shared.runtime.metrics import METRICS
from shared.runtime.readiness import Readiness
from shared.runtime.roles import load, parts_of
from shared.runtime.server import Server, listen
from shared.runtime.service import CannotListenError, Kernel, Loop, ProcessRole, Service
from shared.runtime.supervisor import Supervisor
from shared.temporal.client import Temporal
from shared.web.hosts import OwnHosts
from shared.web.labels import LABELS
from shared.web.live import Live

log = get_logger(__name__)

_patiently = stamina.AsyncRetryingCaller(attempts=None, timeout=None, wait_initial=0.2, wait_max=15.0)
"""Retries for as long as it takes: a service waits for its database, however long that is away."""

# Shares of `stop_within`: first the doors, all at once; then the relay, which carries out what they committed; then
# the pool. What is left of the limit is for the interpreter.
_DOORS, _RELAY, _POOL = 0.6, 0.15, 0.1

_SETTLED_AFTER = 5.0
"""Seconds after the start, by which every part has connected and allocated what it keeps."""
_TIDIED_EVERY = 60.0
"""Seconds: what a busy minute needed goes back to the system."""


class Process:
    """`port` is the one it listens on, once `start` has returned; `stop` is for tests that started it."""

    def __init__(self, service: Service[Any], roles: Iterable[ProcessRole]) -> None:
        self._service = service
        self._roles = frozenset(roles)
        self._health = Health(service.name)
        self._health.require("database")
        self._supervisor = Supervisor(self._health)
        hosts = OwnHosts(service.settings.public_url, service.name)
        self._readiness = Readiness(self._health, METRICS, _readers(service), hosts)
        self._kernel: Kernel[Any] | None = None
        self._parts: dict[ProcessRole, Sequence[Loop]] = {}
        self._later: asyncio.TimerHandle | None = None
        self.port = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Start, wait for `stop`, stop. An error of the wiring or of the HTTP server is raised after that."""
        await self.start()
        stopping = asyncio.create_task(stop.wait(), name="stop")
        try:
            await self._until(stopping)
        finally:
            stopping.cancel()
            await self.stop()

    async def _until(self, stopping: asyncio.Task[Any]) -> None:
        going: set[asyncio.Task[Any]] = {stopping, self._bringing_up, self._serving}
        while not stopping.done():
            done, going = await asyncio.wait(going, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            if self._serving in done:
                raise RuntimeError("the HTTP server ended")

    async def start(self) -> None:
        """Listen, and begin to bring up the rest behind it."""
        load(self._roles)
        forget_unsaid()  # before the rest is loaded, which then takes the room that becomes free
        settings = self._service.settings
        try:
            listening = listen(settings.host, settings.port)
        except OSError as error:
            raise CannotListenError(error.strerror) from error
        self.port = listening.getsockname()[1]
        self._server = Server(self._readiness, listening, graceful=max(1, int(settings.stop_within * _DOORS)))
        self._serving = asyncio.create_task(self._serve(), name="http")
        log.info("listening", host=settings.host, port=self.port, roles=sorted(self._roles))
        self._bringing_up = asyncio.create_task(self._bring_up(), name="bring-up")

    async def stop(self) -> None:
        """Doors first, the relay after them, the pool last. Takes `stop_within` seconds at most."""
        log.info("stopping")
        self._health.require("process")
        self._health.update("process", PartState.STOPPED, "asked to stop")
        limit = self._service.settings.stop_within
        self._bringing_up.cancel()
        if self._later:
            self._later.cancel()
        await asyncio.wait({self._bringing_up})
        doors = [part.name for role, parts in self._parts.items() if role is not ProcessRole.RELAY for part in parts]
        await asyncio.gather(self._stop_web(), *(self._supervisor.stop(name, limit * _DOORS) for name in doors))
        for part in self._parts.get(ProcessRole.RELAY, ()):
            await self._supervisor.stop(part.name, limit * _RELAY)
        await self._close_database(limit * _POOL)
        log.info("stopped")

    async def _bring_up(self) -> None:
        database = await self._open_database()
        self._kernel = kernel = self._make_kernel(database)
        await self._prepare(kernel)
        self._watch_engines(kernel)  # not ready before that is done
        if ProcessRole.WEB in self._roles:
            self._readiness.app = self._service.web(kernel)
        for role in sorted(self._roles):
            self._parts[role] = parts_of(role, self._service, kernel)
            for part in self._parts[role]:
                self._supervisor.start(part.name, part.run)
        log.info("started", roles=sorted(self._roles))
        self._later = asyncio.get_running_loop().call_later(_SETTLED_AFTER, self._settle)

    def _settle(self) -> None:
        memory.settle()
        self._tidy()

    def _tidy(self) -> None:
        memory.give_back()
        self._later = asyncio.get_running_loop().call_later(_TIDIED_EVERY, self._tidy)

    async def _open_database(self) -> Database:
        """Migrate and open; while PostgreSQL is away, keep trying and report why."""
        return await _patiently(Exception, self._open_database_once)

    async def _open_database_once(self) -> Database:
        dsn = self._service.settings.database.get_secret_value()
        try:
            await migrate(dsn, self._service.root / "sql" / "migrations")
            return await Database.open(dsn, application=self._service.name)
        except Exception as error:
            reason = redaction.text(str(error)) or type(error).__name__
            self._health.update("database", PartState.STARTING, reason)
            log.warning("database_not_ready", reason=reason, error=type(error).__name__)
            raise

    async def _prepare(self, kernel: Kernel[Any]) -> None:
        await _patiently(DatabaseUnavailableError, erase_again, kernel)
        await _patiently(DatabaseUnavailableError, self._service.prepare, kernel)

    def _make_kernel(self, database: Database) -> Kernel[Any]:
        live = Live()
        database.on_commit(lambda committed: live.touch(*committed.touched))
        settings = self._service.settings
        return Kernel(
            name=self._service.name,
            settings=settings,
            database=database,
            live=live,
            temporal=Temporal(settings),
            health=self._health,
            inboxes=self._service.inboxes,
        )

    def _watch_engines(self, kernel: Kernel[Any]) -> None:
        self._health.probe("database", probes.database(kernel.database))
        if self._roles & {ProcessRole.INBOX, ProcessRole.RELAY}:
            self._health.probe("kafka", probes.address(kernel.settings.kafka))
        if ProcessRole.WORKER in self._roles and self._service.needs_temporal:
            self._health.probe("temporal", probes.address(kernel.settings.temporal))

    async def _serve(self) -> None:
        structlog.contextvars.bind_contextvars(role=ProcessRole.WEB.value)
        await self._server.run_until_stopped()

    async def _stop_web(self) -> None:
        """End the live pages first, since the server waits for its connections."""
        if self._kernel:
            await self._kernel.live.close()
        self._server.should_exit = True
        with suppress(Exception):
            await self._serving

    async def _close_database(self, within: float) -> None:
        if self._kernel:
            await self._kernel.database.close(within)


def _readers(service: Service[Any]) -> Readers:
    """For what is said before the service's own app is there."""
    settings = service.settings
    return Readers(zone=settings.studio_zone, default=settings.studio_language, labels=LABELS)
