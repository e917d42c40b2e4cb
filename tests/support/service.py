"""A service in its own process, as in production, with test settings and, if a test wants them, armed faults.

    async with running("services.intake.main:build", environment) as intake:
        await intake.ready()
        intake.kill()

`environment` is what `settings(...)` makes. Ports are free ones: the service logs the one it took.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from shared.auth.keys import new_signing_key, public_keys
from shared.auth.mail_secrets import new_mail_secret
from shared.kafka.connection import Kafka
from tests.support.kafka_logins import let_in, settings_for
from tests.support.waiting import until

ROOT = Path(__file__).parents[2]
NOBODY = "127.0.0.1:1"
"""An address at which no engine answers."""

SIGNING_KEY = new_signing_key()
"""What sign-in tokens for services under test are signed with, unless a test brings its own keys."""

"""What sign-in links in mails are signed with, likewise."""

MAIL_SECRET = new_mail_secret()
"""What the secrets of mailed rights are made with, likewise."""

STEP_SECRET = new_mail_secret()
"""What the second step's secrets are sealed with, likewise."""

Event = dict[str, Any]


def settings(
    *,
    database: str,
    kafka: Kafka | str = NOBODY,
    temporal: str = NOBODY,
    prefix: str = "",
    roles: str = "web,inbox,relay,worker",
    token_keys: str | None = None,
    faults: Mapping[str, Path] | None = None,
    **more: str,
) -> dict[str, str]:
    """The environment of a service under test; `more` is by the setting's name, as in `studio_zone="UTC"`.

    `faults` names fault points, each with the marker file that its kill leaves behind.
    """
    given = {
        "database": database,
        **settings_for(kafka),
        "temporal": temporal,
        "prefix": prefix,
        "roles": roles,
        "token_keys": token_keys or public_keys(SIGNING_KEY),
        "mail_secret": MAIL_SECRET,
        "second_factor_secret": STEP_SECRET,
        "port": "0",
        "stop_within": "10",
        **more,
    }
    armed = {"TOUCHMARK_TEST_FAULTS": json.dumps({point: str(marker) for point, marker in (faults or {}).items()})}
    return {f"TOUCHMARK_{name.upper()}": value for name, value in given.items()} | armed


@dataclass
class RunningService:
    """`events` are its log lines, parsed; `url` is known once it listens."""

    process: asyncio.subprocess.Process
    events: list[Event] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def pid(self) -> int:
        return self.process.pid

    async def url(self, within: float = 20.0) -> str:
        said = await self.logged("listening", within)
        return f"http://{said['host']}:{said['port']}"

    async def logged(self, event: str, within: float = 20.0, **facts: object) -> Event:
        """The first log event of this name with these facts; waits for it."""

        def found() -> Event | None:
            return next((one for one in self.events if one["event"] == event and facts.items() <= one.items()), None)

        async with asyncio.timeout(within), self._news:
            await self._news.wait_for(lambda: found() or self._ended)
        if said := found():
            return said
        raise AssertionError(f"ended before it logged {event}; its last lines:\n{self.tail()}")

    async def ready(self, within: float = 30.0) -> None:
        """Wait until its health says that requests may be sent."""
        await self.url(within)

        async def is_ready() -> bool:
            with suppress(httpx.TransportError):  # its socket is bound before it is served
                return self._ended or (await self.health()).status_code == httpx.codes.OK
            return False

        try:
            await until("the service is ready", is_ready, within)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.tail()}") from None
        assert not self._ended, f"ended before it was ready:\n{self.tail()}"

    async def health(self) -> httpx.Response:
        async with httpx.AsyncClient(base_url=await self.url()) as client:
            return await client.get("/health/ready")

    async def stop(self, within: float = 15.0) -> int:
        """SIGTERM, and the exit code."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        return await self.ended(within)

    def kill(self) -> None:
        """SIGKILL: what a power cut does to it."""
        with suppress(ProcessLookupError):
            self.process.kill()

    async def ended(self, within: float = 15.0) -> int:
        """Wait for its end; the exit code, negative for a signal."""
        async with asyncio.timeout(within):
            return await self.process.wait()

    def tail(self, lines: int = 40) -> str:
        return "\n".join(json.dumps(event) for event in self.events[-lines:])

    @property
    def _ended(self) -> bool:
        return self.process.returncode is not None

    async def collect(self) -> None:
        """Read its output until it ends."""
        assert self.process.stdout
        async for line in self.process.stdout:
            async with self._news:
                self.events.append(_parsed(line.decode(errors="replace").rstrip()))
                self._news.notify_all()
        await self.process.wait()
        async with self._news:
            self._news.notify_all()


def _parsed(line: str) -> Event:
    with suppress(ValueError):
        parsed = json.loads(line)
        if isinstance(parsed, dict):
            return {"event": "", **parsed}
    return {"event": "raw", "line": line}


@asynccontextmanager
async def running(build: str, environment: Mapping[str, str]) -> AsyncIterator[RunningService]:
    """Start `build`, a `module:function` as in `services.intake.main:build`; kill it at the end if still there."""
    environment = dict(environment)
    await let_in(environment, build.removeprefix("services.").partition(".")[0])
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.support.service_process", build),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    service = RunningService(process)
    collecting = asyncio.create_task(service.collect(), name=f"output of {build}")
    try:
        yield service
    finally:
        service.kill()
        await collecting
