"""A one-machine stack of a test's own: the command `touchmark` in a folder of its own, on ports of its own."""

import os
import random
import signal
import subprocess
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil

from deploy.local.plan import StackPlan, make_plan
from deploy.local.secrets import keep
from deploy.local.settings import StackSettings
from deploy.local.state import StackState, StateFile
from tests.support.guard import RUN

_TOUCHMARK = Path(sysconfig.get_path("scripts")) / "touchmark"
_HIGHEST_OFFSET = 100
# Below the ports that Linux gives to clients (from 32768 on): nobody takes one by chance.
_BASES = range(12_000, 32_000, _HIGHEST_OFFSET)


@dataclass(frozen=True)
class Stack:
    """`home` is its folder. `variables` are set for each command, on top of ports and folder."""

    home: Path
    port_base: int
    variables: dict[str, str] = field(default_factory=dict)

    @classmethod
    def somewhere(cls, home: Path, **variables: str) -> "Stack":
        """On ports that are free now."""
        bases = random.sample(_BASES, len(_BASES))
        return next(cls(home, base, variables) for base in bases if _all_free(base))

    @property
    def environment(self) -> dict[str, str]:
        """The whole environment of a command of this stack, with nothing of a stack that the developer runs."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("TOUCHMARK_")}
        kept = {name: os.environ[name] for name in (RUN, "TOUCHMARK_CACHE") if name in os.environ}
        ports = {"TOUCHMARK_PORT_BASE": str(self.port_base), "TOUCHMARK_EDGE_PORT": str(self.port_base + 80)}
        return {**inherited, **kept, **ports, "TOUCHMARK_HOME": str(self.home), **self.variables}

    @property
    def settings(self) -> StackSettings:
        return StackSettings(home=self.home, port_base=self.port_base, edge_port=self.port_base + 80)

    @property
    def plan(self) -> StackPlan:
        """As the supervisor has it; of one's own engines it knows what `variables` say."""
        own = {name.removeprefix("TOUCHMARK_").lower(): value for name, value in self.variables.items()}
        settings = StackSettings(**{**self.settings.model_dump(), **own})
        return make_plan(settings, keep(self.home))

    @property
    def state(self) -> StackState:
        return StateFile(self.settings.run).read()

    def touchmark(self, *words: str, within: float = 170) -> subprocess.CompletedProcess[str]:
        """Run a command, whatever becomes of it; at most `within` seconds."""
        return subprocess.run(  # noqa: S603 - our own program
            [_TOUCHMARK, *words], env=self.environment, capture_output=True, text=True, timeout=within, check=False
        )

    def begin(self, *words: str, output: IO[str]) -> subprocess.Popen[str]:
        """Start a command that goes on until it is ended, by Ctrl-C as a rule."""
        return subprocess.Popen(  # noqa: S603
            [_TOUCHMARK, *words],
            env=self.environment,
            stdout=output,
            text=True,
            preexec_fn=_heed_ctrl_c,  # noqa: PLW1509 (it only sets a signal)
        )

    def do(self, *words: str) -> str:
        """Run a command that has to succeed; what it printed."""
        done = self.touchmark(*words)
        assert done.returncode == 0, f"touchmark {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    def processes(self) -> set[psutil.Process]:
        """Everything that runs of this stack, the children of its programs as well."""
        identities = [self.state.supervisor, *(one.identity for one in self.state.programs.values())]
        found = {process for identity in identities if identity and (process := identity.find())}
        return found | {child for process in found for child in process.children(recursive=True)}


def _heed_ctrl_c() -> None:
    """As in a terminal: a test run that was put into the background has handed down that it is to be ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _all_free(base: int) -> bool:
    taken = {connection.laddr.port for connection in psutil.net_connections("tcp4") if connection.laddr}
    return taken.isdisjoint(range(base, base + _HIGHEST_OFFSET))
