"""The supervisor: starts engines, then services, then the edge; restarts what dies; stops all of it in reverse.

    python -m deploy.local.supervisor

`touchmark up` starts it in the background and reads its state. SIGTERM stops the stack.
"""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from deploy.local import databases
from deploy.local.engines.engine import Engine
from deploy.local.engines.kafka import KafkaEngine
from deploy.local.logs import bound
from deploy.local.plan import StackPlan, make_plan
from deploy.local.processes import Identity, last_lines, spawn, stop_tree
from deploy.local.refusal import Refusal
from deploy.local.secrets import Secrets, keep
from deploy.local.settings import StackSettings
from deploy.local.state import Program, ProgramPhase, StackState, StateFile
from deploy.local.words import _

_LOOK = 0.1  # seconds between two looks at everything
_PATIENCE = 120.0  # seconds until a program that does not answer counts as failed
_LONGEST_WAIT = 15.0
_STABLE = 30.0  # seconds after which a program's restarts are forgiven


_STOPPED = {0, -signal.SIGTERM, -signal.SIGINT, 128 + signal.SIGTERM, 128 + signal.SIGINT}
"""How a program ends that was asked to stop, as `touchmark restart` does."""


class Watched:
    """One program, its process, and when to start it next. `clock` gives seconds and never goes back."""

    def __init__(self, program: Engine, log: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.program = program
        self.log = log
        self._clock = clock
        self.process: subprocess.Popen[bytes] | None = None
        self.state = Program()
        self._began = 0.0
        self._next = 0.0
        self._failures = 0

    def start(self) -> None:
        """Prepare and start it. Raises Refusal."""
        self.program.prepare()
        self.process = spawn(self.program.launch(), self.log)
        self._began = self._clock()
        self._enter(ProgramPhase.STARTING, identity=Identity.of(self.process.pid))

    def look(self) -> None:
        """Notice that it answers, or that it ended; start it again when its time has come."""
        if self.process is None or self.process.poll() is not None:
            self._ended()
        elif self.state.phase is not ProgramPhase.READY:
            if self.program.answers():
                self._enter(ProgramPhase.READY, message="")
            elif self._clock() - self._began > _PATIENCE:
                self._enter(ProgramPhase.FAILED, message=f"does not answer; see {self.log}")

    def stop(self) -> None:
        if self.state.identity:
            stop_tree(self.state.identity, how=self.program.stop_signal, limit=25)

    def _ended(self) -> None:
        now = self._clock()
        if self.process is not None:
            if self.state.identity:
                stop_tree(self.state.identity)  # what it left behind
            self._plan_next(self.process.returncode, now)
            self.process = None
        if now >= self._next:
            try:
                self.start()
            except Refusal as refusal:
                self._next = now + _LONGEST_WAIT
                self._enter(ProgramPhase.FAILED, message=str(refusal))

    def _plan_next(self, code: int, now: float) -> None:
        """Restart at once after the first failure or a requested stop; after more failures wait longer each time."""
        if code in _STOPPED:
            self._next, restarts, message = now, self.state.restarts, ""
        else:
            self._failures = 1 if now - self._began > _STABLE else self._failures + 1
            self._next = now + (0.0 if self._failures == 1 else min(2.0 ** (self._failures - 2), _LONGEST_WAIT))
            restarts, message = self.state.restarts + 1, f"ended with {code}: {last_lines(self.log, 1)}"
        self.state = Program(phase=ProgramPhase.RESTARTING, restarts=restarts, message=message)

    def _enter(self, phase: ProgramPhase, **more: object) -> None:
        self.state = self.state.model_copy(update={"phase": phase, **more})


class StackSupervisor:
    """Runs a plan until SIGTERM or SIGINT."""

    def __init__(self, plan: StackPlan, secrets: Secrets, settings: StackSettings) -> None:
        self._plan = plan
        self._secrets = secrets
        self._settings = settings
        self._file = StateFile(settings.run)
        self._watched = [Watched(one, settings.logs / f"{one.name}.log") for one in plan.programs]
        self._stopping = False
        self._written = ""

    def run(self) -> None:
        """Start everything in its order, then watch."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        self._write()
        try:
            self._start_in_order()
            while not self._stopping:
                self._look_at(self._watched)
        except Refusal as refusal:
            self._write(str(refusal))
        finally:
            self._stop_all()

    def _start_in_order(self) -> None:
        engines = self._watched[: len(self._plan.engines)]
        self._bring_up(engines)
        if not self._stopping:
            asyncio.run(databases.create(self._plan.dsn, self._secrets))
            for kafka in (one for one in self._plan.engines if isinstance(one, KafkaEngine)):
                kafka.let_in()
            self._bring_up(self._watched[len(engines) :])

    def _bring_up(self, group: list[Watched]) -> None:
        """Start these together, and wait until all of them answer; one that keeps failing is a refusal."""
        for one in group:
            one.start()
            # At once: should we be killed, the next `up` or `down` has to know of it.
            self._write()
        while not self._stopping and any(one.state.phase is not ProgramPhase.READY for one in group):
            self._look_at([one for one in self._watched if one.process or one.state.restarts])
            for one in group:
                if one.state.phase is ProgramPhase.FAILED or one.state.restarts > 3:  # noqa: PLR2004 (once more than an accident)
                    raise Refusal(
                        _(
                            "%(name)s did not start: %(reason)s",
                            name=one.program.name,
                            reason=one.state.message or last_lines(one.log),
                        )
                    )

    def _look_at(self, group: list[Watched]) -> None:
        for one in group:
            one.look()
            bound(one.log)
        bound(self._settings.logs / "supervisor.log")
        self._write()
        time.sleep(_LOOK)

    def _write(self, refusal: str = "") -> None:
        state = StackState(
            supervisor=Identity.of(os.getpid()),
            programs={one.program.name: one.state for one in self._watched},
            refusal=refusal,
        )
        if (text := state.model_dump_json()) != self._written:
            self._file.write(state)
            self._written = text

    def _stop(self, _signal: int, _frame: object) -> None:
        self._stopping = True

    def _stop_all(self) -> None:
        """The edge first, then the services all at once, the engines last: what people sent is still taken in."""
        services = self._watched[len(self._plan.engines) :]
        for one in services:
            if one.process and one.process.poll() is None:
                one.process.terminate()
        for one in [*reversed(services), *reversed(self._watched[: len(self._plan.engines)])]:
            one.stop()
            one.state = Program(phase=ProgramPhase.RESTARTING, restarts=one.state.restarts)


def main() -> None:
    os.umask(0o077)
    settings = StackSettings()
    secrets = keep(settings.home)
    StackSupervisor(make_plan(settings, secrets), secrets, settings).run()


if __name__ == "__main__":
    main()
