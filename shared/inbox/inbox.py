"""What a service does with the facts of others: declared here, run by the `InboxRunner`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from shared.contracts.fact import Fact, Topic
from shared.inbox.record import Record
from shared.postgres.database import Tx

Handler: TypeAlias = Callable[[Tx, Any, Record], Awaitable[None]]
"""`handler(tx, fact, record)`: the fact is of the class it is registered for."""

TombstoneHandler: TypeAlias = Callable[[Tx, Record], Awaitable[None]]

BatchHandler: TypeAlias = Callable[[Tx, Sequence[tuple[Fact | None, Record]]], Awaitable[None]]
"""`batch(tx, [(fact, record), …])` in order per key; the fact of a tombstone is None."""


class Transient(Exception):  # noqa: N818 (it says how to go on, not what went wrong)
    """It may work later: the partition is paused and the record is tried again. Never parks anything."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """One consumer group of a service, `<service>.<name>`, on `topics`.

    Either `handlers` by fact class (and `tombstones` by topic), or one `batch` for all. They run inside the batch's
    transaction, call one action, and may be run again after a failure. A type without a handler is skipped.
    """

    name: str
    topics: Sequence[Topic]
    handlers: Mapping[type[Fact], Handler] = field(default_factory=dict)
    tombstones: Mapping[Topic, TombstoneHandler] = field(default_factory=dict)
    batch: BatchHandler | None = None

    def __post_init__(self) -> None:
        if self.batch is not None and (self.handlers or self.tombstones):
            raise ValueError(f"inbox {self.name}: either handlers or one batch handler")
        strangers = {*self.tombstones, *(fact.topic for fact in self.handlers)} - set(self.topics)
        if strangers:
            raise ValueError(f"inbox {self.name} handles {', '.join(sorted(strangers))} without reading it")
