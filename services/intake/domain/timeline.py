"""A commission's story in plain words: from facts to what its customer reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.intake.domain.commissions import Commission, State
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import CommissionEnded, Holder, Outcome, Stage, StageEntered
from shared.contracts.notifications import Intent, MailFailed, MailSent
from shared.contracts.production import PromiseHeld, PromiseReleased
from shared.contracts.quotes import QuoteDrafted, QuoteExpired


class Mark(StrEnum):
    """How a step stands: it happened, it is what happens now, it is still ahead; or it went wrong."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"
    WRONG = "late"  # the look's own name for what is marked red


@dataclass(frozen=True)
class Step:
    """One step of the story. `at` is when it happened, in UTC; what is ahead has none."""

    what: str
    said: str
    state: Mark
    at: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """Where a commission stands: a headline, what happens next, whose move it is, since and until when.

    `on_its_way` says that other services have not told yet: what is shown will change by itself.
    """

    headline: str
    words: str
    holder: Holder
    since: datetime
    due: datetime | None = None
    on_its_way: bool = False
    ended: bool = False

    @property
    def whose_move(self) -> str:
        """Who holds the clock, as one would say it."""
        return _HOLDERS[self.holder]


_HOLDERS = {
    Holder.CUSTOMER: "It is your move",
    Holder.MAKER: "The maker is at work",
    Holder.STUDIO: "The studio has it in hand",
    Holder.PROCESS: "This runs by itself",
    Holder.NOBODY: "Nobody needs to do anything",
}

_STAGES = {
    Stage.REQUESTED: ("Your request is with the workshop", "Next we look for time at the bench."),
    Stage.PROMISING: (
        "We are looking for time at the bench",
        "We look into a maker's real calendar before we name a day, so that the day holds.",
    ),
    Stage.QUOTING: (
        "Your quote is being worked out",
        "Metal, hours and finishing are counted line by line, so that you see what you pay for.",
    ),
    Stage.DESK: (
        "Your quote is on the studio's desk",
        "Somebody reads it through before it comes to you. You need not do anything.",
    ),
    Stage.ENDED: ("This commission has ended", "Everything that happened stays readable here."),
}

_HOLD = "Time at the bench is held for you"
_QUOTE = "Your quote is written, line by line"
_READ = "The studio reads it through"
_DECIDE = "You decide"
_AHEAD = {
    Stage.REQUESTED: (_HOLD, _QUOTE, _READ, _DECIDE),
    Stage.PROMISING: (_HOLD, _QUOTE, _READ, _DECIDE),
    Stage.QUOTING: (_QUOTE, _READ, _DECIDE),
    Stage.DESK: (_DECIDE,),
    Stage.ENDED: (),
}
_AHEAD_WORDS = {
    _HOLD: "A maker's hours, and a day by which the piece is ready.",
    _QUOTE: "What the piece costs, and why.",
    _READ: "So that no figure reaches you unread.",
    _DECIDE: "Nothing is made, and nothing is owed, before you say yes.",
}

_MAILS = {
    Intent.REQUEST_RECEIVED: "That your request is here, and how it goes on.",
    Intent.QUOTE_DRAFTED: "That your quote is written and on the desk.",
    Intent.COMMISSION_ENDED: "That this commission has ended.",
}

_ENDS = {
    Outcome.WITHDRAWN: (
        "This commission is closed, as you wished",
        "The hours at the bench are free again and nothing is owed. What you wrote stays readable here.",
    ),
    Outcome.LAPSED: (
        "This commission has lapsed",
        "The time for which the bench was held has passed. Nothing is owed, and you may ask again at any time.",
    ),
}


def standing(commission: Commission, told: Sequence[CommissionFact]) -> Standing:
    """Where the commission stands: by how it ended, by our own state, else by the newest stage that was told."""
    ended = next((fact for fact in told if isinstance(fact, CommissionEnded)), None)
    outcome = ended.outcome if ended else commission.outcome
    if outcome is not None:
        at = ended.at if ended else commission.closed_at
        return Standing(*_ENDS[outcome], holder=Holder.NOBODY, since=at or commission.submitted_at, ended=True)
    if commission.state is State.WITHDRAWN:
        return Standing(
            "You took this commission back",
            "We set the hours at the bench free and close this page. Nothing is owed.",
            holder=Holder.PROCESS,
            since=commission.withdrawn_at or commission.submitted_at,
            on_its_way=True,
        )
    stage = _stage(told)
    if stage is None:
        return Standing(
            "Your request is safe with us",
            "It is on its way to the workshop. This page changes by itself as soon as there is news.",
            holder=Holder.STUDIO,
            since=commission.submitted_at,
            on_its_way=True,
        )
    return Standing(*_STAGES[stage.stage], holder=stage.holder, since=stage.since, due=stage.due)


def story(commission: Commission, told: Sequence[CommissionFact]) -> tuple[Step, ...]:
    """What happened, oldest first, then what happens now, in the standing's own headline, then what is still ahead."""
    now = standing(commission, told)
    happened = [*_own(commission, now), *(step for fact in told if (step := _step(commission, fact)))]
    happened.sort(key=lambda step: step.at or commission.submitted_at)
    mark = Mark.DONE if now.ended else Mark.NOW
    return (*happened, Step(now.headline, "", mark, now.since), *_ahead(commission, told, now))


def in_words(day: date) -> str:
    """A day as British English writes it: Friday, 12 March 2027."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def _stage(told: Sequence[CommissionFact]) -> StageEntered | None:
    stages = [fact for fact in told if isinstance(fact, StageEntered)]
    return max(reversed(stages), key=lambda fact: fact.since, default=None)


def _own(commission: Commission, now: Standing) -> list[Step]:
    """What the customer did; taking it back is what happens now, until it has ended."""
    asked = Step("You asked for this piece", "Your wishes are written down.", Mark.DONE, commission.submitted_at)
    if commission.withdrawn_at is None or not now.ended:
        return [asked]
    return [asked, Step("You took it back", "The studio was told at once.", Mark.DONE, commission.withdrawn_at)]


def _step(commission: Commission, fact: CommissionFact) -> Step | None:
    """The step that a fact is; stages and the end are told by the standing."""
    if isinstance(fact, PromiseHeld) and commission.needed_by and fact.ready_by > commission.needed_by:
        return Step(_HOLD, _too_late(fact.ready_by, commission.needed_by), Mark.WRONG, fact.at)
    words = _happened(fact)
    mark = Mark.WRONG if isinstance(fact, MailFailed) else Mark.DONE
    return Step(*words, mark, fact.at) if words else None


def _too_late(ready_by: date, needed_by: date) -> str:
    """The honest day is not the one that was hoped for: said before anything is decided."""
    return (
        f"The first day that we can keep is {in_words(ready_by)}, and you need it by {in_words(needed_by)}. "
        "If that is too late, take the commission back; nothing is owed."
    )


def _happened(fact: CommissionFact) -> tuple[str, str] | None:
    words: tuple[str, str] | None = None
    match fact:
        case PromiseHeld():
            words = _HOLD, f"Say yes in time, and your piece is ready by {in_words(fact.ready_by)}."
        case PromiseReleased():
            words = "The hours at the bench are free again", "Other pieces may have them."
        case QuoteDrafted():
            words = "Your quote is drafted", "Each line says what it pays for."
        case QuoteExpired():
            words = "The quote is no longer open", "It cannot be accepted any more."
        case MailSent():
            words = "We wrote to you", _MAILS[fact.intent]
        case MailFailed():
            words = "Our mail did not reach you", "Your mailbox did not take it; all that it said is on this page."
    return words


def _ahead(commission: Commission, told: Sequence[CommissionFact], now: Standing) -> tuple[Step, ...]:
    if now.ended or commission.state is not State.OPEN:
        return ()
    stage = _stage(told)
    ahead = _AHEAD[stage.stage if stage else Stage.REQUESTED]
    done = {_HOLD for fact in told if isinstance(fact, PromiseHeld)} | {
        _QUOTE for fact in told if isinstance(fact, QuoteDrafted)
    }
    return tuple(Step(what, _AHEAD_WORDS[what], Mark.AHEAD) for what in ahead if what not in done)
