"""What the stack and the tests ask of an engine, and how one is started and stopped."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from deploy.local.processes import Identity, Launch, last_lines, spawn, stop_tree, wait_until
from deploy.local.refusal import Refusal
from deploy.local.words import _


class Engine(Protocol):
    """One program of the one-machine stack."""

    @property
    def name(self) -> str: ...
    @property
    def address(self) -> str:
        """Where clients reach it: `host:port`, or a DSN."""
        ...

    @property
    def stop_signal(self) -> signal.Signals:
        """What it is asked to end with."""
        ...

    def prepare(self) -> None:
        """Make what it needs before its first start. Doing so again changes nothing. May raise `Refusal`."""
        ...

    def launch(self) -> Launch: ...
    def answers(self) -> bool:
        """Whether it serves its clients: asked in its own protocol, not only at its port."""
        ...


def start(
    engine: Engine, log: Path, *, limit: float = 60.0, spawned: Callable[[Identity], None] = lambda _identity: None
) -> Identity:
    """Prepare the engine, start it and wait until it answers, at most `limit` seconds.

    `spawned` is called as soon as there is a process.

    Raises:
        Refusal: it ended, or did not answer in time; the sentence ends with what it said last.
    """
    engine.prepare()
    process = spawn(engine.launch(), log)
    identity = Identity.of(process.pid)
    spawned(identity)
    wait_until(lambda: process.poll() is not None or engine.answers(), limit=limit)
    if process.poll() is not None or not engine.answers():
        stop_tree(identity)
        raise Refusal(
            _(
                "%(name)s did not start; see %(log)s. Its last lines: %(last_lines)s",
                name=engine.name,
                log=log,
                last_lines=last_lines(log),
            )
        )
    return identity


@contextmanager
def running(engine: Engine, log: Path, *, stop_within: float = 10.0) -> Iterator[str]:
    """The engine's address, for as long as the block runs. After `stop_within` seconds of stopping it is killed."""
    identity = start(engine, log)
    try:
        yield engine.address
    finally:
        stop_tree(identity, how=engine.stop_signal, limit=stop_within)
