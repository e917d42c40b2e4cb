"""Which facts of the bench are signalled: those that a life decides by, and a sign of life an hour."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from services.lifecycle.domain.delivery import BenchWatch
from services.lifecycle.workflow.reducer import apply
from services.lifecycle.workflow.sequencing import FactEnvelope
from services.lifecycle.workflow.state import CommissionState
from shared.contracts.fact import CommissionFact
from shared.contracts.production import GatePassed, GateReached, PieceMade, StageBegun, StageFinished

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ID = uuid4()


def begun(after: timedelta) -> StageBegun:
    return StageBegun(at=NOW + after, commission=ID, piece=ID, task=ID, stage="bend", maker=ID)


def finished(after: timedelta, next_on: date | None = None, *, waiting: bool = False) -> StageFinished:
    return StageFinished(
        at=NOW + after,
        commission=ID,
        piece=ID,
        task=ID,
        stage="bend",
        maker=ID,
        minutes=60,
        next_on=next_on,
        waiting=waiting,
    )


def signalled(*facts: CommissionFact, watch: BenchWatch | None = None) -> list[int]:
    """The places of those that are."""
    watch, places = watch or BenchWatch(), []
    for place, fact in enumerate(facts):
        if (after := watch.after(fact)) is not None:
            watch = after
            places.append(place)
    return places


def test_a_maker_at_work_is_told_of_once_an_hour() -> None:
    minutes = (0, 20, 40, 59, 60, 90, 121)

    assert signalled(*(begun(timedelta(minutes=each)) for each in minutes)) == [0, 4, 6]


def test_a_rest_is_told_of_at_once_and_so_is_its_end() -> None:
    rests = finished(timedelta(minutes=5), TODAY + DAY, waiting=True)

    assert signalled(begun(0 * HOUR), rests, begun(timedelta(minutes=6)), begun(timedelta(minutes=7))) == [0, 1, 2]


def test_a_day_that_is_much_later_than_the_one_that_is_known_is_told_of_at_once() -> None:
    days = (TODAY, TODAY + DAY, TODAY + 2 * DAY, TODAY + 3 * DAY)
    facts = [finished(timedelta(minutes=number), day) for number, day in enumerate(days)]

    assert signalled(*facts) == [0, 2]


def test_a_gate_is_always_told_of_and_so_is_what_is_no_sign_of_life() -> None:
    about = {"commission": ID, "piece": ID, "gate": "cut"}
    reached = GateReached(at=NOW, **about)  # type: ignore[arg-type]
    passed = GatePassed(at=NOW, cancel_percent=35, **about)  # type: ignore[arg-type]
    made = PieceMade(at=NOW, commission=ID, piece=ID, maker=ID)

    assert signalled(begun(0 * HOUR), reached, passed, begun(0 * HOUR), made) == [0, 1, 2, 4]


ABOUT = {"commission": ID, "piece": ID, "gate": "cut"}


def known_of_the_bench(*facts: CommissionFact) -> CommissionState:
    """What the workflow knows by the facts that it is signalled."""
    state = CommissionState()
    for place in signalled(*facts):
        fact = facts[place]
        envelope = FactEnvelope(
            topic=fact.topic, version=place + 1, type=fact.type(), at=fact.at, data=fact.model_dump_json()
        )
        apply(state, envelope, fact.at)
    return state


def test_a_day_that_the_workflow_has_forgotten_is_signalled_again() -> None:
    """A stage that is begun clears the day; the next one may well be planned for the same."""
    facts = (
        finished(0 * HOUR, TODAY + 9 * DAY),
        begun(2 * HOUR),
        finished(timedelta(hours=2, minutes=10), TODAY + 9 * DAY),
    )

    assert known_of_the_bench(*facts).bench.next_on == TODAY + 9 * DAY


def test_a_day_that_is_much_earlier_is_signalled_too() -> None:
    days = (TODAY + 20 * DAY, TODAY + 5 * DAY)
    facts = [finished(timedelta(minutes=number), day) for number, day in enumerate(days)]

    assert known_of_the_bench(*facts).bench.next_on == TODAY + 5 * DAY


def test_a_piece_that_rested_before_a_gate_rests_no_more_once_work_begins() -> None:
    """The maker signs the gate by beginning, at the same instant."""
    begins = timedelta(days=1)
    facts = (
        finished(0 * HOUR, TODAY + DAY, waiting=True),
        GateReached(at=NOW, **ABOUT),  # type: ignore[arg-type]
        GatePassed(at=NOW + begins, cancel_percent=35, **ABOUT),  # type: ignore[arg-type]
        begun(begins),
        finished(begins + timedelta(minutes=20)),
    )

    assert not known_of_the_bench(*facts).bench.waiting
