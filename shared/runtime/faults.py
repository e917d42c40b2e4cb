"""Named points at which a test may end the process: `faults.reach("relay.after_produce")`.

Nothing here reads settings or the environment, so no deployment can arm a point: only `tests/support`, which is in no
image, calls `arm`.
"""

import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Final

POINTS: Final = frozenset(
    {
        "web.after_commit",
        "relay.before_produce",
        "relay.after_produce",
        "relay.after_delete",
        "inbox.before_commit",
        "inbox.after_commit",
        "inbox.after_offset_commit",
        "worker.before_commit",
        "worker.after_commit",
        "bridge.before_signal",
        "bridge.after_signal",
        "mailer.before_send",
        "mailer.after_send",
    }
)

_armed: dict[str, Path] = {}


def reach(point: str) -> None:
    """Say that this point is reached. Does nothing, unless a test armed it: then the process dies by SIGKILL, once.

    The marker file is the proof of where it died, and lets the next process pass.
    """
    marker = _armed.get(point)
    if marker is None or marker.exists():
        return
    with marker.open("x") as proof:
        proof.write(f"{point} {os.getpid()}\n")
        proof.flush()
        os.fsync(proof.fileno())
    os.kill(os.getpid(), signal.SIGKILL)


def arm(plan: Mapping[str, Path]) -> None:
    """Arm points, each with its marker file. For tests only.

    Raises:
        ValueError: there is no such point.
    """
    if unknown := plan.keys() - POINTS:
        raise ValueError(f"no such fault point: {', '.join(sorted(unknown))}")
    _armed.update(plan)
