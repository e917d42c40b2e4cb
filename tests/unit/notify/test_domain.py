from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.notify.domain import (
    Attempt,
    Ending,
    MailState,
    Newest,
    Patience,
    Posting,
    Quiet,
    Reader,
    answered,
    mail_id,
    mask,
    message_id,
    reader_of_message,
    step,
)
from shared.contracts.notifications import Intent
from shared.contracts.people import Role

NOW = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
QUIET = Quiet(gather=timedelta(minutes=3), between=timedelta(hours=1))
PATIENCE = Patience(first=timedelta(seconds=15), longest=timedelta(minutes=15), whole=timedelta(days=3))


def test_a_commission_has_one_mail_per_intent_whoever_asks() -> None:
    commission = uuid4()

    assert mail_id(commission, Intent.QUOTE_DRAFTED) == mail_id(commission, Intent.QUOTE_DRAFTED)
    assert len({mail_id(commission, intent) for intent in Intent}) == len(Intent)
    assert mail_id(uuid4(), Intent.QUOTE_DRAFTED) != mail_id(commission, Intent.QUOTE_DRAFTED)


def test_what_a_mail_is_about_tells_two_of_one_intent_apart() -> None:
    commission, first, second = uuid4(), uuid4(), uuid4()

    ids = {mail_id(commission, Intent.APPROVAL_ASKED, about) for about in (None, first, first, second)}

    assert len(ids) == 3


def test_the_id_of_a_mail_about_nothing_further_is_what_it_always_was() -> None:
    """Mails that were asked for by an older release are asked for again by this one."""
    commission = UUID("01936e10-0000-7000-8000-000000000001")

    assert mail_id(commission, Intent.REQUEST_RECEIVED) == UUID("e8719fe6-dc4a-5eed-bb54-d4f8212a0717")


@pytest.mark.parametrize(
    ("author", "reader"),
    [(Role.CUSTOMER, Reader.MAKER), (Role.MAKER, Reader.CUSTOMER), (Role.OPS, Reader.CUSTOMER)],
)
def test_a_message_is_told_of_to_the_other_side(author: Role, reader: Reader) -> None:
    assert reader_of_message(author) is reader


def test_a_first_message_waits_a_little_for_others() -> None:
    assert QUIET.held_until(NOW, NOW, None) == NOW + timedelta(minutes=3)


@pytest.mark.parametrize("state", [MailState.WAITING, MailState.TAKEN])
def test_a_message_joins_the_mail_that_has_not_left_yet(state: MailState) -> None:
    assert QUIET.held_until(NOW, NOW, Newest(state, NOW + timedelta(hours=1))) is None


def test_a_message_that_stood_on_the_page_when_a_mail_left_needs_no_other() -> None:
    left = Newest(MailState.SENT, NOW)

    assert QUIET.held_until(NOW - timedelta(seconds=1), NOW + timedelta(minutes=5), left) is None
    assert QUIET.held_until(NOW + timedelta(seconds=1), NOW + timedelta(minutes=5), left) is not None


@pytest.mark.parametrize("state", [MailState.SENT, MailState.REFUSED, MailState.GIVEN_UP])
@pytest.mark.parametrize(("later", "due"), [(1, 60), (56, 60), (58, 61), (600, 603)])
def test_two_mails_about_messages_are_an_hour_apart(state: MailState, later: int, due: int) -> None:
    now = NOW + timedelta(minutes=later)

    assert QUIET.held_until(now, now, Newest(state, NOW)) == NOW + timedelta(minutes=due)


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
    late = posting(dated=NOW - timedelta(days=3))

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
