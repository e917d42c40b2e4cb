"""The whole story: what happened, what happens now, and what is still ahead."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from services.intake.domain.approvals import Approval, ApprovalState
from services.intake.domain.cancellations import Cancellation, CancellationState
from services.intake.domain.commissions import State
from services.intake.domain.record import CommissionRecord
from services.intake.domain.timeline.entry import Chapter, EntryState, TimelineEntry
from services.intake.domain.timeline.mails import mail_entry
from services.intake.domain.timeline.production import HELD, making_entry, parcel_entry, promise_entry
from services.intake.domain.timeline.quotes import money_entry, quote_entry
from services.intake.domain.timeline.status import Status, current_status
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import Phase
from shared.contracts.production import PieceMade, PromiseBooked, PromiseHeld
from shared.contracts.quotes import QuoteDrafted, QuoteSent

_READERS = (quote_entry, money_entry, promise_entry, making_entry, parcel_entry, mail_entry)

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


def build_timeline(record: CommissionRecord) -> tuple[TimelineEntry, ...]:
    """What happened, oldest first, then what happens now, in the standing's own headline, then what is still ahead."""
    now = current_status(record)
    happened = [*_own(record, now), *(entry for fact in record.facts if (entry := _entry(record, fact)))]
    happened.sort(key=lambda entry: entry.at or record.commission.submitted_at)
    mark = EntryState.DONE if now.ended else EntryState.NOW
    chapters = _beginnings(record)
    newest, _ = chapters[-1]
    told = now.ended and any(entry.what == now.headline for entry in happened)
    rest = () if told else (TimelineEntry(now.headline, "", mark, now.since), *_ahead(record, now))
    return (
        *(replace(entry, chapter=_chapter_of(entry, chapters)) for entry in happened),
        *(replace(entry, chapter=newest) for entry in rest),
    )


def _entry(record: CommissionRecord, fact: CommissionFact) -> TimelineEntry | None:
    """The entry that a fact is; stages and the end are told by the standing."""
    found = next((entry for read in _READERS if (entry := read(record, fact))), None)
    return replace(found, at=fact.at) if found else None


def _own(record: CommissionRecord, now: Status) -> Iterator[TimelineEntry]:
    """What the customer did here; taking it back is what happens now, until it has ended."""
    asked = record.commission
    yield TimelineEntry("You asked for this piece", "Your wishes are written down.", at=asked.submitted_at)
    if asked.withdrawn_at is not None and now.ended:
        yield TimelineEntry("You took it back", "The studio was told at once.", at=asked.withdrawn_at)
    if asked.receipt_confirmed_at is not None:
        yield TimelineEntry("You said that it has arrived", "Thank you for telling us.", at=asked.receipt_confirmed_at)
    for approval in record.approvals:
        yield from _approval(record, approval)
    for cancellation in record.cancellations:
        yield from _cancellation(cancellation)


def _approval(record: CommissionRecord, approval: Approval) -> Iterator[TimelineEntry]:
    title = record.gate_title(approval.gate)
    yield TimelineEntry("Your sign-off was asked for", f"{title}.", at=approval.asked_at, quiet=True)
    match approval.state:
        case ApprovalState.GIVEN:
            yield TimelineEntry("You signed it off", f"{title}.", at=approval.ended_at)
        case ApprovalState.REFUSED:
            text = record.texts.get(approval.text) if approval.text else None
            words = text.shown if text else ""
            yield TimelineEntry(
                "You asked to have it otherwise", f"{title}.", at=approval.ended_at, words=words, by="You"
            )
        case ApprovalState.OPEN | ApprovalState.WITHDRAWN:
            pass


def _cancellation(cancellation: Cancellation) -> Iterator[TimelineEntry]:
    agreed = f"You agreed that {cancellation.owed_percent} percent of the price is owed."
    yield TimelineEntry("You asked to cancel", agreed, at=cancellation.asked_at)
    if cancellation.state is CancellationState.REFUSED:
        yield TimelineEntry(
            "The cancellation was overtaken",
            "Meanwhile something was done that cannot be undone. Your commission goes on.",
            EntryState.WRONG,
            cancellation.ended_at,
        )


def _ahead(record: CommissionRecord, now: Status) -> tuple[TimelineEntry, ...]:
    if now.ended or record.commission.state is not State.OPEN:
        return ()
    stage = record.newest_stage
    ahead = _AHEAD[stage.phase if stage else Phase.REQUESTED]
    done = {HELD for _ in record.all(PromiseHeld)} | {_QUOTE for _ in record.all(QuoteDrafted)}
    return tuple(TimelineEntry(what, _AHEAD_WORDS[what], EntryState.AHEAD) for what in ahead if what not in done)


def _chapter_of(entry: TimelineEntry, chapters: tuple[tuple[Chapter, datetime], ...]) -> Chapter:
    """The newest chapter that had begun when it happened."""
    begun = [chapter for chapter, at in chapters if entry.at is None or at <= entry.at]
    return begun[-1] if begun else Chapter.REQUEST


def _beginnings(record: CommissionRecord) -> tuple[tuple[Chapter, datetime], ...]:
    """Each chapter that has begun, and when."""
    first = ((Chapter.QUOTE, QuoteSent), (Chapter.BENCH, PromiseBooked), (Chapter.PARCEL, PieceMade))
    found = [(chapter, facts[0].at) for chapter, kind in first if (facts := record.all(kind))]
    return ((Chapter.REQUEST, record.commission.submitted_at), *found)
