"""What is running: written by the supervisor, read by the commands, also after a crash."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from deploy.local.processes import Identity


class ProgramPhase(StrEnum):
    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    FAILED = "failed"


class Program(BaseModel):
    """One process of the stack, by pid and start, so that a later process with its number is not taken for it."""

    model_config = ConfigDict(frozen=True)

    identity: Identity | None = None
    phase: ProgramPhase = ProgramPhase.STARTING
    restarts: int = 0
    message: str = ""
    """The sentence to show, where something is wrong."""


class StackState(BaseModel):
    """The whole stack; `refusal` is why it did not come up."""

    supervisor: Identity | None = None
    programs: dict[str, Program] = {}
    refusal: str = ""

    @property
    def ready(self) -> bool:
        return bool(self.programs) and all(program.phase is ProgramPhase.READY for program in self.programs.values())


class StateFile:
    """Read by anybody, written by the supervisor alone; each write is whole or not at all."""

    def __init__(self, run: Path) -> None:
        self._file = run / "state.json"

    def read(self) -> StackState:
        try:
            return StackState.model_validate_json(self._file.read_text())
        except FileNotFoundError:
            return StackState()

    def write(self, state: StackState) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        part = self._file.with_suffix(f".{os.getpid()}")
        part.write_text(state.model_dump_json(indent=1))
        part.rename(self._file)

    def remove(self) -> None:
        self._file.unlink(missing_ok=True)


@contextmanager
def alone(run: Path) -> Iterator[bool]:
    """Whether nobody else is starting or stopping this stack right now."""
    run.mkdir(parents=True, exist_ok=True)
    with (run / "lock").open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
