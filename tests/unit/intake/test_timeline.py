"""The story that a customer reads."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.api.schemas import StatusRead, TimelineEntryRead
from services.intake.domain.commissions import Commission, close, withdraw
from services.intake.domain.record import CommissionRecord
from services.intake.domain.texts import Text
from services.intake.domain.timeline import Chapter, EntryState, current_status
from shared import offerings
from shared.contracts import registry
from shared.contracts.commissions import WithdrawalReason
from shared.contracts.fact import CommissionFact, Topic
from shared.contracts.lifecycle import CommissionEnded, Holder, Outcome, Phase, PhaseEntered
from shared.contracts.notifications import INTENTS, Intent, MailFailed, MailSent
from shared.contracts.people import Role
from shared.contracts.production import (
    NoteWritten,
    PhotoTaken,
    PieceReplanned,
    PromiseEnd,
    PromiseHeld,
    PromiseReleased,
    Replanned,
    StageBegun,
    StageFinished,
)
from shared.contracts.quotes import QuoteDrafted, QuoteEnd, QuoteExpired, QuoteSent
from shared.contracts.texts import Subject
from shared.kernel.money import Money
from shared.offerings.model import Offering
from tests.unit.intake.facts import cancellation, timeline_of, words_of

OFFERING = offerings.load("jewellery", "engraved-ring").offering
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ID = uuid4()
ASKED = Commission(
    commission=ID,
    customer=uuid4(),
    craft="jewellery",
    offering="engraved-ring",
    offering_version=1,
    offering_sha256="0" * 64,
    brief_version=1,
    delivery_country="DE",
    submitted_at=NOW,
    sent_by=uuid4(),
)


def entries_of(
    commission: Commission,
    facts: tuple[CommissionFact, ...] = (),
    offering: Offering | None = None,
    texts: Mapping[UUID, Text] | None = None,
) -> list[TimelineEntryRead]:
    return timeline_of(CommissionRecord(commission, facts, offering, texts=texts or {})).entries


def status_of(found: CommissionRecord) -> StatusRead:
    return timeline_of(found).status


def waiting_for(found: CommissionRecord) -> str:
    return words_of(found).waiting_for(current_status(found), customer=True)


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def entered(stage: Phase, minutes: int, holder: Holder = Holder.STUDIO, due: datetime | None = None) -> PhaseEntered:
    return PhaseEntered(
        number=minutes + 1, at=after(minutes), commission=ID, phase=stage, holder=holder, since=after(minutes), due=due
    )


def held(minutes: int) -> PromiseHeld:
    return PromiseHeld(
        at=after(minutes),
        commission=ID,
        promise=uuid4(),
        maker=uuid4(),
        ready_by=date(2027, 1, 29),
        ready_by_p50=date(2027, 1, 29),
        held_until=after(9999),
    )


def quoted(minutes: int) -> QuoteDrafted:
    total = Money(minor=98_000, currency="EUR")
    return QuoteDrafted(at=after(minutes), commission=ID, quote=uuid4(), quote_version=1, brief_version=1, total=total)


TO_DESK: tuple[CommissionFact, ...] = (
    entered(Phase.PROMISING, 1),
    held(2),
    entered(Phase.QUOTING, 3),
    quoted(4),
    entered(Phase.DESK, 5, due=after(5000)),
    MailSent(at=after(6), commission=ID, mail=uuid4(), person=ASKED.customer, intent=Intent.QUOTE_DRAFTED),
)


def test_before_any_fact_the_request_is_on_its_way() -> None:
    found = status_of(CommissionRecord(ASKED))

    assert found.on_its_way
    assert not found.ended
    assert found.since == NOW


def test_the_newest_phase_gives_the_status_and_whom_it_waits_for() -> None:
    found = status_of(CommissionRecord(ASKED, TO_DESK))

    assert found.headline == "The studio is checking your quote"
    assert (found.holder, found.due, found.on_its_way) == (Holder.STUDIO, after(5000), False)
    assert waiting_for(CommissionRecord(ASKED, TO_DESK)) == "The studio"


def test_a_late_phase_does_not_bring_an_older_one_back() -> None:
    assert (
        status_of(
            CommissionRecord(
                ASKED,
                (
                    *TO_DESK,
                    entered(Phase.PROMISING, 1),
                ),
            )
        ).headline
        == status_of(CommissionRecord(ASKED, TO_DESK)).headline
    )


def test_of_two_phases_of_one_instant_the_later_published_counts() -> None:
    facts = [entered(Phase.PROMISING, 1), entered(Phase.QUOTING, 1)]

    assert status_of(CommissionRecord(ASKED, tuple(facts))).headline == "We are working out your quote"


def test_what_the_customer_did_is_shown_before_any_fact_of_it() -> None:
    found = status_of(CommissionRecord(withdraw(ASKED, WithdrawalReason.OTHER, after(7)), TO_DESK))

    assert found.headline == "You cancelled your request"
    assert found.on_its_way


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_end_is_the_same_by_a_fact_or_by_our_own_state(outcome: Outcome) -> None:
    found = status_of(
        CommissionRecord(
            ASKED,
            (
                *TO_DESK,
                CommissionEnded(at=after(9), commission=ID, outcome=outcome),
            ),
        )
    )
    own = status_of(CommissionRecord(close(ASKED, outcome, after(9)), TO_DESK))

    assert found == own
    assert found.ended
    assert found.holder is Holder.NOBODY


def test_the_timeline_is_in_order_however_its_facts_arrive() -> None:
    steps = entries_of(ASKED, tuple(reversed(TO_DESK)))

    assert [step.title for step in steps if step.state is EntryState.DONE] == [
        "You sent your request",
        "Time at the bench is held for you",
        "Your quote is drafted",
        "We sent you an email",
    ]
    assert [step.state for step in steps][-2:] == [EntryState.NOW, EntryState.AHEAD]


def test_what_has_happened_is_not_ahead_any_more() -> None:
    ahead = [
        step.title
        for step in entries_of(
            ASKED,
            (
                entered(Phase.PROMISING, 1),
                held(2),
            ),
        )
        if step.state is EntryState.AHEAD
    ]

    assert "We hold time at the bench" not in ahead
    assert ahead[-1] == "You decide"


def test_the_day_that_is_promised_is_written_out() -> None:
    assert any("Friday, 29 January 2027" in step.text for step in entries_of(ASKED, TO_DESK))


def test_a_day_that_is_too_late_is_said_and_marked() -> None:
    needed = replace(ASKED, needed_by=date(2027, 1, 28))

    [late] = [step for step in entries_of(needed, TO_DESK) if step.state is EntryState.WRONG]

    assert "Friday, 29 January 2027. You need it by Thursday, 28 January 2027" in late.text
    assert not [
        step
        for step in entries_of(replace(ASKED, needed_by=date(2027, 1, 29)), TO_DESK)
        if step.state is EntryState.WRONG
    ]


def test_nothing_is_ahead_of_an_end() -> None:
    ended = CommissionEnded(at=after(9), commission=ID, outcome=Outcome.LAPSED)
    gone: list[CommissionFact] = [
        PromiseReleased(at=after(7), commission=ID, promise=uuid4(), reason=PromiseEnd.LAPSED),
        QuoteExpired(at=after(8), commission=ID, quote=uuid4(), quote_version=1, reason=QuoteEnd.LAPSED),
    ]

    steps = entries_of(
        ASKED,
        (
            *TO_DESK,
            *gone,
            ended,
        ),
    )

    assert {step.state for step in steps} == {EntryState.DONE}
    assert steps[-1].title == "We did not send you a quote in time"


def test_a_mail_that_did_not_arrive_is_marked() -> None:
    failed = MailFailed(at=after(1), commission=ID, mail=uuid4(), person=ASKED.customer, intent=Intent.REQUEST_RECEIVED)

    assert [step.title for step in entries_of(ASKED, (failed,)) if step.state is EntryState.WRONG] == [
        "Our email did not reach you"
    ]


def test_every_stage_and_holder_has_its_words() -> None:
    for stage in Phase:
        for holder in Holder:
            record = CommissionRecord(ASKED, (entered(stage, 1, holder),))
            found = status_of(record)
            assert found.headline
            assert found.text
            assert waiting_for(record)


def test_cancelling_a_request_is_in_the_timeline_once() -> None:
    withdrawn = withdraw(ASKED, WithdrawalReason.CHANGED_MIND, after(7))
    ended = CommissionEnded(at=after(9), commission=ID, outcome=Outcome.WITHDRAWN)

    before = [step.title for step in entries_of(withdrawn, TO_DESK)]
    after_it = [step.title for step in entries_of(withdrawn, (*TO_DESK, ended))]

    assert (before[-1], before.count("You cancelled your request")) == ("You cancelled your request", 1)
    assert after_it[-2:] == ["You cancelled your request", "Your request is cancelled"]


@pytest.mark.parametrize(("percent", "text"), [(35, "You agreed to owe 35% of the price."), (0, "You owe nothing.")])
def test_asking_to_cancel_says_what_is_owed(percent: int, text: str) -> None:
    asked = CommissionRecord(ASKED, TO_DESK, cancellations=(cancellation(percent=percent),))

    entries = timeline_of(asked).entries

    assert [entry.text for entry in entries if entry.title == "You asked to cancel"] == [text]


SHOWN_BY_THE_STATUS = {"PhaseEntered", "CommissionEnded"}
SILENT = {"InvoiceReopened", "QuoteSendAsked", "StagePaused", "CommissionReminded"}
"""What a maker lays aside for the night is nothing to worry a customer with, nor what the studio has not sent yet."""
HEARD = (Topic.LIFECYCLE, Topic.PRODUCTION, Topic.QUOTES, Topic.PAYMENTS, Topic.NOTIFICATIONS)
FACTS = [fact for fact in registry.FACTS.values() if fact.topic in HEARD]


MONEY = st.builds(Money, minor=st.integers(1, 10**6), currency=st.just("EUR"))


def some(kind: type[CommissionFact]) -> st.SearchStrategy[CommissionFact]:
    """Any fact of this kind about our commission."""
    known: dict[str, st.SearchStrategy[object]] = {"commission": st.just(ID), "at": st.just(after(1))}
    if "person" in kind.model_fields:
        known["person"] = st.just(ASKED.customer)
    plain: dict[object, st.SearchStrategy[object]] = {Money: MONEY, str: st.sampled_from(["engrave", "unknown"])}
    known |= {name: plain[field.annotation] for name, field in kind.model_fields.items() if field.annotation in plain}
    return st.builds(kind, **known)


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: str(kind.__name__))
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_every_fact_has_an_entry_with_words(kind: type[CommissionFact], data: st.DataObject) -> None:
    fact = data.draw(some(kind))
    if isinstance(fact, PieceReplanned) and fact.ready_by == fact.before:
        return

    entries = [step for step in entries_of(ASKED, (fact,), OFFERING) if step.at == after(1)]

    expected = 0 if kind.__name__ in SHOWN_BY_THE_STATUS | SILENT else 1
    happened = [
        step for step in entries if step.state is not EntryState.NOW and kind.__name__ not in SHOWN_BY_THE_STATUS
    ]
    assert len(happened) == expected
    assert all(step.title for step in entries)


def test_every_mail_to_the_customer_says_what_it_was_about() -> None:
    assert set(INTENTS) == set(Intent)


def test_mail_to_somebody_else_is_not_in_the_timeline() -> None:
    mail = MailSent(at=after(1), commission=ID, mail=uuid4(), person=uuid4(), intent=Intent.MAKER_REMINDER)

    assert len(entries_of(ASKED, (mail,))) == len(entries_of(ASKED))


def test_a_stage_has_one_entry_while_it_runs_and_once_it_is_finished() -> None:
    task, maker = uuid4(), uuid4()
    begun = StageBegun(at=after(1), commission=ID, piece=ID, task=task, stage="bend", maker=maker)
    again = begun.model_copy(update={"at": after(3)})
    finished = StageFinished(at=after(5), commission=ID, piece=ID, task=task, stage="bend", maker=maker, minutes=9)

    under_way = [step.title for step in entries_of(ASKED, (begun, again), OFFERING) if step.at in {after(1), after(3)}]
    done = [step.title for step in entries_of(ASKED, (begun, again, finished), OFFERING) if step.at != NOW]

    assert under_way == ["Started: Bend, close the joint and solder"]
    assert "Bend, close the joint and solder" in done
    assert not [what for what in done if what.startswith("Started")]


def test_a_photo_shows_where_production_keeps_it_and_says_what_it_shows() -> None:
    photo = PhotoTaken(at=after(1), commission=ID, piece=ID, photo=uuid4(), stage="bend")

    [step] = [step for step in entries_of(ASKED, (photo,), OFFERING) if step.photo]

    assert step.photo == f"/bench/commissions/{ID}/photos/{photo.photo}"
    assert step.alt == "Your piece at the bench: Bend, close the joint and solder"


def test_a_note_shows_the_makers_words_once_they_are_here_and_says_when_they_were_erased() -> None:
    note = NoteWritten(at=after(1), commission=ID, piece=ID, note=uuid4(), stage="bend")
    text = Text(note.note, ID, uuid4(), Role.MAKER, Subject.NOTE, "The joint closed at once.", after(1))

    def words(*texts: Text) -> str:
        known = {each.text: each for each in texts}
        return next(step.words or step.text for step in entries_of(ASKED, (note,), OFFERING, texts=known)[1:])

    assert words() == "The text is on its way."
    assert words(text) == "The joint closed at once."
    assert words(replace(text, body=None)) == "This text was erased."


def test_a_day_that_moved_has_an_entry_with_its_reason() -> None:
    moved = PieceReplanned(
        at=after(1),
        commission=ID,
        piece=ID,
        promise=uuid4(),
        maker=uuid4(),
        ready_by=date(2027, 2, 5),
        ready_by_p50=date(2027, 2, 5),
        before=date(2027, 1, 29),
        reason=Replanned.MISHAP,
    )

    [step] = [step for step in entries_of(ASKED, (moved,)) if step.state is EntryState.WRONG]

    assert "now ready by Friday, 5 February 2027 instead of Friday, 29 January 2027" in step.text
    assert "Something went wrong at the bench" in step.text


def test_the_timeline_has_chapters_and_what_is_ahead_belongs_to_the_newest() -> None:
    sent = QuoteSent(
        at=after(8),
        commission=ID,
        quote=uuid4(),
        quote_version=1,
        total=Money(minor=1, currency="EUR"),
        deposit=Money(minor=1, currency="EUR"),
        valid_until=after(999),
    )

    steps = entries_of(ASKED, (*TO_DESK, sent, entered(Phase.OFFERED, 9, Holder.CUSTOMER)))

    assert [step.chapter for step in steps] == sorted((step.chapter for step in steps), key=list(Chapter).index)
    assert steps[0].chapter is Chapter.REQUEST
    assert {step.chapter for step in steps if step.state is not EntryState.DONE} == {Chapter.QUOTE}
