"""The stack's logs: one file a program, bounded, shown together with each line's program before it."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

LARGEST = 10 * 1024 * 1024
"""Bytes of a log file; beyond them the older half is dropped."""


def bound(log: Path) -> None:
    """Cut a log that has grown too large. Its program appends, so it goes on at the new end."""
    try:
        if log.stat().st_size <= LARGEST:
            return
    except FileNotFoundError:
        return
    with log.open("r+b") as file:
        file.seek(-LARGEST // 2, 2)
        file.readline()
        kept = file.read()
        file.seek(0)
        file.write(kept)
        file.truncate()


def tail(logs: Sequence[Path], lines: int) -> Iterator[tuple[str, str]]:
    """The last lines of each log, as (program, line)."""
    for log in logs:
        if log.exists():
            for line in log.read_text(errors="replace").splitlines()[-lines:]:
                yield log.stem, line


def follow(logs: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """New lines as they come, until the reader stops."""
    at = {log: log.stat().st_size if log.exists() else 0 for log in logs}
    while True:
        for log in logs:
            if not log.exists():
                continue
            at[log] = min(at[log], log.stat().st_size)  # it was cut
            with log.open("rb") as file:
                file.seek(at[log])
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    at[log] += len(line)
                    yield log.stem, line.decode(errors="replace").rstrip()
        time.sleep(0.2)
