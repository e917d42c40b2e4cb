"""Each engine, from package registries alone, wherever it may have to run."""

import asyncio
import os
import pwd
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from deploy.local.engines.edge import Edge
from deploy.local.engines.engine import Engine, running, start
from deploy.local.engines.mail import MailSink
from deploy.local.engines.postgres import PostgresEngine
from deploy.local.engines.temporal import TemporalEngine
from deploy.local.plan import SERVICES
from deploy.local.ports import free_ports
from deploy.local.processes import stop_tree
from deploy.local.refusal import Refusal
from deploy.local.rewriting import end_log, rewrite
from deploy.local.settings import ROOT
from tests.support.kafka_logins import kafka_engine

Make = Callable[[Path], Engine]


def _postgres(root: Path) -> Engine:
    (port,) = free_ports(1)
    return PostgresEngine(root, port, password="a password", durable="off")


def _kafka(root: Path) -> Engine:
    port, other = free_ports(2)
    return kafka_engine(root, port, other)


def _temporal(root: Path) -> Engine:
    port, other = free_ports(2)
    return TemporalEngine(root, port, other)


def _mail(root: Path) -> Engine:
    port, other = free_ports(2)
    return MailSink(root, port, other)


def _edge(root: Path) -> Engine:
    (port,) = free_ports(1)
    return Edge(root, port, dict.fromkeys(SERVICES, "127.0.0.1:1"), None, None)


ENGINES: dict[str, Make] = {
    "postgres": _postgres,
    "kafka": _kafka,
    "temporal": _temporal,
    "mail": _mail,
    "edge": _edge,
}


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_starts_again_on_other_ports_in_a_deep_path_with_spaces_and_umlauts(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "Größe 7½ 💍" / "a \\ in it" / ("d" * 110) / name
    monkeypatch.setenv("LC_ALL", "C")

    for _ in range(2):
        engine = ENGINES[name](root)
        with running(engine, tmp_path / "log") as address:
            assert address

        assert not engine.answers()

    assert {path.name for path in tmp_path.iterdir()} == {"Größe 7½ 💍", "log"}


def test_the_log_of_postgres_keeps_nothing_that_people_wrote(tmp_path: Path) -> None:
    async def fail(address: str) -> None:
        connection = await asyncpg.connect(address)
        await connection.execute("CREATE TABLE person (email text PRIMARY KEY)")
        await connection.execute("INSERT INTO person VALUES ('ada@example.org')")
        for statement, *values in (
            ("INSERT INTO person VALUES ('ada@example.org')",),
            ("INSERT INTO person VALUES ($1)", "ada@example.org"),
            ("ALTER ROLE nobody_here PASSWORD 'ada@example.org'",),
        ):
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(statement, *values)
        await connection.close()

    log = tmp_path / "log"
    with running(_postgres(tmp_path / "postgres"), log) as address:
        asyncio.run(fail(address))

    written = log.read_text()
    assert "duplicate key value violates unique constraint" in written
    assert "ada@" not in written


def test_a_row_that_was_deleted_is_in_no_file_of_postgres_once_all_is_written_anew(tmp_path: Path) -> None:
    engine, word = _postgres(tmp_path / "postgres"), b"quetzalcoatlus"

    def places() -> set[str]:
        files = [each for each in (tmp_path / "postgres" / "data").rglob("*") if each.is_file()]
        return {str(each.parent.name) for each in files if word in each.read_bytes()}

    async def delete(address: str) -> str:
        admin = await asyncpg.connect(address)
        await admin.execute("CREATE ROLE service LOGIN PASSWORD 'own'")
        await admin.execute("CREATE DATABASE service OWNER service")
        where = address.rpartition("@")[2].partition("/")[0]
        own = f"postgresql://service:own@{where}/service"
        service = await asyncpg.connect(own)
        await service.execute("CREATE TABLE person (name text)")
        await service.executemany("INSERT INTO person VALUES ($1)", [(word.decode(),)] * 50)
        await service.execute("ANALYZE person")
        await service.execute("DELETE FROM person")
        await admin.execute("CHECKPOINT")
        await service.close()
        await admin.close()
        return own

    with running(engine, tmp_path / "log") as address:
        own = asyncio.run(delete(address))
        before = places()
        asyncio.run(rewrite([own]))
        asyncio.run(end_log(address))
        after = places()

    assert "pg_wal" in before
    assert len(before) > 1
    assert after == set()


@pytest.mark.skipif(os.geteuid() != 0, reason="these tests run as an ordinary user anyway")
@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_starts_for_an_ordinary_user(name: str, tmp_path: Path) -> None:
    done = _as_an_ordinary_user(name, tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().endswith("as 1000")


@pytest.mark.skipif(os.geteuid() != 0, reason="PostgreSQL runs as the user who starts it, unless that is root")
def test_postgres_of_root_runs_as_nobody_who_has_no_right_of_roots(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    engine = _postgres(tmp_path / "data")

    postgres = start(engine, tmp_path / "log")
    status = Path(f"/proc/{postgres.pid}/status").read_text()
    stop_tree(postgres, how=engine.stop_signal)

    nobody = pwd.getpwnam("nobody").pw_uid
    assert re.findall(r"Uid:\t(.*)", status) == [f"{nobody}\t{nobody}\t{nobody}\t{nobody}"]
    assert re.findall(r"Groups:\t(.*)", status) == [" "]
    assert set(re.findall(r"Cap(?:Inh|Prm|Eff|Amb):\t(.*)", status)) == {"0" * 16}


@pytest.mark.skipif(os.geteuid() != 0, reason="nothing is handed over, unless it is root's")
@pytest.mark.parametrize("right", ["chown", "setuid", "setgid"])
def test_root_that_may_not_change_user_reads_what_to_do(right: str, tmp_path: Path) -> None:
    program = (
        f"from tests.integration.stack.test_engines import *; ENGINES['postgres'](Path({str(tmp_path)!r})).prepare()"
    )
    without = ["setpriv", "--inh-caps=-all", f"--bounding-set=-{right}", sys.executable, "-c", program]

    done = subprocess.run(without, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603

    assert "Run Touchmark as an ordinary user, or set TOUCHMARK_POSTGRES_DSN" in done.stderr.splitlines()[-1]


def test_data_of_another_postgres_is_a_refusal_that_names_the_remedy(tmp_path: Path) -> None:
    engine = PostgresEngine(tmp_path, 1, password="a password")
    engine.data.mkdir()
    (engine.data / "PG_VERSION").write_text("17\n")

    with pytest.raises(Refusal, match=r"PostgreSQL 17; this is version 18.*touchmark reset --yes"):
        engine.prepare()


@pytest.mark.parametrize("make", [_kafka, _temporal])
def test_data_of_a_newer_engine_is_a_refusal_that_names_the_remedy(make: Make, tmp_path: Path) -> None:
    (tmp_path / "version").write_text("99.1.0\n")

    with pytest.raises(Refusal, match=r"99\.1\.0.*touchmark reset --yes"):
        make(tmp_path).prepare()


def test_an_engine_that_ends_at_once_is_a_refusal_with_its_last_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        edge = Edge(tmp_path / "edge", taken.getsockname()[1], dict.fromkeys(SERVICES, "127.0.0.1:1"), None, None)

        with (
            pytest.raises(Refusal, match=r"(?s)edge did not start.*address already in use"),
            running(edge, tmp_path / "log"),
        ):
            pass


def _as_an_ordinary_user(name: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Start the engine as user 1000, to whom everything of root's belongs: a clone of that user's own, so to say."""
    program = f"""
import os
from pathlib import Path
from deploy.local.engines.engine import running
from tests.integration.stack.test_engines import ENGINES
with running(ENGINES[{name!r}](Path({str(folder / "data")!r})), Path({str(folder / "log")!r})):
    print("as", os.geteuid())
"""
    mapped = ["unshare", "--user", "--map-user=1000", "--map-group=1000", sys.executable, "-c", program]
    return subprocess.run(mapped, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603
