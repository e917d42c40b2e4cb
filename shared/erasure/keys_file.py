"""The list of erased keys in a file, which no backup of the database holds: it is newer than any of them."""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from shared.contracts.fact import Topic


@dataclass(frozen=True, slots=True)
class ErasedKey:
    """A key of a compacted topic that was erased: by a tombstone of this service (`own`), or by one that it obeyed."""

    topic: Topic
    key: UUID
    own: bool
    erased_at: datetime


class KeysFile:
    """One line for each key, in `<folder>/<service>.jsonl`, which is only added to. It holds ids alone."""

    def __init__(self, folder: Path, service: str) -> None:
        self._path = folder / f"{service}.jsonl"

    def read(self) -> list[ErasedKey]:
        """All of it; a line that was cut off by a crash is left out. Blocks."""
        if not self._path.exists():
            return []
        lines = self._path.read_text("utf-8").splitlines()
        return [erased for line in lines if (erased := _from_line(line))]

    def add(self, erased: Iterable[ErasedKey]) -> None:
        """Add these, and return once they are on the disk. Blocks.

        Raises:
            OSError: they are not, or not all of them: the disk is full, say.
        """
        lines = "\n" + "".join(_to_line(each) for each in erased)  # a line that was cut off stays alone
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            left = lines.encode()
            while left:  # a disk that becomes full takes a part, and refuses only what comes next
                left = left[os.write(file, left) :]
            os.fsync(file)
        finally:
            os.close(file)


def _to_line(erased: ErasedKey) -> str:
    at = erased.erased_at.isoformat()
    return json.dumps({"topic": erased.topic.value, "key": str(erased.key), "own": erased.own, "at": at}) + "\n"


def _from_line(line: str) -> ErasedKey | None:
    try:
        read = json.loads(line)
    except ValueError:
        return None
    return ErasedKey(Topic(read["topic"]), UUID(read["key"]), read["own"], datetime.fromisoformat(read["at"]))
