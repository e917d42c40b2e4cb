"""Which facts of the bench are signalled: those that a life decides by, and a sign of life an hour."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from services.lifecycle.domain.delivery import BenchWatch
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
