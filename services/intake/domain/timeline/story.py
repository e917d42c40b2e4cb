"""The whole story: what happened, what happens now, and what is still ahead."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from services.intake.domain.approvals import Approval, ApprovalState
from services.intake.domain.cancellations import Cancellation, CancellationState
from services.intake.domain.commissions import State
from services.intake.domain.life import Life
from services.intake.domain.timeline.asking import money_step, quote_step
from services.intake.domain.timeline.bench import HELD, making_step, parcel_step, promise_step
from services.intake.domain.timeline.mails import mail_step
from services.intake.domain.timeline.standing import Standing, standing
from services.intake.domain.timeline.steps import Chapter, Mark, Step
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import Phase
from shared.contracts.production import PieceMade, PromiseBooked, PromiseHeld
from shared.contracts.quotes import QuoteDrafted, QuoteSent

_READERS = (quote_step, money_step, promise_step, making_step, parcel_step, mail_step)

_QUOTE = "Your quote is written, line by line"
_READ = "The studio reads it through"
_DECIDE = "You decide"
_DEPOSIT = "You pay the deposit"
_BENCH = "The maker works, and you watch"
_CHECK = "It is checked, and you pay the rest"
_PARCEL = "It comes to you, with its certificate"
_PATH = (_DEPOSIT, _BENCH, _CHECK, _PARCEL)
_AHEAD = {
    Phase.REQUESTED: (HELD, _QUOTE, _READ, _DECIDE),
    Phase.PROMISING: (HELD, _QUOTE, _READ, _DECIDE),
    Phase.QUOTING: (_QUOTE, _READ, _DECIDE),
    Phase.DESK: (_DECIDE,),
    Phase.OFFERED: _PATH,
    Phase.DEPOSIT: _PATH[1:],
    Phase.MAKING: _PATH[2:],
    Phase.BALANCE: _PATH[3:],
    Phase.SHIPPING: (),
    Phase.CERTIFYING: (),
    Phase.ENDED: (),
}
_AHEAD_WORDS = {
    HELD: "A maker's hours, and a day by which the piece is ready.",
    _QUOTE: "What the piece costs, and why.",
    _READ: "So that no figure reaches you unread.",
    _DECIDE: "Nothing is made, and nothing is owed, before you say yes.",
    _DEPOSIT: "Then the hours are yours for good.",
    _BENCH: "With photos here, and your word before each step that cannot be undone.",
    _CHECK: "By a list, with tolerances.",
    _PARCEL: "Insured for its full price.",
}


def story(life: Life) -> tuple[Step, ...]:
    """What happened, oldest first, then what happens now, in the standing's own headline, then what is still ahead."""
    now = standing(life)
    happened = [*_own(life, now), *(step for fact in life.told if (step := _step(life, fact)))]
    happened.sort(key=lambda step: step.at or life.commission.submitted_at)
    mark = Mark.DONE if now.ended else Mark.NOW
    chapters = _beginnings(life)
    newest, _ = chapters[-1]
    told = now.ended and any(step.what == now.headline for step in happened)
    rest = () if told else (Step(now.headline, "", mark, now.since), *_ahead(life, now))
    return (
        *(replace(step, chapter=_chapter_of(step, chapters)) for step in happened),
        *(replace(step, chapter=newest) for step in rest),
    )


def _step(life: Life, fact: CommissionFact) -> Step | None:
    """The step that a fact is; stages and the end are told by the standing."""
    found = next((step for read in _READERS if (step := read(life, fact))), None)
    return replace(found, at=fact.at) if found else None


def _own(life: Life, now: Standing) -> Iterator[Step]:
    """What the customer did here; taking it back is what happens now, until it has ended."""
    asked = life.commission
    yield Step("You asked for this piece", "Your wishes are written down.", at=asked.submitted_at)
    if asked.withdrawn_at is not None and now.ended:
        yield Step("You took it back", "The studio was told at once.", at=asked.withdrawn_at)
    if asked.receipt_confirmed_at is not None:
        yield Step("You said that it has arrived", "Thank you for telling us.", at=asked.receipt_confirmed_at)
    for approval in life.approvals:
        yield from _approval(life, approval)
    for cancellation in life.cancellations:
        yield from _cancellation(cancellation)


def _approval(life: Life, approval: Approval) -> Iterator[Step]:
    title = life.gate_title(approval.gate)
    yield Step("Your sign-off was asked for", f"{title}.", at=approval.asked_at, quiet=True)
    match approval.state:
        case ApprovalState.GIVEN:
            yield Step("You signed it off", f"{title}.", at=approval.ended_at)
        case ApprovalState.REFUSED:
            text = life.texts.get(approval.text) if approval.text else None
            words = text.shown if text else ""
            yield Step("You asked to have it otherwise", f"{title}.", at=approval.ended_at, words=words, by="You")
        case ApprovalState.OPEN | ApprovalState.WITHDRAWN:
            pass


def _cancellation(cancellation: Cancellation) -> Iterator[Step]:
    agreed = f"You agreed that {cancellation.owed_percent} percent of the price is owed."
    yield Step("You asked to cancel", agreed, at=cancellation.asked_at)
    if cancellation.state is CancellationState.REFUSED:
        yield Step(
            "The cancellation was overtaken",
            "Meanwhile something was done that cannot be undone. Your commission goes on.",
            Mark.WRONG,
            cancellation.ended_at,
        )


def _ahead(life: Life, now: Standing) -> tuple[Step, ...]:
    if now.ended or life.commission.state is not State.OPEN:
        return ()
    stage = life.newest_stage
    ahead = _AHEAD[stage.phase if stage else Phase.REQUESTED]
    done = {HELD for _ in life.all(PromiseHeld)} | {_QUOTE for _ in life.all(QuoteDrafted)}
    return tuple(Step(what, _AHEAD_WORDS[what], Mark.AHEAD) for what in ahead if what not in done)


def _chapter_of(step: Step, chapters: tuple[tuple[Chapter, datetime], ...]) -> Chapter:
    """The newest chapter that had begun when it happened."""
    begun = [chapter for chapter, at in chapters if step.at is None or at <= step.at]
    return begun[-1] if begun else Chapter.REQUEST


def _beginnings(life: Life) -> tuple[tuple[Chapter, datetime], ...]:
    """Each chapter that has begun, and when."""
    first = ((Chapter.QUOTE, QuoteSent), (Chapter.BENCH, PromiseBooked), (Chapter.PARCEL, PieceMade))
    found = [(chapter, facts[0].at) for chapter, kind in first if (facts := life.all(kind))]
    return ((Chapter.REQUEST, life.commission.submitted_at), *found)
