"""How the ops room speaks of stages, holders, facts and instants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from babel.dates import format_date, format_datetime
from markupsafe import Markup

from services.lifecycle.domain.passing import Passed
from services.lifecycle.domain.room import Commission, Happening, Risk
from shared.contracts.lifecycle import Holder, Outcome, Stage
from shared.contracts.notifications import Intent
from shared.inbox.parked import Parked
from shared.kernel.money import Money
from shared.web.dates import Wording

STAGES: Final[Mapping[Stage, str]] = {
    Stage.REQUESTED: "Requested",
    Stage.PROMISING: "Finding a maker's hours",
    Stage.QUOTING: "Drafting the quote",
    Stage.DESK: "Draft on the desk",
    Stage.ENDED: "Ended",
}
HOLDERS: Final[Mapping[Holder, str]] = {
    Holder.CUSTOMER: "The customer",
    Holder.MAKER: "The maker",
    Holder.STUDIO: "The studio",
    Holder.PROCESS: "Goes by itself",
    Holder.NOBODY: "Nobody",
}
_OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.LAPSED: "Ended: it lapsed",
    Outcome.WITHDRAWN: "Ended: withdrawn",
}
_RISKS: Final[Mapping[Risk, tuple[str, str]]] = {
    Risk.LATE: ("Late", "wrong"),
    Risk.SOON: ("Due soon", "attention"),
    Risk.NONE: ("", ""),
}
_FACTS: Final[Mapping[str, str]] = {
    "CommissionSubmitted": "The customer asked for a piece",
    "CommissionWithdrawn": "The customer took it back",
    "PromiseHeld": "A maker's hours were held",
    "PromiseReleased": "The held hours were given back",
    "QuoteDrafted": "A quote was drafted",
    "QuoteExpired": "The quote expired",
    "MailSent": "A mail was sent",
    "MailFailed": "A mail could not be delivered",
    "CommissionEnded": "The commission ended",
}
_MAILS: Final[Mapping[Intent, str]] = {
    Intent.REQUEST_RECEIVED: "the request has arrived",
    Intent.QUOTE_DRAFTED: "a quote is on the desk",
    Intent.COMMISSION_ENDED: "the commission has ended",
}
_PASSED: Final[Mapping[Passed, str]] = {
    Passed.AFTER_THE_END: "Came after the end",
    Passed.NOBODY_THERE: "Nobody was there to hear it",
}
_ENDING: Final = "Being undone"


@dataclass(frozen=True)
class Words:
    """What templates ask for words; `wording` is the studio's locale and zone."""

    wording: Wording

    stages: ClassVar[Mapping[Stage, str]] = STAGES
    holders: ClassVar[Mapping[Holder, str]] = HOLDERS

    def stage(self, commission: Commission) -> str:
        """Where it stands; how it ended, once it has."""
        if commission.stage is Stage.ENDED:
            return _OUTCOMES[commission.outcome] if commission.outcome else _ENDING
        return STAGES[commission.stage]

    def holder(self, commission: Commission) -> str:
        return HOLDERS[commission.holder]

    def risk(self, risk: Risk) -> tuple[str, str]:
        """The word, and the tone that repeats it; both empty where nobody need look."""
        return _RISKS[risk]

    def short(self, commission: UUID) -> str:
        """The end of a commission's number, enough to tell two on one page apart."""
        return f"…{commission.hex[-8:]}"

    def fact(self, happening: Happening) -> str:
        """What happened; a type that has no words here by its name."""
        match happening.name, happening.detail:
            case "StageEntered", {"stage": Stage.ENDED.value}:
                return _ENDING
            case "StageEntered", {"stage": stage} if stage in set(Stage):
                return STAGES[Stage(stage)]
            case "MailSent", {"intent": intent} if intent in set(Intent):
                return f"A mail was sent: {_MAILS[Intent(intent)]}"
            case name, _:
                return _FACTS.get(name, name)

    def too_late(self, happening: Happening) -> str:
        """What to say of a fact that nobody could act on; empty for the others."""
        return _PASSED.get(happening.passed, "") if happening.passed else ""

    def details(self, happening: Happening) -> Sequence[tuple[str, Any]]:
        """What a fact says, by name: ids, enums, dates and amounts."""
        return [(name.replace("_", " "), self._value(value)) for name, value in happening.detail.items()]

    def exact(self, value: date) -> Markup:
        """A `time` element that is short enough for a column."""
        here = {"locale": self.wording.locale}
        if isinstance(value, datetime):
            machine = value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            words = format_datetime(value, "d MMM y, HH:mm", tzinfo=self.wording.zone, **here)
        else:
            machine, words = value.isoformat(), format_date(value, "d MMM y", **here)
        return Markup('<time datetime="{}">{}</time>').format(machine, words)

    def commission_of(self, record: Parked) -> UUID | None:
        """The commission that a parked record is about, if its key can be read."""
        try:
            return UUID(record.key)
        except ValueError:
            return None

    def _value(self, value: Any) -> Any:
        match value:
            case {"minor": int(), "currency": str()}:
                return self.wording.money(Money.model_validate(value))
            case str() if moment := _moment(value):
                return self.exact(moment)
            case _:
                return value


def _moment(text: str) -> date | None:
    """An instant or a day as facts write them: RFC 3339, ISO 8601."""
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return None
