"""How the ops room speaks of commissions, facts, commands, deeds and instants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from markupsafe import Markup

from services.lifecycle.domain import refusals
from services.lifecycle.domain.audit import AuditEntry
from services.lifecycle.domain.dashboard import CommissionRow, RecordedFact, Risk
from services.lifecycle.domain.operations import Operation
from services.lifecycle.domain.timeline import EntryKind, HistoryStep, StepState, TimelineEntry
from services.lifecycle.pages import naming
from shared.contracts.lifecycle import Holder, Outcome, Phase
from shared.inbox.parked import Parked
from shared.kernel.money import Money
from shared.web.dates import Wording

_ENDING: Final = "Being undone"
_ABOUT: Final[Mapping[str, tuple[str, Mapping[Any, str]]]] = {
    "MailSent": ("intent", naming.MAILS),
    "MailFailed": ("intent", naming.MAILS),
    "CommissionEscalated": ("reason", {each: words.lower() for each, words in naming.ESCALATIONS.items()}),
    "PieceReplanned": ("reason", naming.REPLANNED),
    "MishapReported": ("kind", naming.MISHAPS),
    "InvoiceIssued": ("kind", {each: words.lower() for each, words in naming.INVOICES.items()}),
    "InvoicePaid": ("kind", {each: words.lower() for each, words in naming.INVOICES.items()}),
    "RefundDue": ("reason", naming.REFUNDS),
}
"""Of which field a fact's sentence ends with the words."""

_AMOUNTS: Final = ("amount", "total")
_PLACES: Final = ("stage", "gate", "serial", "tracking")
"""A stage of the offering or a gate, which the offering's file has a title for; or a number that says it all."""


@dataclass(frozen=True)
class Words:
    """What templates ask for words; `wording` is the studio's locale and zone, `titles` are of stages and gates."""

    wording: Wording
    titles: Mapping[str, str] | None = None

    names: ClassVar[Any] = naming
    phases: ClassVar[Mapping[Phase, str]] = naming.PHASES
    holders: ClassVar[Mapping[Holder, str]] = naming.HOLDERS

    def phase(self, commission: CommissionRow) -> str:
        """Where it stands; how it ended, once it has."""
        if commission.phase is Phase.ENDED:
            return naming.OUTCOMES[commission.outcome] if commission.outcome else _ENDING
        return naming.PHASES[commission.phase]

    def holder(self, commission: CommissionRow) -> str:
        return naming.HOLDERS[commission.holder]

    def move(self, commission: CommissionRow) -> str:
        """Whose move it is, within a sentence."""
        return naming.MOVES[commission.holder]

    def risk(self, risk: Risk) -> tuple[str, str]:
        """The word, and the tone that repeats it; both empty where nobody need look."""
        return naming.RISKS[risk]

    def short(self, number: UUID) -> str:
        """The end of a number, enough to tell two on one page apart."""
        return f"…{number.hex[-8:]}"

    def line(self, line: TimelineEntry) -> str:
        """What one line of the story says."""
        match line.about:
            case RecordedFact() as recorded:
                return self.fact(recorded)
            case HistoryStep() as step:
                return self.step(step)
            case action:
                return self.did(action)

    def tone(self, line: TimelineEntry) -> str:
        """`wrong` or `attention` where one should look, else empty."""
        match line.about:
            case RecordedFact(name="MailFailed") | HistoryStep(state=StepState.REFUSED):
                return "wrong"
            case RecordedFact(name="CommissionEscalated" | "MishapReported" | "QualityFailed" | "ApprovalRefused"):
                return "attention"
            case AuditEntry() as action:
                _, tone = naming.AUDIT_OUTCOMES[action.outcome]
                return tone if tone != "good" else ""
            case _:
                return ""

    def fact(self, recorded: RecordedFact) -> str:
        """What happened; a type that has no words here by its name."""
        name, detail = recorded.name, recorded.detail
        if name == "PhaseEntered":
            return self._entered(detail)
        if name == "CommissionEnded":
            outcome = detail.get("outcome")
            return naming.OUTCOMES[Outcome(outcome)] if outcome in set(Outcome) else naming.FACTS[name]
        return ": ".join(filter(None, [naming.FACTS.get(name, name), self._about(name, detail)]))

    def step(self, step: HistoryStep) -> str:
        """A command, or a timer with what it waited for."""
        if step.kind is EntryKind.COMMAND:
            return naming.COMMANDS.get(step.name, step.name)
        return f"A timer of {self.length(step.due - step.at)}" if step.due else "A timer"

    def came_of(self, step: HistoryStep) -> str:
        """What became of a command or a timer."""
        if step.kind is EntryKind.TIMER:
            words = {
                StepState.RUNNING: "runs",
                StepState.DONE: "fired",
                StepState.CANCELLED: "was stopped: something came first",
                StepState.REFUSED: "was stopped",
            }
            return words[step.state]
        tries = "" if step.attempts < 2 else f", at the {_ordinal(step.attempts)} try"  # noqa: PLR2004 (the first is usual)
        words = {
            StepState.RUNNING: f"under way{tries}",
            StepState.DONE: f"done{tries}",
            StepState.CANCELLED: "broken off",
            StepState.REFUSED: f"refused as {step.problem or 'unknown'}{tries}",
        }
        return words[step.state]

    def did(self, action: AuditEntry) -> str:
        """What somebody of ops did, or tried to."""
        days = action.detail.get("days")
        more = f": {days} {'day' if days == 1 else 'days'}" if days else ""
        cause = {"customer": ", as the customer wished", "studio": ", for the studio"}
        return naming.DID[action.action] + more + cause.get(str(action.detail.get("cause")), "")

    def says(self, problem: str) -> str:
        """Why something was refused, as a sentence."""
        return refusals.sentence(problem)

    def instead(self, problem: str) -> str:
        """What to do instead."""
        return refusals.remedy(problem)

    def operation(self, operation: Operation) -> str:
        return naming.OPERATIONS[operation]

    def too_late(self, recorded: RecordedFact) -> str:
        """What to say of a fact that nobody could act on; empty for the others."""
        return naming.PASSED.get(recorded.delivery, "") if recorded.delivery else ""

    def details(self, detail: Mapping[str, Any]) -> Sequence[tuple[str, Any]]:
        """What a fact says, by name: ids, enums, dates and amounts."""
        return [(name.replace("_", " "), self._value(value)) for name, value in detail.items()]

    def length(self, span: timedelta) -> str:
        """How long something takes, as in "3 days"."""
        return format_timedelta(span, threshold=1.2, locale=self.wording.locale)

    def lasted(self, seconds: float) -> str:
        """How long somebody held the clock, as one compares it: in days, hours or minutes."""
        if seconds < 60:  # noqa: PLR2004 (a minute)
            return "under a minute" if seconds else "never"
        return self.length(timedelta(seconds=seconds))

    def exact(self, value: date) -> Markup:
        """A `time` element that is short enough for a column."""
        here = {"locale": self.wording.locale}
        if isinstance(value, datetime) and value.astimezone(self.wording.zone).time() == time.min:
            words = f"{format_date(value.astimezone(self.wording.zone) - timedelta(days=1), 'd MMM y', **here)}, 24:00"
        elif isinstance(value, datetime):
            words = format_datetime(value, "d MMM y, HH:mm", tzinfo=self.wording.zone, **here)
        else:
            words = format_date(value, "d MMM y", **here)
        return _time(value, words)

    def clock(self, value: datetime) -> Markup:
        """The time of day."""
        return _time(value, format_time(value, "HH:mm", tzinfo=self.wording.zone, locale=self.wording.locale))

    def day_of(self, value: datetime) -> date:
        """The studio's day of an instant."""
        return value.astimezone(self.wording.zone).date()

    def commission_of(self, record: Parked) -> UUID | None:
        """The commission that a parked record is about, if its key can be read."""
        try:
            return UUID(record.key)
        except ValueError:
            return None

    def _entered(self, detail: Mapping[str, Any]) -> str:
        phase, holder = detail.get("phase"), detail.get("holder")
        if phase not in set(Phase):
            return naming.FACTS["PhaseEntered"]
        words = _ENDING if phase == Phase.ENDED else naming.PHASES[Phase(phase)]
        if detail.get("paused"):
            return f"{words}, paused"
        return f"{words}: {naming.MOVES[Holder(holder)]}" if holder in set(Holder) else words

    def _about(self, name: str, detail: Mapping[str, Any]) -> str:
        """What a fact is about, in a few words."""
        said = []
        if name in _ABOUT:
            field, words = _ABOUT[name]
            said.append(words.get(detail.get(field), ""))
        if name != "CommissionEscalated":  # whose stage is the life's own
            said += [str((self.titles or {}).get(detail[place], detail[place])) for place in _PLACES if place in detail]
        said += [str(self._value(detail[amount])) for amount in _AMOUNTS if amount in detail]
        return ", ".join(filter(None, said))

    def _value(self, value: Any) -> Any:
        match value:
            case {"minor": int(), "currency": str()}:
                return self.wording.money(Money.model_validate(value))
            case datetime() | date():
                return self.exact(value)
            case str() if moment := _moment(value):
                return self.exact(moment)
            case bool():
                return "yes" if value else "no"
            case list() | tuple():
                return ", ".join(str(each) for each in value)
            case _:
                return value


def _time(value: date, words: str) -> Markup:
    machine = value.isoformat()
    if isinstance(value, datetime):
        machine = value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Markup('<time datetime="{}">{}</time>').format(machine, words)


def _ordinal(number: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if number % 100 in {11, 12, 13} else endings.get(number % 10, 'th')}"


def _moment(text: str) -> date | None:
    """An instant or a day as facts write them: RFC 3339, ISO 8601."""
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return None
