"""Whatever can happen to a mail has words on the page, and a place in the database."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

import services.notify
from services.notify.domain import Delivery, Ending, Mail, MailState
from services.notify.pages.wording import letter
from shared.contracts.notifications import Intent

NOW = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
SCHEMA = (Path(services.notify.__file__).parent / "sql" / "schema.sql").read_text()


def mail(state: MailState, *endings: Ending, address_known: bool = True) -> Mail:
    deliveries = tuple(
        Delivery(number, NOW, NOW, ending, 451 if ending is Ending.POSTPONED else None, "a•••@example.org")
        for number, ending in enumerate(endings, 1)
    )
    later = NOW + timedelta(minutes=5)
    return Mail(uuid4(), Intent.QUOTE_DRAFTED, uuid4(), state, NOW, later, address_known, deliveries)


@pytest.mark.parametrize("state", MailState)
@pytest.mark.parametrize("ending", Ending)
def test_every_state_and_every_outcome_has_words(state: MailState, ending: Ending) -> None:
    shown = letter(mail(state, ending))

    assert shown.standing.words
    assert shown.attempts[0].ending


def test_a_postponed_mail_says_when_it_is_tried_again_and_what_the_server_said() -> None:
    shown = letter(mail(MailState.WAITING, Ending.POSTPONED))

    assert shown.next_at == NOW + timedelta(minutes=5)
    assert shown.attempts[0].ending.endswith("(451)")


def test_a_mail_without_an_address_says_what_it_waits_for() -> None:
    shown = letter(mail(MailState.WAITING, address_known=False))

    assert shown.standing.words == "Waiting for an address"
    assert shown.next_at is None


@pytest.mark.parametrize("value", [*Intent, *MailState, *Ending])
def test_the_database_knows_every_value(value: str) -> None:
    assert f"'{value}'" in SCHEMA
