"""The words of codes: English as source text, marked so that it is found for the catalogues.

N_("Save")                                   one message
n_("%(count)s piece", "%(count)s pieces")    one message with its plural; the parameter `count` decides
c_("of a stage", "open")                     one message whose meaning depends on where it is used
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

_CONTEXT = "\x04"  # as GNU gettext joins a context and its message


class Plural(NamedTuple):
    """A message for one and for several."""

    one: str
    several: str


Message = str | Plural


def N_(message: str) -> str:  # noqa: N802 (gettext's own name for a message that is marked, not yet translated)
    return message


def n_(one: str, several: str) -> Plural:
    return Plural(one, several)


def c_(context: str, message: str) -> str:
    return f"{context}{_CONTEXT}{message}"


def without_context(message: str) -> str:
    """The message as a reader sees it where no catalogue has it."""
    return message.rpartition(_CONTEXT)[2]


@dataclass(frozen=True)
class Label:
    """What a code means, and where it names something that went wrong what to do about it."""

    message: Message
    remedy: Message = ""


class Labels:
    """Tables of labels, one for each enum. A table has a label for every member of its enum."""

    def __init__(self, *tables: Mapping[Any, Label]) -> None:
        """Raises ValueError for a table of several enums, an enum with two tables, or a member without a label."""
        self._found: dict[tuple[type, object], Label] = {}
        for table in tables:
            self._add(table)

    def __or__(self, other: "Labels") -> "Labels":
        """Both together; where both know a code, the other's label is taken."""
        both = Labels()
        both._found = {**self._found, **other._found}
        return both

    def get(self, code: Enum) -> Label | None:
        """The label of this code; None where it has none."""
        return self._found.get((type(code), code.name))

    def __iter__(self) -> Iterator[Label]:
        return iter(self._found.values())

    def _add(self, table: Mapping[Any, Label]) -> None:
        kinds = {type(code) for code in table}
        if len(kinds) != 1:
            raise ValueError(f"a table of labels is of one enum, not of {sorted(kind.__name__ for kind in kinds)}")
        (kind,) = kinds
        if unlabelled := [code.name for code in kind if code not in table]:
            raise ValueError(f"{kind.__name__} has no label for {', '.join(unlabelled)}")
        for code, label in table.items():
            if (kind, code.name) in self._found:
                raise ValueError(f"{kind.__name__} has two tables of labels")
            self._found[kind, code.name] = label
