"""Whatever can happen to a mail has words on its page, and a place in the database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import services.notify
from services.notify.domain.catalogue import RULES
from services.notify.domain.mails import Addressee, AttemptOutcome, Delivery, Mail, MailState, MailStatus
from services.notify.labels import LABELS, code_label
from shared.contracts.notifications import Intent
from tests.support.words import reader

NOW = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
SCHEMA = (Path(services.notify.__file__).parent / "sql" / "schema.sql").read_text()
READER = reader(LABELS)


def mail(state: MailState, *outcomes: AttemptOutcome, **changes: Any) -> Mail:
    deliveries = tuple(
        Delivery(number, NOW, NOW, outcome, None, "a•••@example.org") for number, outcome in enumerate(outcomes, 1)
    )
    ordinary = Mail(
        mail=uuid4(),
        intent=Intent.QUOTE_DRAFTED,
        addressee=Addressee.CUSTOMER,
        person=uuid4(),
        state=state,
        requested_at=NOW,
        due_at=NOW + timedelta(minutes=5),
        address_known=True,
        deliveries=deliveries,
    )
    return replace(ordinary, **changes)


@pytest.mark.parametrize("state", MailState)
@pytest.mark.parametrize("addressee", Addressee)
def test_every_state_has_words(state: MailState, addressee: Addressee) -> None:
    assert READER.label(mail(state, addressee=addressee).status)


def test_a_postponed_mail_says_when_it_is_tried_again() -> None:
    postponed = mail(MailState.WAITING, AttemptOutcome.POSTPONED)

    assert postponed.status is MailStatus.TO_BE_RETRIED
    assert postponed.next_at == NOW + timedelta(minutes=5)


def test_a_mail_without_an_address_says_what_it_waits_for() -> None:
    waiting = mail(MailState.WAITING, address_known=False)

    assert READER.label(waiting.status) == "Waiting for an address"
    assert waiting.next_at is None


def test_a_mail_to_a_maker_whom_nobody_named_says_so() -> None:
    unknown = {"addressee": Addressee.MAKER, "person": None, "address_known": False}

    assert READER.label(mail(MailState.WAITING, **unknown).status) == "Waiting for a maker"
    assert "did not have a maker" in READER.remedy(mail(MailState.GIVEN_UP, **unknown).status)


@pytest.mark.parametrize("state", [MailState.REFUSED, MailState.GIVEN_UP])
@pytest.mark.parametrize("addressee", [Addressee.CUSTOMER, Addressee.MAKER])
def test_a_mail_that_failed_says_who_is_to_be_reached_another_way(state: MailState, addressee: Addressee) -> None:
    failed = mail(state, AttemptOutcome.REFUSED, addressee=addressee)

    assert addressee.value in READER.remedy(failed.status)


def test_a_mail_that_is_held_back_says_until_when_and_why() -> None:
    held = mail(MailState.WAITING, held_until=NOW + timedelta(minutes=5))

    assert READER.label(held.status) == "Held back"
    assert READER.remedy(held.status)
    assert held.next_at == NOW + timedelta(minutes=5)


def test_every_intent_has_words_of_its_own() -> None:
    assert len({READER.label(intent) for intent in Intent}) == len(Intent)


@pytest.mark.parametrize("intent", RULES)
def test_the_code_of_a_mail_has_a_name(intent: Intent) -> None:
    assert READER.label(code_label(intent))


@pytest.mark.parametrize("value", [*MailState, *AttemptOutcome, *Addressee])
def test_the_database_knows_every_value(value: str) -> None:
    assert f"'{value}'" in SCHEMA
