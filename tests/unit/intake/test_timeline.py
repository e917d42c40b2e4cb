"""The story that a customer reads."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from services.intake.domain.commissions import Commission, close, withdraw
from services.intake.domain.life import Life
from services.intake.domain.timeline import Mark, standing, story
from services.intake.domain.timeline.steps import in_words
from shared.contracts.commissions import WithdrawalReason
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import CommissionEnded, Holder, Outcome, Stage, StageEntered
from shared.contracts.notifications import Intent, MailFailed, MailSent
from shared.contracts.production import PromiseEnd, PromiseHeld, PromiseReleased
from shared.contracts.quotes import QuoteDrafted, QuoteEnd, QuoteExpired
from shared.kernel.money import Money

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ID = uuid4()
ASKED = Commission(
    commission=ID,
    customer=uuid4(),
    craft="jewellery",
    craft_version=1,
    craft_sha256="0" * 64,
    brief_version=1,
    submitted_at=NOW,
)


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def entered(stage: Stage, minutes: int, holder: Holder = Holder.STUDIO, due: datetime | None = None) -> StageEntered:
    return StageEntered(at=after(minutes), commission=ID, stage=stage, holder=holder, since=after(minutes), due=due)


def promised(minutes: int) -> PromiseHeld:
    return PromiseHeld(
        at=after(minutes),
        commission=ID,
        promise=uuid4(),
        maker=uuid4(),
        ready_by=date(2027, 1, 29),
        held_until=after(9999),
    )


def quoted(minutes: int) -> QuoteDrafted:
    total = Money(minor=98_000, currency="EUR")
    return QuoteDrafted(at=after(minutes), commission=ID, quote=uuid4(), quote_version=1, brief_version=1, total=total)


TO_DESK: tuple[CommissionFact, ...] = (
    entered(Stage.PROMISING, 1),
    promised(2),
    entered(Stage.QUOTING, 3),
    quoted(4),
    entered(Stage.DESK, 5, due=after(5000)),
    MailSent(at=after(6), commission=ID, mail=uuid4(), person=ASKED.customer, intent=Intent.QUOTE_DRAFTED),
)


def test_before_anybody_tells_the_request_is_said_to_be_on_its_way() -> None:
    found = standing(Life(ASKED))

    assert found.on_its_way
    assert not found.ended
    assert found.since == NOW


def test_the_newest_stage_says_where_it_stands_and_whose_move_it_is() -> None:
    found = standing(Life(ASKED, TO_DESK))

    assert found.headline == "Your quote is on the studio's desk"
    assert (found.holder, found.due, found.on_its_way) == (Holder.STUDIO, after(5000), False)
    assert found.whose_move == "The studio has it in hand"


def test_a_stage_that_is_told_late_does_not_bring_an_older_one_back() -> None:
    assert (
        standing(
            Life(
                ASKED,
                (
                    *TO_DESK,
                    entered(Stage.PROMISING, 1),
                ),
            )
        ).headline
        == standing(Life(ASKED, TO_DESK)).headline
    )


def test_of_two_stages_of_one_instant_the_later_told_stands() -> None:
    told = [entered(Stage.PROMISING, 1), entered(Stage.QUOTING, 1)]

    assert standing(Life(ASKED, tuple(told))).headline == "Your quote is being worked out"


def test_what_the_customer_did_is_shown_before_anybody_else_tells_of_it() -> None:
    found = standing(Life(withdraw(ASKED, WithdrawalReason.OTHER, after(7)), TO_DESK))

    assert found.headline == "You took this commission back"
    assert found.on_its_way


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_end_is_the_same_whether_told_or_our_own(outcome: Outcome) -> None:
    told = standing(
        Life(
            ASKED,
            (
                *TO_DESK,
                CommissionEnded(at=after(9), commission=ID, outcome=outcome),
            ),
        )
    )
    own = standing(Life(close(ASKED, outcome, after(9)), TO_DESK))

    assert told == own
    assert told.ended
    assert told.holder is Holder.NOBODY


def test_the_story_is_in_order_however_it_was_told() -> None:
    steps = story(Life(ASKED, tuple(reversed(TO_DESK))))

    assert [step.what for step in steps if step.state is Mark.DONE] == [
        "You asked for this piece",
        "Time at the bench is held for you",
        "Your quote is drafted",
        "We wrote to you",
    ]
    assert [step.state for step in steps][-2:] == [Mark.NOW, Mark.AHEAD]


def test_what_has_happened_is_not_ahead_any_more() -> None:
    ahead = [
        step.what
        for step in story(
            Life(
                ASKED,
                (
                    entered(Stage.PROMISING, 1),
                    promised(2),
                ),
            )
        )
        if step.state is Mark.AHEAD
    ]

    assert "Time at the bench is held for you" not in ahead
    assert ahead[-1] == "You decide"


def test_the_day_that_is_promised_is_written_out() -> None:
    assert any("Friday, 29 January 2027" in step.said for step in story(Life(ASKED, TO_DESK)))


def test_a_day_that_is_too_late_is_said_and_marked() -> None:
    needed = replace(ASKED, needed_by=date(2027, 1, 28))

    [late] = [step for step in story(Life(needed, TO_DESK)) if step.state is Mark.WRONG]

    assert "Friday, 29 January 2027, and you need it by Thursday, 28 January 2027" in late.said
    assert not [
        step for step in story(Life(replace(ASKED, needed_by=date(2027, 1, 29)), TO_DESK)) if step.state is Mark.WRONG
    ]


def test_nothing_is_ahead_of_an_end() -> None:
    ended = CommissionEnded(at=after(9), commission=ID, outcome=Outcome.LAPSED)
    gone: list[CommissionFact] = [
        PromiseReleased(at=after(7), commission=ID, promise=uuid4(), reason=PromiseEnd.LAPSED),
        QuoteExpired(at=after(8), commission=ID, quote=uuid4(), quote_version=1, reason=QuoteEnd.LAPSED),
    ]

    steps = story(
        Life(
            ASKED,
            (
                *TO_DESK,
                *gone,
                ended,
            ),
        )
    )

    assert {step.state for step in steps} == {Mark.DONE}
    assert steps[-1].what == "This commission has lapsed"


def test_a_mail_that_did_not_arrive_is_marked() -> None:
    failed = MailFailed(at=after(1), commission=ID, mail=uuid4(), person=ASKED.customer, intent=Intent.REQUEST_RECEIVED)

    assert [step.what for step in story(Life(ASKED, (failed,))) if step.state is Mark.WRONG] == [
        "Our mail did not reach you"
    ]


def test_every_stage_and_holder_has_its_words() -> None:
    for stage in Stage:
        for holder in Holder:
            found = standing(Life(ASKED, (entered(stage, 1, holder),)))
            assert found.headline
            assert found.words
            assert found.whose_move


def test_a_day_is_written_without_an_idle_zero() -> None:
    assert in_words(date(2027, 3, 5)) == "Friday, 5 March 2027"


def test_taking_it_back_is_part_of_the_story_once() -> None:
    withdrawn = withdraw(ASKED, WithdrawalReason.CHANGED_MIND, after(7))
    ended = CommissionEnded(at=after(9), commission=ID, outcome=Outcome.WITHDRAWN)

    before = [step.what for step in story(Life(withdrawn, TO_DESK))]
    after_it = [
        step.what
        for step in story(
            Life(
                withdrawn,
                (
                    *TO_DESK,
                    ended,
                ),
            )
        )
    ]

    assert (before[-1], before.count("You took it back")) == ("You took this commission back", 0)
    assert after_it[-2:] == ["You took it back", "This commission is closed, as you wished"]
