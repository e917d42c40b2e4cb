"""The timeline of one commission: facts, money, mails, commands, timers, and what ops did."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.lifecycle.domain.audit import AuditEntry
from services.lifecycle.domain.dashboard import RecordedFact
from shared.contracts.fact import Topic


class TimelineKind(StrEnum):
    """What an entry of the timeline is about."""

    FACT = "fact"
    MONEY = "money"
    MAIL = "mail"
    COMMAND = "command"
    TIMER = "timer"
    OPS = "ops"


class StepState(StrEnum):
    """What became of a command or a timer."""

    RUNNING = "running"
    """Asked and not answered yet; a timer that runs."""
    DONE = "done"
    """Answered; a timer that fired."""
    REFUSED = "refused"
    """Refused for good, or timed out."""
    CANCELLED = "cancelled"
    """Cancelled, because something else came first."""


@dataclass(frozen=True)
class HistoryStep:
    """One command or timer from the workflow's own history. `problem` is a slug, `due` when a timer fires."""

    kind: TimelineKind
    name: str
    at: datetime
    state: StepState = StepState.RUNNING
    ended_at: datetime | None = None
    attempts: int = 1
    problem: str | None = None
    due: datetime | None = None


@dataclass(frozen=True)
class WorkflowHistory:
    """What the workflow's own history says. `complete` is false where it is longer than what was read of it."""

    steps: Sequence[HistoryStep]
    events: int
    complete: bool = True


@dataclass(frozen=True)
class OpsTimelineEntry:
    """One entry of the timeline, with what it was made from."""

    kind: TimelineKind
    at: datetime
    name: str
    about: RecordedFact | HistoryStep | AuditEntry

    @property
    def detail(self) -> Mapping[str, Any]:
        """What it says besides, as ids, enums, amounts and times."""
        match self.about:
            case RecordedFact() as recorded:
                return recorded.detail
            case HistoryStep() as step:
                said = {"state": step.state, "attempts": step.attempts, "ended_at": step.ended_at, "due": step.due}
                return {name: value for name, value in {**said, "problem": step.problem}.items() if value is not None}
            case entry:
                return {**entry.detail, "outcome": entry.outcome.value, "person": str(entry.person)}


_KINDS = {Topic.PAYMENTS.value: TimelineKind.MONEY, Topic.NOTIFICATIONS.value: TimelineKind.MAIL}


def timeline(
    facts: Iterable[RecordedFact],
    history: WorkflowHistory | None,
    audit: Iterable[AuditEntry],
    only: TimelineKind | None,
) -> Sequence[OpsTimelineEntry]:
    """The entries, newest first; of one kind, if one is asked for.

    What ops did in another service is there once, as that service's fact; only among what ops did it is theirs.
    """
    entries = [OpsTimelineEntry(_KINDS.get(each.topic, TimelineKind.FACT), each.at, each.name, each) for each in facts]
    entries += [OpsTimelineEntry(each.kind, each.at, each.name, each) for each in (history.steps if history else ())]
    done = (each for each in audit if only or not each.recorded)
    entries += [OpsTimelineEntry(TimelineKind.OPS, each.at, each.action.value, each) for each in done]
    return sorted((entry for entry in entries if only in {None, entry.kind}), key=lambda entry: entry.at)[::-1]
