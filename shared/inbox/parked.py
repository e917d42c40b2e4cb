"""What people decide about parked records: seen, replayed or dropped, in the order of each key.

A decision is a row's new state; the inbox itself carries a replay out, within a second, and then takes what was
parked only behind it. Replaying a record that was parked for a gap accepts the gap.
"""

from uuid import UUID

from shared.inbox import store
from shared.inbox.store import FirstParked, Parked, ParkedState
from shared.postgres.database import Tx

__all__ = ["NotFirstError", "NotParkedError", "Parked", "drop", "replay", "waiting"]


class NotParkedError(LookupError):
    """There is no such record, or somebody has decided about it already."""


class NotFirstError(Exception):
    """Another record of the same key comes first: its id is `first`."""

    def __init__(self, first: int) -> None:
        super().__init__(f"record {first} of the same key comes first")
        self.first = first


async def waiting(tx: Tx, inbox: str | None = None, *, at_most: int = 100) -> list[Parked]:
    """What waits in one inbox, or in all of the service, in the order it was parked."""
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
    """Let the record never take effect; its key goes on behind it.

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
