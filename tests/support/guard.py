"""Ends what a test run started, however the run ends: `python -m tests.support.guard`, its input held open by the run.

A run that is killed cannot clean up after itself. Its end of the pipe closes all the same.
"""

import json
import os
import shutil
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from deploy.local.processes import Identity, stop_tree

RUN = "TOUCHMARK_TEST_RUN"


@dataclass(frozen=True)
class Started:
    """An engine of this run, as written down for the other workers and for the end."""

    address: str
    identity: Identity
    stop_signal: int

    @classmethod
    def read(cls, record: Path) -> "Started":
        read = json.loads(record.read_text())
        return cls(**{**read, "identity": Identity(**read["identity"])})


def stop_all(run: Path) -> None:
    """Stop every engine that the run started, and remove its folder."""
    for record in run.glob("*.json"):
        started = Started.read(record)
        stop_tree(started.identity, how=signal.Signals(started.stop_signal))
    shutil.rmtree(run, ignore_errors=True)


def main() -> None:
    sys.stdin.buffer.read()
    stop_all(Path(os.environ[RUN]))


if __name__ == "__main__":
    main()
