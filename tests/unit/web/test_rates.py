"""How often one client may do what costs others something."""

from datetime import timedelta

import pytest

from shared.kernel.problems import Problem, ProblemType
from shared.web.rates import HourlyRate
from tests.support.web import NOW


def test_a_client_has_so_many_an_hour_and_others_have_theirs() -> None:
    rate = HourlyRate(2)
    rate.take("203.0.113.7", NOW)
    rate.take("203.0.113.7", NOW + timedelta(minutes=20))

    with pytest.raises(Problem) as caught:
        rate.take("203.0.113.7", NOW + timedelta(minutes=30))
    rate.take("203.0.113.8", NOW + timedelta(minutes=30))
    rate.take("203.0.113.7", NOW + timedelta(minutes=60))

    assert caught.value.type is ProblemType.TOO_MANY_REQUESTS
    assert caught.value.retry_after == 30 * 60


@pytest.mark.parametrize("client", ["127.0.0.1", "unknown"])
def test_whoever_nobody_names_is_not_counted_as_one(client: str) -> None:
    rate = HourlyRate(1)

    for _ in range(3):
        rate.take(client, NOW)


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.web.rates._MOST_CLIENTS", 3)
    rate = HourlyRate(1)

    for number in range(10):
        rate.take(f"203.0.113.{number}", NOW)

    assert len(rate._times) == 3
