"""What people do with parked records: list, replay or drop them, in the order of each key.

A decision is stored as the row's new state. The inbox carries out a replay within a second, then handles the records
that were parked only behind it. Replaying a record that was parked for a gap accepts the gap.
"""

from uuid import UUID

from shared.inbox import store
from shared.inbox.store import FirstParked, Parked, ParkedState
from shared.postgres.database import Tx

__all__ = ["NotFirstError", "NotParkedError", "Parked", "drop", "replay", "waiting"]


class NotParkedError(LookupError):
    """There is no such record, or it was already decided."""


class NotFirstError(Exception):
    """Another record of the same key comes first: its id is `first`."""

    def __init__(self, first: int) -> None:
        super().__init__(f"record {first} of the same key comes first")  # not for people: by its code
        self.first = first


async def waiting(tx: Tx, inbox: str | None = None, *, at_most: int = 100) -> list[Parked]:
    """The parked records of one inbox, or of all inboxes of the service, in the order of parking."""
    return await store.waiting(tx, inbox, at_most=at_most)


async def replay(tx: Tx, parked: int, *, by: str, note: str) -> None:
    """Have the inbox try the record once more.

    Raises:
        NotParkedError: it does not wait.
        NotFirstError: another one of its key comes first.
    """
    await _first(tx, parked)
    await store.decide(tx, parked, ParkedState.REPLAY, by=by, note=note)


async def drop(tx: Tx, parked: int, *, by: str, note: str) -> None:
    """Discard the record; its key continues with the next one.

    Raises:
        NotParkedError: it does not wait.
        NotFirstError: another one of its key comes first.
    """
    head = await _first(tx, parked)
    await store.decide(tx, parked, ParkedState.DROPPED, by=by, note=note)
    if head.version is not None and _is_uuid(head.key):
        await store.pass_over(tx, head, head.version)


async def _first(tx: Tx, parked: int) -> FirstParked:
    head = await store.first_of_its_key(tx, parked)
    if head is None:
        raise NotParkedError(f"no record {parked} is parked")
    if head.id != parked:
        raise NotFirstError(head.id)
    return head


def _is_uuid(key: str) -> bool:
    try:
        return str(UUID(key)) == key
    except ValueError:
        return False
