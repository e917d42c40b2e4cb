"""Whoever asks about a quote loses no time by it, and nobody's hours are held for ever."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.lifecycle.workflow.deadlines import current_phase, enter, offer_again, wait_for_an_answer
from services.lifecycle.workflow.state import CommissionState, QuoteOffer, Timeouts
from shared.contracts.lifecycle import Phase
from shared.kernel.money import Money

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PATIENCE = Timeouts(step=timedelta(minutes=15), desk=14 * DAY, questions=14 * DAY)
MONEY = Money(minor=100, currency="EUR")


def offered() -> CommissionState:
    offer = QuoteOffer(quote_version=1, total=MONEY, deposit=MONEY, valid_until=NOW + 20 * DAY)
    state = CommissionState(offer=offer)
    enter(state, current_phase(Phase.OFFERED, state, PATIENCE, NOW), NOW)
    return state


def due(state: CommissionState) -> datetime:
    found = current_phase(Phase.OFFERED, state, PATIENCE, NOW).due
    assert found is not None
    return found


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["answered", "due", "sent again"])), max_size=12))
def test_questions_extend_all_offers_of_a_commission_by_fourteen_days_at_most(steps: list[tuple[int, str]]) -> None:
    """Whatever is asked, answered, due and sent again: no offer ends sooner by it, and all together get 14 days."""
    state, given_in_all = offered(), timedelta(0)
    for days, step in steps:
        state.question_time.open_since, state.open_questions = NOW, 1
        before = due(state)
        match step:
            case "answered":
                state.question_time.waited += days * DAY
                state.open_questions = 0
            case "due":
                wait_for_an_answer(state, PATIENCE)
            case _:
                given_in_all += before - (NOW + 20 * DAY)
                offer_again(state)
                before = due(state)
        assert before <= due(state)

    given_in_all += due(state) - (NOW + 20 * DAY)
    assert given_in_all <= 14 * DAY


def test_an_offer_does_not_end_while_an_answer_is_owed_until_all_of_that_time_is_given() -> None:
    state = offered()
    state.open_questions = 1

    given = [wait_for_an_answer(state, PATIENCE) for _ in range(15)]

    assert given == [True] * 14 + [False]
    assert due(state) == NOW + 34 * DAY
