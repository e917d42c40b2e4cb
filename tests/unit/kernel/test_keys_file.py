"""The list of erased keys that no backup holds: it has all of them, or says that it has not."""

import os
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from shared.contracts.fact import Topic
from shared.erasure.keys_file import ErasedKey, KeysFile

AT = datetime(2026, 11, 30, tzinfo=UTC)


def erased() -> ErasedKey:
    return ErasedKey(Topic.PEOPLE, uuid4(), own=True, erased_at=AT)


def test_a_disk_that_takes_only_a_part_at_a_time_has_all_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, several = KeysFile(tmp_path, "sample"), [erased() for _ in range(3)]
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, data[:50]))

    keys.add(several)

    assert keys.read() == several


def test_a_disk_that_becomes_full_is_not_taken_for_one_that_has_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database would say that the key is filed, and a backup would revive whom it belongs to."""
    keys, one, room = KeysFile(tmp_path, "sample"), erased(), [50]
    write = os.write

    def fills_up(file: int, data: bytes) -> int:
        if not room:
            raise OSError(28, "No space left on device")
        return write(file, data[: room.pop()])

    monkeypatch.setattr(os, "write", fills_up)
    with pytest.raises(OSError, match="No space"):
        keys.add([one])
    monkeypatch.undo()
    keys.add([one])

    assert keys.read() == [one]
