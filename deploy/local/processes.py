"""Child processes of the one-machine stack: each is a session of its own, known by its pid and its start."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from deploy.local.refusal import Refusal
from deploy.local.words import _

_CLOCK_TOLERANCE = 1.5  # seconds; the kernel's boot time, which starts are counted from, moves when the clock is set


@dataclass(frozen=True)
class SystemAccount:
    """Whom a program runs as, in `subprocess`'s own words. Only root may choose."""

    user: int | None = None
    group: int | None = None
    extra_groups: tuple[int, ...] | None = None

    @classmethod
    def named(cls, name: str) -> "SystemAccount":
        """This user, in the user's own group only. Raises Refusal: there is no such user."""
        try:
            found = pwd.getpwnam(name)
        except KeyError as error:
            raise Refusal(f"There is no user {name} on this machine: add one, or run Touchmark as one.") from error
        return cls(found.pw_uid, found.pw_gid, ())

    @property
    def owner(self) -> tuple[int, int]:
        """For `chown`, which takes -1 for no change."""
        return (-1 if self.user is None else self.user, -1 if self.group is None else self.group)


OURSELVES = SystemAccount()


@dataclass(frozen=True)
class Launch:
    """How a program is started: with our own environment, less what is `withheld`, and `environment` on top.

    It begins in `cwd` before it becomes `account`, who may be somebody who could not go there.
    """

    argv: tuple[str, ...]
    cwd: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    withheld: frozenset[str] = frozenset()
    account: SystemAccount = OURSELVES


@dataclass(frozen=True)
class Identity:
    """A process, distinguished from a later one with the same number. `started` is in seconds since 1970."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> "Identity":
        return cls(pid, psutil.Process(pid).create_time())

    def find(self) -> psutil.Process | None:
        """Return the living process, or None when it is gone or its number belongs to another by now."""
        try:
            process = psutil.Process(self.pid)
            return process if self.is_of(process) and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None

    def is_of(self, process: psutil.Process) -> bool:
        """Whether it is this very process, not only its number. Raises psutil.NoSuchProcess if it is gone."""
        return abs(process.create_time() - self.started) < _CLOCK_TOLERANCE


def spawn(launch: Launch, log: Path) -> subprocess.Popen[bytes]:
    """Start the program in a session of its own, with its output appended to the log file."""
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if name not in launch.withheld}
    environment |= launch.environment
    with log.open("ab") as output:
        try:
            return subprocess.Popen(  # noqa: S603 - the stack's own programs, never a shell
                launch.argv,
                cwd=launch.cwd,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=launch.account.user,
                group=launch.account.group,
                extra_groups=launch.account.extra_groups,
            )
        except FileNotFoundError as error:
            raise _missing(launch.argv[0]) from error
        except PermissionError as error:
            # so says the system as well of a program that is nowhere, if a folder on PATH may not be entered
            if shutil.which(launch.argv[0], path=environment.get("PATH")) is None and "/" not in launch.argv[0]:
                raise _missing(launch.argv[0]) from error
            raise Refusal(
                _(
                    "The program %(program)s cannot be started: %(reason)s",
                    program=launch.argv[0],
                    reason=error.strerror or "",
                )
            ) from error


def _missing(program: str) -> Refusal:
    return Refusal(_("The program %(program)s is missing. Run `make install`.", program=program))


def stop_tree(identity: Identity, *, how: signal.Signals = signal.SIGTERM, limit: float = 10.0) -> None:
    """Stop the process and everything it started, waiting until they are gone.

    Args:
        identity: The process. When it is gone already, what is left of its session is ended.
        how: The signal that asks it to stop.
        limit: Seconds it may take; what lives on after that is killed.
    """
    process = identity.find()
    family = _family(identity, process)
    if process is not None:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(how)
        _, alive = psutil.wait_procs([process], timeout=limit)
        family |= _family(identity, process if alive else None)
    _kill(family)


def _family(identity: Identity, process: psutil.Process | None) -> set[psutil.Process]:
    """The process, its descendants, and what is left of the session that it led."""
    found = _session_members(identity)
    if process is not None:
        found.add(process)
        with suppress(psutil.NoSuchProcess):
            found.update(process.children(recursive=True))
    return found


def _session_members(identity: Identity) -> set[psutil.Process]:
    """Members of the session that the process led: the kernel gives its number to nobody else while any of them lives.

    So if another process has the number by now, or the machine was restarted, there is none.
    """
    members: set[psutil.Process] = set()
    if _reused(identity) or identity.started < psutil.boot_time():
        return members
    for process in psutil.process_iter():
        with suppress(psutil.Error, ProcessLookupError, PermissionError):
            if os.getsid(process.pid) == identity.pid and process.create_time() > identity.started - _CLOCK_TOLERANCE:
                members.add(process)
    return members


def _reused(identity: Identity) -> bool:
    try:
        return not identity.is_of(psutil.Process(identity.pid))
    except psutil.NoSuchProcess:
        return False


def _kill(processes: Iterable[psutil.Process]) -> None:
    left = [process for process in processes if process.is_running()]
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=5)


def wait_until(condition: Callable[[], bool], *, limit: float, pause: float = 0.05) -> bool:
    """Ask again and again until the condition holds; False when it does not within `limit` seconds."""
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def last_lines(log: Path, count: int = 5) -> str:
    """Return the end of a log file, for a message; empty when there is none."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
