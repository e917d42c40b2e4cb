"""What a service does with the facts of others: declared in its `events.py`, run by the `InboxRunner`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar, get_args

from shared.contracts.fact import Fact, Topic
from shared.inbox.handler import Handler, facts_of
from shared.inbox.record import Record
from shared.postgres.database import Tx

_Function = TypeVar("_Function", bound=Callable[..., Awaitable[None]])


class Transient(Exception):  # noqa: N818 (it says how to go on, not what went wrong)
    """It may work later: the partition is paused and the record is tried again. Never parks anything."""


class Inbox:
    """One consumer group of a service, `<service>.<name>`, on `topics`: one subscriber of the service's broker.

        people = Inbox("people", Topic.PEOPLE)

        @people.handler
        async def person_recorded(person: PersonRecorded, tx: Tx) -> None: ...

        @people.tombstone
        async def person_erased(record: Record, tx: Tx, kernel: Kernel[Settings]) -> None: ...

    A record goes to the handler whose annotation names the class of its `ce_type`; one that has none is passed over.
    Handlers may ask for the `Tx`, the `Record` and the `Kernel`, in any order. They run inside the batch's
    transaction, call one action, and may be run again after a failure.
    """

    def __init__(self, name: str, *topics: Topic) -> None:
        self.name = name
        self.topics: Sequence[Topic] = topics
        self._handlers: dict[str, Handler] = {}
        self.on_tombstone: Handler | None = None
        self.on_batch: Handler | None = None
        self.on_ahead: Handler | None = None

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By `ce_type`; of a set-based inbox, each is its batch handler."""
        return MappingProxyType(self._handlers)

    @property
    def facts(self) -> Sequence[type[Fact]]:
        """The classes that it reads."""
        return [fact for fact in facts_of(Fact, self.topics) if fact.type() in self._handlers]

    def handler(self, function: _Function) -> _Function:
        """Handle facts one by one: those of the class, or of the union of classes, that the annotation names."""
        handler = Handler(function)
        self._add(handler, handler.subject)
        return function

    def tombstone(self, function: _Function) -> _Function:
        """Handle the records without data, by which a compacted topic forgets a key."""
        handler = Handler(function)
        if self.on_tombstone or self.on_batch or handler.subject is not None:
            raise ValueError(f"inbox {self.name}: one handler of tombstones, which have no fact")
        self.on_tombstone = handler
        return function

    def batch(self, function: _Function) -> _Function:
        """Handle the facts of a batch at once, in order per key: a `Sequence[tuple[SomeFact, Record]]`.

        Not FastStream's `batch=True`, which every subscriber here has: this is about how they are handled.
        Tombstones are passed over, unless the annotation is `SomeFact | None`: then theirs is None.
        """
        handler = self._of_a_batch(function)
        if self._handlers or self.on_tombstone:
            raise ValueError(f"inbox {self.name}: either handlers or one batch handler")
        subject, _ = get_args(get_args(handler.subject)[0])
        self._add(handler, subject)
        self.on_batch = handler
        if type(None) in get_args(subject):
            self.on_tombstone = handler
        return function

    def ahead(self, function: _Function) -> _Function:
        """Call another system ahead of the batch, with no transaction open. The same facts may come again.

        It gets what the batch handler gets, which is declared first.
        """
        if self.on_batch is None or self.on_ahead is not None:
            raise ValueError(f"inbox {self.name}: one function runs ahead of a batch handler, declared after it")
        handler = self._of_a_batch(function)
        if handler.asks_for(Tx):
            raise TypeError(f"{function.__name__} runs before there is a transaction")
        self.on_ahead = handler
        return function

    @staticmethod
    def _of_a_batch(function: Callable[..., Awaitable[None]]) -> Handler:
        handler = Handler(function)
        if handler.asks_for(Record):
            raise TypeError(f"{function.__qualname__} gets each record beside its fact, and none of its own")
        return handler

    def _add(self, handler: Handler, annotation: Any) -> None:
        if self.on_batch:
            raise ValueError(f"inbox {self.name}: either handlers or one batch handler")
        for fact in facts_of(annotation, self.topics):
            if fact.type() in self._handlers:
                raise ValueError(f"inbox {self.name}: {fact.__name__} has a handler already")
            self._handlers[fact.type()] = handler
