"""The real engines, started once for a whole test run and shared by its workers, however many there are.

The run's folder is named by `TOUCHMARK_TEST_RUN`. The test that needs an engine first starts it, under a file lock; the
run's guard stops them all when the process that began the run ends, whichever way. Ports are free ones, so that runs do
not meet each other or a stack.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from fcntl import LOCK_EX, flock
from pathlib import Path

from deploy.local.engines.engine import Engine, start
from deploy.local.engines.kafka import KafkaEngine
from deploy.local.engines.postgres import PostgresEngine
from deploy.local.engines.temporal import TemporalEngine
from deploy.local.ports import free_ports
from deploy.local.processes import Identity, Launch
from deploy.local.refusal import Refusal
from deploy.local.settings import ROOT
from shared.kafka.connection import Kafka
from tests.support import guard
from tests.support.guard import RUN, Started
from tests.support.kafka_logins import as_admin, kafka_engine


def begin_run() -> subprocess.Popen[bytes] | None:
    """Make the run's folder and its guard, unless somebody above already did; the guard, for who has to end the run."""
    if RUN in os.environ:
        return None
    # Below /tmp and not below the clone: short, and not on a file system that is slow to sync.
    os.environ[RUN] = tempfile.mkdtemp(prefix="touchmark-tests-")
    # In a session of its own, so that Ctrl-C does not reach it.
    command = [sys.executable, "-m", guard.__name__]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603


def end_run(watching: subprocess.Popen[bytes]) -> None:
    """Let go of the guard, and wait until it has stopped everything."""
    watching.communicate()
    del os.environ[RUN]


def postgres() -> str:
    """The superuser's DSN."""

    def make(root: Path) -> PostgresEngine:
        (port,) = free_ports(1)
        return PostgresEngine(root, port, password="tests", connections=300, durable="off")

    return _address("postgres", make)


def kafka() -> Kafka:
    """As its administrator."""

    def make(root: Path) -> KafkaEngine:
        port, other = free_ports(2)
        return kafka_engine(root, port, other)

    return as_admin(_address("kafka", make))


def temporal() -> str:
    """`host:port`."""

    def make(root: Path) -> TemporalEngine:
        port, other = free_ports(2)
        return _QuickToForget(root, port, other)

    return _address("temporal", make)


@dataclass(frozen=True)
class _QuickToForget(TemporalEngine):
    """A workflow is deleted once its queue's progress was written down: here every second, not every thirty."""

    def launch(self) -> Launch:
        launch = super().launch()
        setting = ("--dynamic-config-value", 'history.transferProcessorUpdateAckInterval="1s"')
        return replace(launch, argv=(*launch.argv, *setting))


def _address(name: str, make: Callable[[Path], Engine]) -> str:
    run = Path(os.environ[RUN])
    with _only_one(run / f"{name}.lock"):
        record = run / f"{name}.json"
        if not record.exists():
            engine = make(run / name)
            try:
                start(engine, run / f"{name}.log", limit=120, spawned=lambda identity: _write(record, engine, identity))
            except Refusal:
                record.unlink(missing_ok=True)
                raise
        return Started.read(record).address


def _write(record: Path, engine: Engine, identity: Identity) -> None:
    part = record.with_suffix(".part")
    part.write_text(json.dumps(asdict(Started(engine.address, identity, engine.stop_signal))))
    part.rename(record)


@contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        flock(held, LOCK_EX)
        yield
