"""A handler as it is written: a function that is called with what its parameters ask for, by their annotations."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from inspect import iscoroutinefunction, signature
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from shared.contracts import registry
from shared.contracts.fact import Fact, Topic
from shared.inbox.record import Record
from shared.postgres.database import Tx
from shared.runtime.service import Kernel


class Handler:
    """A function of an inbox. Its parameters come in any order, and it need not ask for all that it may ask for.

    `subject` is the annotation of the parameter that is neither Tx, Record nor Kernel: a fact, or a batch of them.
    None if there is no such parameter.

    Raises:
        TypeError: it is not asynchronous, or one of its parameters is not annotated, or asks for something else.
    """

    def __init__(self, function: Callable[..., Awaitable[None]]) -> None:
        if not iscoroutinefunction(function):
            raise TypeError(f"{function.__qualname__} is no coroutine function: it would fail at its first record")
        hints = get_type_hints(function)
        if missing := [name for name in signature(function).parameters if name not in hints]:
            raise TypeError(f"{function.__qualname__} does not annotate {', '.join(missing)}")
        annotations = [hints[name] for name in signature(function).parameters]
        kinds = [get_origin(each) or each for each in annotations]
        self._function = function
        self._takes = [kind if kind in {Tx, Record, Kernel} else None for kind in kinds]
        if self._takes.count(None) > 1:
            raise TypeError(f"{function.__qualname__} asks for more than a fact, Tx, Record and Kernel")
        self.subject = annotations[self._takes.index(None)] if None in self._takes else None

    def asks_for(self, kind: type) -> bool:
        """Whether one of its parameters is a Tx, a Record or a Kernel."""
        return kind in self._takes

    async def __call__(self, subject: Any, tx: Tx | None, record: Record | None, kernel: Any) -> None:
        given = {None: subject, Tx: tx, Record: record, Kernel: kernel}
        await self._function(*[given[each] for each in self._takes])


def facts_of(annotation: Any, topics: Iterable[Topic]) -> Sequence[type[Fact]]:
    """The classes of facts on `topics` that an annotation names: a class, those below it, or a union of such.

    Raises:
        TypeError: it names something else.
        ValueError: one of them is on none of the topics.
    """
    read = [fact for fact in registry.FACTS.values() if fact.topic in topics]
    is_union = get_origin(annotation) in {Union, UnionType}
    named = [each for each in (get_args(annotation) if is_union else [annotation]) if each is not NoneType]
    for each in named:
        if not (isinstance(each, type) and issubclass(each, Fact)):
            raise TypeError(f"{each} is no fact")
        if not any(issubclass(fact, each) for fact in read):
            raise ValueError(f"{each.__name__} is on none of the topics that are read")
    return [fact for fact in read if issubclass(fact, tuple(named))]
