"""What the supervisor does about one program that does not live."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals

from deploy.local.processes import Launch
from deploy.local.refusal import Refusal
from deploy.local.state import Program, ProgramPhase
from deploy.local.supervisor import Watched
from tests.support.waiting import until

_LIVES = "import time; print('up', flush=True); time.sleep(300)"
_DIES = "import sys; sys.exit('no paper left')"


@dataclass
class Small:
    """A program of a line of Python, which answers once it has said so."""

    folder: Path
    program: str
    name: str = "small"
    address: str = ""
    stop_signal: Signals = SIGTERM
    refusals: list[Refusal] = field(default_factory=list)

    def prepare(self) -> None:
        if self.refusals:
            raise self.refusals[0]

    def launch(self) -> Launch:
        return Launch((sys.executable, "-c", self.program), cwd=self.folder)

    def answers(self) -> bool:
        return "up" in (self.folder / "log").read_text()


async def test_a_program_is_ready_when_it_answers(tmp_path: Path) -> None:
    watched = Watched(Small(tmp_path, _LIVES), tmp_path / "log")
    watched.start()
    assert watched.state.phase is ProgramPhase.STARTING

    await until("ready", lambda: _seen(watched).phase is ProgramPhase.READY)

    watched.stop()


async def test_a_program_that_was_killed_is_back_at_once(tmp_path: Path) -> None:
    watched = Watched(Small(tmp_path, _LIVES), tmp_path / "log")
    watched.start()
    first = watched.process
    assert first is not None

    first.send_signal(SIGKILL)
    await until("another process", lambda: _seen(watched).restarts == 1 and watched.process not in {None, first})

    assert watched.state.identity is not None
    watched.stop()


async def test_a_program_that_dies_again_and_again_is_waited_for_longer_and_longer(tmp_path: Path) -> None:
    now = _Clock()
    watched = Watched(Small(tmp_path, _DIES), tmp_path / "log", now.read)
    watched.start()

    waits = [await _wait_after_the_next_end(watched, now) for _ in range(7)]

    assert waits == [0, 1, 2, 4, 8, 15, 15]
    assert watched.state.message == "ended with 1: no paper left"


async def test_a_program_that_ran_for_long_is_forgiven_its_earlier_ends(tmp_path: Path) -> None:
    now = _Clock()
    watched = Watched(Small(tmp_path, _DIES), tmp_path / "log", now.read)
    watched.start()
    for _ in range(3):
        await _wait_after_the_next_end(watched, now)

    now.at += 60

    assert await _wait_after_the_next_end(watched, now) == 0


async def test_a_program_that_was_asked_to_stop_did_not_fail(tmp_path: Path) -> None:
    watched = Watched(Small(tmp_path, _LIVES), tmp_path / "log")
    watched.start()
    first = watched.process
    assert first is not None

    first.terminate()
    await until("another process", lambda: bool(_seen(watched)) and watched.process not in {None, first})

    assert watched.state.restarts == 0
    watched.stop()


async def test_a_program_that_cannot_be_prepared_any_more_says_why(tmp_path: Path) -> None:
    small = Small(tmp_path, _DIES)
    watched = Watched(small, tmp_path / "log")
    watched.start()
    small.refusals.append(Refusal("The disk is full: make room."))

    await until("it gave up for now", lambda: _seen(watched).phase is ProgramPhase.FAILED)

    assert watched.state.message == "The disk is full: make room."


class _Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.at = 1000.0

    def read(self) -> float:
        return self.at


def _seen(watched: Watched) -> Program:
    watched.look()
    return watched.state


async def _wait_after_the_next_end(watched: Watched, now: _Clock) -> float:
    """Let the program end once more; how long the supervisor then waits, and let that time pass."""
    process = watched.process
    assert process is not None
    await until("it ended", lambda: process.poll() is not None)
    ended = now.at
    watched.look()
    while watched.process is None or watched.process is process:
        now.at += 0.5
        watched.look()
    return now.at - ended
