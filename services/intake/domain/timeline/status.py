"""Where a commission stands, and whose clock runs."""

from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.commissions import State
from services.intake.domain.record import CommissionRecord
from services.intake.domain.timeline.production import tracked
from shared.contracts.lifecycle import CommissionEnded, Holder, Outcome, Phase, PhaseEntered
from shared.contracts.production import ParcelHandedOver, StageBegun, StageFinished


@dataclass(frozen=True)
class Status:
    """Where a commission stands: a headline, what happens next, whose move it is, since and until when.

    `on_its_way` says that other services have not told yet: what is shown will change by itself. `paused` says that
    the studio has stopped the clock.
    """

    headline: str
    words: str
    holder: Holder
    since: datetime
    due: datetime | None = None
    on_its_way: bool = False
    ended: bool = False
    paused: bool = False

    @property
    def whose_move(self) -> str:
        """Who holds the clock, as one would say it."""
        return "The clock stands still" if self.paused else _HOLDERS[self.holder]


_HOLDERS = {
    Holder.CUSTOMER: "It is your move",
    Holder.MAKER: "The maker is at work",
    Holder.STUDIO: "The studio has it in hand",
    Holder.PROCESS: "This runs by itself",
    Holder.NOBODY: "Nobody needs to do anything",
}

_STAGES = {
    Phase.REQUESTED: ("Your request is with the workshop", "Next we look for time at the bench."),
    Phase.PROMISING: (
        "We are looking for time at the bench",
        "We look into a maker's real calendar before we name a day, so that the day holds.",
    ),
    Phase.QUOTING: (
        "Your quote is being worked out",
        "Metal, hours and finishing are counted line by line, so that you see what you pay for.",
    ),
    Phase.DESK: (
        "Your quote is on the studio's desk",
        "Somebody reads it through before it comes to you. You need not do anything.",
    ),
    Phase.OFFERED: (
        "Your quote is here",
        "Each line says what it pays for. Nothing is made, and nothing is owed, before you say yes.",
    ),
    Phase.DEPOSIT: (
        "You said yes; the deposit opens the bench",
        "Once it is here the hours are yours for good, and the material is ordered.",
    ),
    Phase.MAKING: (
        "Your piece is at the bench",
        "Every stage that is finished appears below, with the maker's photos.",
    ),
    Phase.BALANCE: (
        "Your piece is made",
        "Every check of the list is met. Once the rest is paid, it goes into its parcel.",
    ),
    Phase.SHIPPING: ("Your piece is being packed", "It goes out insured for its full price."),
    Phase.CERTIFYING: (
        "Your piece has arrived",
        "Its certificate is being written, from what really happened at the bench.",
    ),
    Phase.ENDED: ("This commission has ended", "Everything that happened stays readable here."),
}

_BY_HOLDER = {
    (Phase.OFFERED, Holder.STUDIO): ("The studio is answering your question", "The quote waits for you meanwhile."),
    (Phase.MAKING, Holder.CUSTOMER): (
        "The bench waits for your word",
        "What comes next cannot be undone, so nothing is begun before you have signed it off.",
    ),
    (Phase.MAKING, Holder.STUDIO): (
        "The studio is thinking about what comes next",
        "Something needs a person's eye before the bench goes on. You hear from us here.",
    ),
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
    Outcome.DECLINED: (
        "You said no to the quote",
        "Thank you for telling us. Nothing is owed, and you may ask again at any time.",
    ),
    Outcome.EXPIRED: (
        "The quote has run out",
        "Its last day went by without an answer, and the hours are free again. Nothing is owed; ask again at any time.",
    ),
    Outcome.CANCELLED: (
        "This commission was cancelled",
        "The bench has stopped. What is owed and what goes back stands among the papers.",
    ),
    Outcome.COMPLETED: (
        "Your piece is with you",
        "May it serve you long. Its story, its papers and its certificate stay here.",
    ),
}


def current_status(record: CommissionRecord) -> Status:
    """Where the commission stands: by how it ended, by our own state, else by the newest stage that was told."""
    if record.outcome is not None:
        return _ended(record, record.outcome)
    if record.commission.state is State.WITHDRAWN:
        return Status(
            "You took this commission back",
            "We set the hours at the bench free and close this page. Nothing is owed.",
            holder=Holder.PROCESS,
            since=record.commission.withdrawn_at or record.commission.submitted_at,
            on_its_way=True,
        )
    stage = record.newest_stage
    if stage is None:
        return Status(
            "Your request is safe with us",
            "It is on its way to the workshop. This page changes by itself as soon as there is news.",
            holder=Holder.STUDIO,
            since=record.commission.submitted_at,
            on_its_way=True,
        )
    headline, words = _said(record, stage)
    return Status(headline, words, stage.holder, stage.since, due=stage.due, paused=stage.paused)


def _ended(record: CommissionRecord, outcome: Outcome) -> Status:
    told = record.last(CommissionEnded)
    at = told.at if told else record.commission.closed_at
    return Status(*_ENDS[outcome], holder=Holder.NOBODY, since=at or record.commission.submitted_at, ended=True)


def _said(record: CommissionRecord, stage: PhaseEntered) -> tuple[str, str]:
    if stage.paused:
        return "Your commission is paused", "The studio has stopped the clock; no day runs out meanwhile."
    if stage.phase is Phase.SHIPPING and record.handed_over:
        return "Your piece is on its way to you", _tracked(record)
    if stage.phase is Phase.MAKING and stage.holder in {Holder.MAKER, Holder.PROCESS}:
        return _at_the_bench(record, stage.holder)
    return _BY_HOLDER.get((stage.phase, stage.holder), _STAGES[stage.phase])


def _tracked(record: CommissionRecord) -> str:
    parcel = record.last(ParcelHandedOver)
    return tracked(parcel) if parcel else "The carrier has it."


def _at_the_bench(record: CommissionRecord, holder: Holder) -> tuple[str, str]:
    """What is being done just now, in the offering's own words."""
    begun, finished = record.last(StageBegun), record.last(StageFinished)
    if holder is Holder.PROCESS:
        stage = record.stage(finished.stage) if finished else None
        why = stage.wait.why if stage and stage.wait else "Nobody can hurry this part."
        return "Your piece is resting", why
    if begun and (finished is None or finished.at <= begun.at):
        return "Your piece is on the bench", f"Under the maker's hands just now: {record.stage_title(begun.stage)}."
    if finished and finished.next_stage:
        return "Your piece is at the bench", f"Next: {record.stage_title(finished.next_stage)}."
    return _STAGES[Phase.MAKING]
