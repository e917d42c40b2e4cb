"""What a service is, and how its process runs: wired in `services/<name>/main.py`, the same way for all five.

There, `build()` reads the settings and returns a `Service`, and `main()` is `run(build)` and nothing else.
"""

import argparse
import asyncio
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Generic

import uvloop
from pydantic import ValidationError
from typing_extensions import TypeVar

from shared.auth.ended_sessions import EndedSessions
from shared.kernel.clock import Clock, system_clock
from shared.kernel.ids import Ids, new_id
from shared.runtime import logs, memory
from shared.runtime.health import Health
from shared.runtime.metrics import METRICS, Metrics
from shared.runtime.settings import ProcessRole, ServiceSettings

if TYPE_CHECKING:  # a role's libraries are loaded where the role runs, and nowhere else
    from starlette.types import ASGIApp

    from shared.inbox.broker import ServiceBroker
    from shared.inbox.inbox import Inbox
    from shared.postgres.database import Database
    from shared.temporal.client import Temporal
    from shared.web.live import Live

__all__ = ["Kernel", "Loop", "ProcessRole", "Service", "run", "serve"]

S_co = TypeVar("S_co", bound=ServiceSettings, default=ServiceSettings, covariant=True)

log = logs.get_logger(__name__)


class CannotListenError(Exception):
    """The port is taken, or the address is not ours."""


_EXIT_SETTINGS = 78  # EX_CONFIG of sysexits.h
_EXIT_HUNG = 70  # EX_SOFTWARE: the hard limit of a stop had to end the process


@dataclass(frozen=True)
class Kernel(Generic[S_co]):
    """What every door of one process gets. `temporal` connects when it is first asked for a client.

    `ended` are the sessions whose tokens are not taken any more.
    """

    name: str
    settings: S_co
    database: "Database"
    live: "Live"
    temporal: "Temporal"
    health: Health
    metrics: Metrics = METRICS
    ids: Ids = new_id
    clock: Clock = system_clock
    inboxes: "Sequence[Inbox]" = ()
    ended: EndedSessions = field(default_factory=EndedSessions)

    @cached_property
    def broker(self) -> "ServiceBroker":
        """What runs and describes the service's inboxes: made when it is first needed, as it costs memory."""
        from shared.inbox.broker import ServiceBroker  # noqa: PLC0415 (that is what costs it)
        from shared.kafka.connection import Kafka  # noqa: PLC0415 (likewise)

        return ServiceBroker(
            self.inboxes,
            database=self.database,
            kafka=Kafka.of(self.settings),
            prefix=self.settings.prefix,
            instance=self.settings.instance,
            kernel=self,
        )

    def asyncapi(self) -> dict[str, Any]:
        """The AsyncAPI document of the service, for `create_app(documents=…)`."""
        return self.broker.asyncapi()


@dataclass(frozen=True)
class Loop:
    """A background loop of the worker role: runs for as long as the process lives, ends by being cancelled."""

    name: str
    run: Callable[[], Awaitable[None]]


def _none(_kernel: Kernel[Any]) -> Sequence[Any]:
    return ()


async def _nothing(_kernel: Kernel[Any]) -> None:
    """Most services need nothing before their roles start."""


@dataclass(frozen=True)
class Service(Generic[S_co]):
    """One service, wired. `root` is its folder, where `sql/migrations` is.

    Each callable is called once, when its role starts and the database has its tables; `prepare` before any role does.
    What `prepare` raises ends the process, unless the database was away.
    """

    name: str
    settings: S_co
    root: Path
    web: "Callable[[Kernel[S_co]], ASGIApp]"
    inboxes: "Sequence[Inbox]" = ()
    activities: Callable[[Kernel[S_co]], Sequence[Callable[..., Any]]] = _none
    workflows: Sequence[type] = ()
    loops: Callable[[Kernel[S_co]], Sequence[Loop]] = _none
    prepare: Callable[[Kernel[S_co]], Awaitable[None]] = _nothing

    @property
    def needs_temporal(self) -> bool:
        """Whether its worker carries out commands or workflows."""
        return self.activities is not _none or bool(self.workflows)


async def serve(service: Service[Any], roles: Iterable[ProcessRole], stop: asyncio.Event) -> None:
    """Run the service's roles until `stop` is set, then stop them in order. Engines that are away never end it.

    Raises:
        CannotListenError: the port is taken, or the address is not ours.
    """
    from shared.runtime.process import Process  # noqa: PLC0415 (it imports this module)

    await Process(service, roles).run(stop)


def run(build: Callable[[], Service[Any]]) -> None:
    """The entry point of a service: read settings and flags, serve until SIGTERM or SIGINT, leave by `os._exit`.

    `os._exit`, because temporalio once aborted at interpreter exit, after everything had stopped.
    """
    service = _configured(build)
    logs.configure(service.name, service.settings)
    memory.bound()
    code = 0
    try:
        # Not `asyncio.run`: it would wait for the tasks that a stop had to leave behind.
        uvloop.new_event_loop().run_until_complete(_serve_until_signalled(service))
    except CannotListenError as error:
        log.critical("could_not_listen", port=service.settings.port, reason=str(error))
        code = 1
    except Exception:
        log.exception("process_failed")
        code = 1
    sys.stdout.flush()
    os._exit(code)


async def _serve_until_signalled(service: Service[Any]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop_once(number: int, _frame: FrameType | None) -> None:
        """The first signal asks for a stop; from then on a thread enforces the limit, whatever hangs."""
        signal.signal(number, signal.SIG_IGN)
        limit = threading.Timer(service.settings.stop_within, os._exit, (_EXIT_HUNG,))
        limit.daemon = True
        limit.start()
        loop.call_soon_threadsafe(stop.set)

    # Not `loop.add_signal_handler`: a blocked loop would never run it.
    signal.signal(signal.SIGTERM, stop_once)
    signal.signal(signal.SIGINT, stop_once)
    await serve(service, service.settings.roles, stop)


def _configured(build: Callable[[], Service[Any]]) -> Service[Any]:
    _flags_to_variables()
    try:
        return build()
    except ValidationError as error:
        # Names and reasons only: a setting that does not fit may still be a secret.
        for problem in error.errors(include_input=False, include_url=False):
            variable = "TOUCHMARK_" + "_".join(str(part) for part in problem["loc"]).upper()
            print(f"{variable}: {problem['msg']}", file=sys.stderr)  # noqa: T201 (logs are not configured yet)
        sys.exit(_EXIT_SETTINGS)


def _flags_to_variables() -> None:
    """A flag is a setting by another name: it goes the same way and is checked in the same place."""
    parser = argparse.ArgumentParser(description="One Touchmark service, set by TOUCHMARK_… variables.")
    parser.add_argument("--roles", metavar="LIST", help="any of web,inbox,relay,worker, comma separated (default: all)")
    parser.add_argument("--port", help="the port to listen on; 0 takes a free one and logs it")
    flags = vars(parser.parse_args())
    os.environ.update({f"TOUCHMARK_{name.upper()}": value for name, value in flags.items() if value is not None})
