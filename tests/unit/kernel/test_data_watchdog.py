"""When a consumer is taken for hung."""

from itertools import count

from shared.inbox.watchdog import Suspicion, Verdict
from shared.kafka.lag import Lag

FINE, HUNG, HOPELESS = Verdict.FINE, Verdict.HUNG, Verdict.HOPELESS


def verdicts(suspicion: Suspicion, lags: list[Lag], every: float = 10.0) -> list[Verdict]:
    return [suspicion.look(at * every, lag) for at, lag in zip(count(), lags, strict=False)]


def test_a_consumer_without_lag_is_fine_for_ever() -> None:
    assert set(verdicts(Suspicion(patience=30), [Lag(0, 5)] * 50)) == {FINE}


def test_a_consumer_that_gets_on_is_fine_however_far_it_is_behind() -> None:
    assert set(verdicts(Suspicion(patience=30), [Lag(1000, taken) for taken in range(50)])) == {FINE}


def test_a_consumer_that_does_not_get_on_hangs_after_its_patience() -> None:
    assert verdicts(Suspicion(patience=30), [Lag(3, 5)] * 5) == [FINE, FINE, FINE, FINE, HUNG]


def test_a_consumer_that_hangs_again_and_again_is_hopeless() -> None:
    seen = verdicts(Suspicion(patience=30, chances=3), [Lag(3, 5)] * 18)

    assert [verdict for verdict in seen if verdict is not FINE] == [HUNG, HUNG, HUNG, HOPELESS]


def test_a_replaced_consumer_that_gets_on_has_all_its_chances_again() -> None:
    suspicion = Suspicion(patience=30, chances=1)

    stuck, moved, stuck_again = [Lag(3, 5)] * 5, [Lag(2, 6)], [Lag(2, 6)] * 4
    assert [one for one in verdicts(suspicion, stuck + moved + stuck_again) if one is not FINE] == [HUNG, HUNG]


def test_what_explains_the_standstill_excuses_it() -> None:
    suspicion = Suspicion(patience=30)

    verdicts(suspicion, [Lag(3, 5)] * 4)
    suspicion.excuse()

    assert suspicion.look(40, Lag(3, 5)) is FINE
    assert suspicion.look(69, Lag(3, 5)) is FINE
    assert suspicion.look(70, Lag(3, 5)) is HUNG
