from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.notify.domain import (
    Attempt,
    Ending,
    MailState,
    Patience,
    Posting,
    answered,
    mail_id,
    mask,
    message_id,
    step,
)
from shared.contracts.notifications import Intent

NOW = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
PATIENCE = Patience(first=timedelta(seconds=15), longest=timedelta(minutes=15), whole=timedelta(days=3))


def test_a_commission_has_one_mail_per_intent_whoever_asks() -> None:
    commission = uuid4()

    assert mail_id(commission, Intent.QUOTE_DRAFTED) == mail_id(commission, Intent.QUOTE_DRAFTED)
    assert len({mail_id(commission, intent) for intent in Intent}) == len(Intent)
    assert mail_id(uuid4(), Intent.QUOTE_DRAFTED) != mail_id(commission, Intent.QUOTE_DRAFTED)


def test_every_copy_of_a_mail_has_one_message_id() -> None:
    mail = uuid4()

    assert message_id(mail, "studio@example.org") == f"<{mail}@example.org>"


@pytest.mark.parametrize(
    ("code", "ending"),
    [(250, Ending.ACCEPTED), (451, Ending.POSTPONED), (452, Ending.POSTPONED), (550, Ending.REFUSED)],
)
def test_the_first_digit_of_a_reply_decides(code: int, ending: Ending) -> None:
    assert answered(code) == Attempt(ending, code)


def test_an_accepted_mail_is_sent_for_good(posting: Callable[..., Posting]) -> None:
    assert step(Attempt(Ending.ACCEPTED), posting(), PATIENCE, NOW, 0.5).state is MailState.SENT


@pytest.mark.parametrize("ending", [Ending.REFUSED, Ending.UNWRITABLE])
def test_a_refused_mail_is_not_tried_again(posting: Callable[..., Posting], ending: Ending) -> None:
    assert step(Attempt(ending), posting(), PATIENCE, NOW, 0.5).state is MailState.REFUSED


@pytest.mark.parametrize("ending", [Ending.POSTPONED, Ending.UNREACHABLE])
def test_a_postponed_mail_waits_longer_each_time(posting: Callable[..., Posting], ending: Ending) -> None:
    waits = [
        step(Attempt(ending), posting(attempt=attempt), PATIENCE, NOW, 1.0).due_at - NOW for attempt in (1, 2, 3, 50)
    ]

    assert waits == [timedelta(seconds=15), timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=15)]


def test_a_mail_is_given_up_when_patience_is_over(posting: Callable[..., Posting]) -> None:
    late = posting(asked_at=NOW - timedelta(days=3))

    assert step(Attempt(Ending.POSTPONED, 451), late, PATIENCE, NOW, 0.5).state is MailState.GIVEN_UP


@given(attempts=some.integers(1, 10_000), jitter=some.floats(0, 1))
def test_a_wait_is_never_longer_than_the_longest_nor_nothing(attempts: int, jitter: float) -> None:
    wait = PATIENCE.wait(attempts, jitter)

    assert PATIENCE.first / 2 <= wait <= PATIENCE.longest


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ada@example.org", "a•••@example.org"),
        ("x@example.org", "x•••@example.org"),
        ('"odd@local"@example.org', '"•••@example.org'),
        ("no address", "•••"),
        ("", "•••"),
    ],
)
def test_an_address_is_shown_by_its_first_letter_and_domain(address: str, shown: str) -> None:
    assert mask(address) == shown
