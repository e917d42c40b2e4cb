from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.notify.domain.log import mask
from services.notify.domain.mails import (
    Addressee,
    AttemptOutcome,
    AttemptResult,
    MailState,
    NewestMail,
    OutgoingMail,
    QuietRules,
    RetryPolicy,
    addressee_of_message,
    mail_id,
    message_id,
    result_of_reply,
    transition_after,
)
from shared.contracts.notifications import Intent
from shared.contracts.people import Role

NOW = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
QUIET = QuietRules(gather=timedelta(minutes=3), between=timedelta(hours=1))
RETRY_POLICY = RetryPolicy(
    first_wait=timedelta(seconds=15), longest_wait=timedelta(minutes=15), give_up_after=timedelta(days=3)
)


def test_a_commission_has_one_mail_per_intent_even_if_asked_twice() -> None:
    commission = uuid4()

    assert mail_id(commission, Intent.QUOTE_DRAFTED) == mail_id(commission, Intent.QUOTE_DRAFTED)
    assert len({mail_id(commission, intent) for intent in Intent}) == len(Intent)
    assert mail_id(uuid4(), Intent.QUOTE_DRAFTED) != mail_id(commission, Intent.QUOTE_DRAFTED)


def test_what_a_mail_is_about_tells_two_of_one_intent_apart() -> None:
    commission, first, second = uuid4(), uuid4(), uuid4()

    ids = {mail_id(commission, Intent.APPROVAL_ASKED, about) for about in (None, first, first, second)}

    assert len(ids) == 3


def test_the_id_of_a_mail_about_the_commission_alone_is_what_it_always_was() -> None:
    """A mail that an older release requested is the same when this one requests it."""
    commission = UUID("01936e10-0000-7000-8000-000000000001")

    assert mail_id(commission, Intent.REQUEST_RECEIVED) == UUID("e8719fe6-dc4a-5eed-bb54-d4f8212a0717")


@pytest.mark.parametrize(
    ("author", "addressee"),
    [(Role.CUSTOMER, Addressee.MAKER), (Role.MAKER, Addressee.CUSTOMER), (Role.OPS, Addressee.CUSTOMER)],
)
def test_a_message_is_announced_to_the_other_side(author: Role, addressee: Addressee) -> None:
    assert addressee_of_message(author) is addressee


def test_a_first_message_waits_a_little_for_others() -> None:
    assert QUIET.held_until(NOW, NOW, None) == NOW + timedelta(minutes=3)


@pytest.mark.parametrize("state", [MailState.WAITING, MailState.SENDING])
def test_a_message_joins_the_mail_that_has_not_left_yet(state: MailState) -> None:
    assert QUIET.held_until(NOW, NOW, NewestMail(state, NOW + timedelta(hours=1))) is None


def test_a_message_that_stood_on_the_page_when_a_mail_left_needs_no_other() -> None:
    left = NewestMail(MailState.SENT, NOW)

    assert QUIET.held_until(NOW - timedelta(seconds=1), NOW + timedelta(minutes=5), left) is None
    assert QUIET.held_until(NOW + timedelta(seconds=1), NOW + timedelta(minutes=5), left) is not None


@pytest.mark.parametrize("state", [MailState.SENT, MailState.REFUSED, MailState.GIVEN_UP])
@pytest.mark.parametrize(("later", "due"), [(1, 60), (56, 60), (58, 61), (600, 603)])
def test_two_mails_about_messages_are_an_hour_apart(state: MailState, later: int, due: int) -> None:
    now = NOW + timedelta(minutes=later)

    assert QUIET.held_until(now, now, NewestMail(state, NOW)) == NOW + timedelta(minutes=due)


def test_every_copy_of_a_mail_has_one_message_id() -> None:
    mail = uuid4()

    assert message_id(mail, "studio@example.org") == f"<{mail}@example.org>"


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (250, AttemptOutcome.ACCEPTED),
        (451, AttemptOutcome.POSTPONED),
        (452, AttemptOutcome.POSTPONED),
        (550, AttemptOutcome.REFUSED),
    ],
)
def test_the_first_digit_of_a_reply_decides(code: int, outcome: AttemptOutcome) -> None:
    assert result_of_reply(code) == AttemptResult(outcome, code)


def test_an_accepted_mail_is_sent_for_good(outgoing: Callable[..., OutgoingMail]) -> None:
    assert (
        transition_after(AttemptResult(AttemptOutcome.ACCEPTED), outgoing(), RETRY_POLICY, NOW, 0.5).state
        is MailState.SENT
    )


@pytest.mark.parametrize("outcome", [AttemptOutcome.REFUSED, AttemptOutcome.UNWRITABLE])
def test_a_refused_mail_is_not_tried_again(outgoing: Callable[..., OutgoingMail], outcome: AttemptOutcome) -> None:
    assert transition_after(AttemptResult(outcome), outgoing(), RETRY_POLICY, NOW, 0.5).state is MailState.REFUSED


@pytest.mark.parametrize("outcome", [AttemptOutcome.POSTPONED, AttemptOutcome.UNREACHABLE])
def test_a_postponed_mail_waits_longer_each_time(
    outgoing: Callable[..., OutgoingMail], outcome: AttemptOutcome
) -> None:
    waits = [
        transition_after(AttemptResult(outcome), outgoing(attempt=attempt), RETRY_POLICY, NOW, 1.0).due_at - NOW
        for attempt in (1, 2, 3, 50)
    ]

    assert waits == [timedelta(seconds=15), timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=15)]


def test_a_mail_is_given_up_when_its_time_is_over(outgoing: Callable[..., OutgoingMail]) -> None:
    late = outgoing(tried_since=NOW - timedelta(days=3))

    assert (
        transition_after(AttemptResult(AttemptOutcome.POSTPONED, 451), late, RETRY_POLICY, NOW, 0.5).state
        is MailState.GIVEN_UP
    )


@given(attempts=some.integers(1, 10_000), jitter=some.floats(0, 1))
def test_a_wait_is_never_longer_than_the_longest_nor_nothing(attempts: int, jitter: float) -> None:
    wait = RETRY_POLICY.wait(attempts, jitter)

    assert RETRY_POLICY.first_wait / 2 <= wait <= RETRY_POLICY.longest_wait


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
