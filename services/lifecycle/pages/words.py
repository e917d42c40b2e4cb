"""What the pages of ops say about commissions, timeline entries and instants, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from babel.dates import format_skeleton, format_timedelta
from markupsafe import Markup

from services.lifecycle.actions.dashboard import CommissionSummary
from services.lifecycle.domain.account import GateState
from services.lifecycle.domain.audit import AT_THE_COUNTER, AuditAction, AuditEntry, AuditOutcome
from services.lifecycle.domain.dashboard import CommissionRow, OfferingTitles, RecordedFact, Risk
from services.lifecycle.domain.delivery import WITHOUT_EFFECT
from services.lifecycle.domain.people import KnownPerson
from services.lifecycle.domain.timeline import HistoryStep, OpsTimelineEntry, StepState, TimelineKind
from services.lifecycle.labels import (
    CANCELLED_BY,
    COMMANDS,
    ENTERED,
    FACTS,
    GAVE_DAYS,
    MINIMUM_LINE,
    NEW_AMOUNT,
    NEW_TOTAL,
    ON_THE_TABLET,
    step_problem,
)
from services.lifecycle.workflow.messages import refusal_of
from shared.contracts.carriers import CarrierCode
from shared.contracts.commissions import EntryWay
from shared.contracts.lifecycle import Escalation, Holder, Outcome, Phase
from shared.contracts.notifications import Intent
from shared.contracts.payments import InvoiceKind, RefundReason, ReversalReason
from shared.contracts.people import Role
from shared.contracts.production import Mishap, Replanned
from shared.i18n import N_, Label, Reader, c_, n_
from shared.kernel.calendar import last_day
from shared.kernel.money import Money
from shared.offerings.spoken import named
from shared.web.labels import ERASED, NO_NAME

_ABOUT: Final[Mapping[str, tuple[str, type[StrEnum]]]] = {
    "MailSent": ("intent", Intent),
    "MailFailed": ("intent", Intent),
    "MailOmitted": ("intent", Intent),
    "CommissionEscalated": ("reason", Escalation),
    "PieceReplanned": ("reason", Replanned),
    **dict.fromkeys(("MishapReported", "MishapUndone"), ("kind", Mishap)),
    "InvoiceIssued": ("kind", InvoiceKind),
    "RefundDue": ("reason", RefundReason),
    **dict.fromkeys(("InvoicePaid", "InvoiceReopened"), ("kind", InvoiceKind)),
    "PaymentReversed": ("reason", ReversalReason),
}
"""The code that says what a fact is about."""

_AMOUNTS: Final = ("amount", "total")
MINIMUM: Final = "minimum"
"""The line of a price that no offering has a title for: the top-up to the minimum price."""
_TITLED: Final = ("stage", "gate", "serial", "tracking")
"""A stage or a gate, which the offering has a title for; or a number that says it all."""

_RISK_TONES: Final = {
    Risk.LATE: "wrong",
    Risk.ESCALATED: "attention",
    Risk.AT_RISK: "attention",
    Risk.SOON: "attention",
}
_OUTCOME_TONES: Final = {AuditOutcome.ASKED: "attention", AuditOutcome.DONE: "good", AuditOutcome.REFUSED: "wrong"}
_GATE_TONES: Final = {
    GateState.ASKED: "attention",
    GateState.REFUSED: "wrong",
    GateState.SIGNED: "good",
    GateState.REACHED: "attention",
    GateState.OPEN: "good",
    GateState.PASSED: "good",
}
_NEEDS_ATTENTION: Final = frozenset(
    {"CommissionEscalated", "MishapReported", "QualityFailed", "ApprovalRefused", "ClaimMade", "MailOmitted"}
)

_TIMER_STATES: Final[Mapping[StepState, Label]] = {
    StepState.RUNNING: Label(c_("timer", "running")),
    StepState.DONE: Label(c_("timer", "fired")),
    StepState.CANCELLED: Label(N_("stopped, because something else happened first")),
    StepState.REFUSED: Label(c_("timer", "stopped")),
}
_COMMAND_STATES: Final[Mapping[StepState, Label]] = {
    StepState.RUNNING: Label(c_("command", "in progress")),
    StepState.DONE: Label(c_("command", "done")),
    StepState.CANCELLED: Label(c_("command", "cancelled")),
    StepState.REFUSED: Label(N_("refused: %(problem)s")),
}
_WITH_DETAILS: Final = Label(N_("%(said)s: %(details)s"))
_ATTEMPTS: Final = Label(n_("%(said)s, %(count)s attempt", "%(said)s, %(count)s attempts"))
_TIMER: Final = Label(N_("Timer of %(length)s"))
_WAITING: Final = Label(N_("%(phase)s, waiting for: %(holder)s"))
_NOT_WAITING: Final = Label(N_("%(phase)s, automatic"))
_PHASE_PAUSED: Final = Label(N_("%(phase)s, paused"))
_SAME_YEAR: Final = timedelta(days=180)
_END_OF_DAY: Final = Label(N_("until the end of %(day)s"))
_UNDER_A_MINUTE: Final = Label(N_("under a minute"))
_NEVER: Final = Label(N_("never"))
_YES, _NO = Label(N_("yes")), Label(N_("no"))


@dataclass(frozen=True)
class Words:
    """What templates ask for; `titles` are the names that the commission's offering has for what it is made of.

    `people` are those whom the page names besides customers: who of the studio did something, and with whom.
    """

    reader: Reader
    titles: OfferingTitles = field(default_factory=OfferingTitles)
    people: Mapping[UUID, KnownPerson] = field(default_factory=dict)

    def about(self, titles: OfferingTitles | None) -> "Words":
        """The same for an entry about another commission."""
        return replace(self, titles=titles or OfferingTitles())

    # Commissions.

    def phase(self, commission: CommissionRow) -> str:
        """Its phase; how it ended, once it has."""
        return self.reader.label(commission.outcome or commission.phase)

    def position(self, commission: CommissionRow) -> str:
        """Its phase and who it waits for, in one line."""
        if commission.ended:
            return self.phase(commission)
        return self._waiting(self.phase(commission), commission.holder)

    def short(self, number: UUID) -> str:
        """The last six characters of a number: enough to tell two on one page apart."""
        return f"…{number.hex[-6:]}"

    def risk_tone(self, risk: Risk) -> str:
        """Repeats by colour what the word says; empty where nobody needs to look."""
        return _RISK_TONES.get(risk, "")

    def gate_tone(self, state: GateState) -> str:
        return _GATE_TONES.get(state, "")

    def outcome_tone(self, outcome: AuditOutcome) -> str:
        return _OUTCOME_TONES[outcome]

    def who(self, customer: KnownPerson | None) -> str:
        """Somebody's name, or that it was erased; empty until it has arrived."""
        if customer is None:
            return ""
        return customer.name or self.reader.label(ERASED)

    def customer(self, summary: CommissionSummary) -> str:
        """The customer's name, or why there is none; empty until the request has arrived."""
        is_known = summary.customer is not None or summary.commission.customer is None
        return self.who(summary.customer) if is_known else self.reader.label(NO_NAME)

    def piece(self, summary: CommissionSummary) -> str:
        """What is made, in one line; empty until the request has arrived."""
        return named(summary.made, summary.answers, self.reader) if summary.made else summary.offering

    def somebody(self, person: UUID) -> str:
        """A person by their name; by the end of their number until it has arrived."""
        return self.who(self.people.get(person)) or self.short(person)

    # Timeline entries.

    def entry(self, entry: OpsTimelineEntry) -> str:
        """What one entry of the timeline says."""
        match entry.about:
            case RecordedFact() as recorded:
                return self.fact(recorded)
            case HistoryStep() as step:
                return self.step(step)
            case audited:
                return self.did(audited)

    def tone(self, entry: OpsTimelineEntry) -> str:
        """`wrong` or `attention` where somebody should look, else empty."""
        match entry.about:
            case RecordedFact(name="MailFailed") | HistoryStep(state=StepState.REFUSED):
                return "wrong"
            case RecordedFact() as recorded:
                return "attention" if recorded.name in _NEEDS_ATTENTION else ""
            case AuditEntry() as audited:
                return "" if audited.outcome is AuditOutcome.DONE else self.outcome_tone(audited.outcome)
            case _:
                return ""

    def fact(self, recorded: RecordedFact) -> str:
        """What happened; the name of the class for a type that has no words here."""
        name, detail = recorded.name, recorded.detail
        if name == "PhaseEntered" and detail.get("phase") in set(Phase):
            return self._entered(Phase(detail["phase"]), detail)
        if name == "CommissionEnded" and detail.get("outcome") in set(Outcome):
            return self.reader.label(Outcome(detail["outcome"]))
        if name == "CommissionConfirmed" and detail.get("way") in set(EntryWay):
            return self.reader.label(ENTERED, way=EntryWay(detail["way"]), person=self.somebody(UUID(detail["by"])))
        said = self.reader.label(FACTS[name]) if name in FACTS else name
        details = self._details(name, detail)
        said = self.reader.label(_WITH_DETAILS, said=said, details=", ".join(details)) if details else said
        if name in AT_THE_COUNTER and "by" in detail:
            return self.reader.label(ON_THE_TABLET, said=said, person=self.somebody(UUID(detail["by"])))
        return said

    def command(self, name: str) -> str:
        """A command; its own name if it has no words here."""
        return self.reader.label(COMMANDS[name]) if name in COMMANDS else name

    def step(self, step: HistoryStep) -> str:
        """A command, or a timer with its length."""
        if step.kind is TimelineKind.COMMAND:
            return self.command(step.name)
        return self.reader.label(_TIMER, length=(step.due or step.at) - step.at)

    def came_of(self, step: HistoryStep) -> str:
        """What became of a command or a timer."""
        if step.kind is TimelineKind.TIMER:
            return self.reader.label(_TIMER_STATES[step.state])
        said = self.reader.label(_COMMAND_STATES[step.state], problem=self.problem(step.problem or ""))
        if step.attempts == 1 or step.state is StepState.CANCELLED:
            return said
        return self.reader.label(_ATTEMPTS, said=said, count=step.attempts)

    def problem(self, code: str) -> str:
        """Why a command was refused."""
        return self.reader.label(step_problem(code))

    def did(self, entry: AuditEntry) -> str:
        """What somebody of ops did, or tried to."""
        days, cause = entry.detail.get("days"), str(entry.detail.get("cause"))
        if entry.action is AuditAction.EXTEND and days:
            return self.reader.label(GAVE_DAYS, count=days)
        if entry.action is AuditAction.CANCEL and cause in CANCELLED_BY:
            return self.reader.label(CANCELLED_BY[cause])
        said, details = self.reader.label(entry.action), self._done(entry)
        return self.reader.label(_WITH_DETAILS, said=said, details=", ".join(details)) if details else said

    def refusal(self, problem: str) -> str:
        """Why something was refused."""
        return self.reader.label(refusal_of(problem))

    def remedy(self, problem: str) -> str:
        """What to do about it."""
        return self.reader.remedy(refusal_of(problem))

    def without_effect(self, recorded: RecordedFact) -> str:
        """Why a fact had no effect; empty if it had one."""
        if recorded.delivery is None or recorded.delivery not in WITHOUT_EFFECT:
            return ""
        return self.reader.label(recorded.delivery)

    def details(self, detail: Mapping[str, object]) -> Sequence[tuple[Markup, str | Markup]]:
        """The fields of a fact, named as in the contract: ids, codes, dates and amounts."""
        return [(_code(name), self._value(value)) for name, value in detail.items()]

    # Times.

    def exact(self, value: date) -> Markup:
        """A `time` element that is short enough for a column: "23 Nov 2026, 09:30 CET"."""
        words = format_skeleton("yMMMd", self._here(value), locale=self.reader.locale)
        if isinstance(value, datetime):
            words = f"{words}, {self.reader.clock(value)}"
        return _time(value, words)

    def near(self, value: date, now: datetime) -> Markup:
        """A day or an instant's day, for a column that is narrow: with its year only where that could be mistaken."""
        day = self._here(value)
        pattern = "MMMd" if abs(day - self._here(now)) < _SAME_YEAR else "yMMMd"
        return _time(value, format_skeleton(pattern, day, locale=self.reader.locale))

    def due(self, value: datetime) -> Markup:
        """A deadline: the last day that counts, "until the end of 13 December 2026"; within a day with its zone."""
        last = last_day(value, self.reader.zone)
        return _time(value, self.reader.label(_END_OF_DAY, day=last)) if last else self.reader.time_tag(value)

    def due_near(self, value: datetime, now: datetime) -> Markup:
        """The same for a column: the last day alone, or the day and the hour."""
        last = last_day(value, self.reader.zone)
        if last is None:
            return Markup("{}, {}").format(self.near(value, now), self.clock(value))
        return _time(value, self.near(last, now).striptags())

    def clock(self, value: datetime) -> Markup:
        """The time of day, with its zone."""
        return _time(value, self.reader.clock(value))

    def day_of(self, value: datetime) -> date:
        """The studio's day of an instant."""
        return self._here(value)

    def length(self, span: timedelta) -> str:
        """A length that somebody chooses, as in "1 week"."""
        return format_timedelta(span, threshold=1, locale=self.reader.locale)

    def lasted(self, seconds: float) -> str:
        """How long somebody was waited for, as one compares it: in days, hours or minutes."""
        if seconds < 60:  # noqa: PLR2004 (a minute)
            return self.reader.label(_UNDER_A_MINUTE if seconds else _NEVER)
        return self.reader.span(timedelta(seconds=seconds))

    # Parts.

    def _entered(self, phase: Phase, detail: Mapping[str, object]) -> str:
        words = self.reader.label(phase)
        if detail.get("paused"):
            return self.reader.label(_PHASE_PAUSED, phase=words)
        holder = detail.get("holder")
        return self._waiting(words, Holder(str(holder))) if holder in set(Holder) else words

    def _waiting(self, phase: str, holder: Holder) -> str:
        if holder in {Holder.PROCESS, Holder.NOBODY}:
            return self.reader.label(_NOT_WAITING, phase=phase)
        return self.reader.label(_WAITING, phase=phase, holder=holder)

    def _details(self, name: str, detail: Mapping[str, object]) -> list[str]:
        """What a fact is about, in a few words."""
        said = []
        if name in _ABOUT:
            about, codes = _ABOUT[name]
            said += [self.reader.label(code) for code in codes if code.value == detail.get(about)]
        said += [self._title(str(detail[each])) for each in _TITLED if each in detail]
        said += [str(self._value(detail[each])) for each in _AMOUNTS if each in detail]
        return said

    def _done(self, entry: AuditEntry) -> list[str]:
        """What somebody of ops did, in a few words: which line, how much, to whom."""
        detail, said = entry.detail, list[str]()
        if change := detail.get("change"):
            before, amount = Money.model_validate(change["before"]), Money.model_validate(change["amount"])
            said += [self._line(change["line"]), self.reader.label(NEW_AMOUNT, before=before, amount=amount)]
        for name in ("gate", "stage"):
            said += [self._title(detail[name])] if name in detail else []
        for name, codes in (("kind", Mishap), ("role", Role), ("carrier", CarrierCode), ("way", EntryWay)):
            said += [self.reader.label(code) for code in codes if code.value == detail.get(name)]
        said += [str(detail["tracking"])] if "tracking" in detail else []
        for name in ("person", "maker"):
            said += [self.somebody(UUID(detail[name]))] if name in detail else []
        said += [str(self._value(detail["amount"]))] if "amount" in detail else []
        said += [self.reader.label(NEW_TOTAL, total=Money.model_validate(detail["total"]))] if "total" in detail else []
        return said

    def _title(self, step: str) -> str:
        return self.titles.steps.get(step, step)

    def _line(self, code: str) -> str:
        return self.reader.label(MINIMUM_LINE) if code == MINIMUM else self.titles.lines.get(code, code)

    def _value(self, value: object) -> str | Markup:
        match value:
            case {"minor": int(), "currency": str()}:
                return self.reader.money(Money.model_validate(value))
            case bool():
                return self.reader.label(_YES if value else _NO)
            case str() if moment := _moment(value):
                return self.exact(moment)
            case list() | tuple():
                return Markup(", ").join(_code(each) for each in value)
            case _:
                return _code(value)

    def _here(self, value: date) -> date:
        return value.astimezone(self.reader.zone).date() if isinstance(value, datetime) else value


def _code(value: object) -> Markup:
    return Markup("<code>{}</code>").format(value)  # the same in every language


def _time(value: date, words: str) -> Markup:
    machine = value.isoformat()
    if isinstance(value, datetime):
        machine = value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Markup('<time datetime="{}">{}</time>').format(machine, words)


def _moment(text: str) -> date | None:
    """An instant or a day as facts write them: RFC 3339, ISO 8601."""
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return None
