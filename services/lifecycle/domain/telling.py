"""One commission's story in the order of time: facts, money, mails, commands, timers, and what ops did."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.lifecycle.domain.deeds import Action
from services.lifecycle.domain.room import Happening
from shared.contracts.fact import Topic


class Kind(StrEnum):
    """What a line of the story is about."""

    FACT = "fact"
    MONEY = "money"
    MAIL = "mail"
    COMMAND = "command"
    TIMER = "timer"
    OPS = "ops"


class StepState(StrEnum):
    """What became of a command or a timer."""

    UNDER_WAY = "under_way"
    """Asked and not answered yet; a timer that runs."""
    DONE = "done"
    """Answered; a timer that fired."""
    REFUSED = "refused"
    """Refused for good, or given up."""
    CANCELLED = "cancelled"
    """Broken off, because something else came first."""


@dataclass(frozen=True)
class Step:
    """One command or timer from the workflow's own history. `problem` is a slug, `due` when a timer fires."""

    kind: Kind
    name: str
    at: datetime
    state: StepState = StepState.UNDER_WAY
    ended_at: datetime | None = None
    attempts: int = 1
    problem: str | None = None
    due: datetime | None = None


@dataclass(frozen=True)
class History:
    """What the workflow's own history says. `complete` is false where it is longer than what was read of it."""

    steps: Sequence[Step]
    events: int
    complete: bool = True


@dataclass(frozen=True)
class Line:
    """One line of the story, with what it was made from."""

    kind: Kind
    at: datetime
    name: str
    about: Happening | Step | Action

    @property
    def detail(self) -> Mapping[str, Any]:
        """What it says besides, as ids, enums, amounts and times."""
        match self.about:
            case Happening() as happening:
                return happening.detail
            case Step() as step:
                said = {"state": step.state, "attempts": step.attempts, "ended_at": step.ended_at, "due": step.due}
                return {name: value for name, value in {**said, "problem": step.problem}.items() if value is not None}
            case action:
                return {**action.detail, "outcome": action.outcome.value, "person": str(action.person)}


_KINDS = {Topic.PAYMENTS.value: Kind.MONEY, Topic.NOTIFICATIONS.value: Kind.MAIL}


def told(
    happenings: Iterable[Happening], history: History | None, actions: Iterable[Action], only: Kind | None
) -> Sequence[Line]:
    """The story, oldest first; of one kind, where one is asked for."""
    lines = [Line(_KINDS.get(each.topic, Kind.FACT), each.at, each.name, each) for each in happenings]
    lines += [Line(each.kind, each.at, each.name, each) for each in (history.steps if history else ())]
    lines += [Line(Kind.OPS, each.at, each.what.value, each) for each in actions]
    return sorted((line for line in lines if only in {None, line.kind}), key=lambda line: line.at)
