"""Whatever can happen to a mail has words on the page, and a place in the database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import services.notify
from services.notify.domain import Addressee, AttemptOutcome, Delivery, Mail, MailDetails, MailState
from services.notify.pages.labels import entry
from shared.contracts.notifications import Intent
from shared.kernel.money import Money

NOW = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
SCHEMA = (Path(services.notify.__file__).parent / "sql" / "schema.sql").read_text()


def mail(state: MailState, *outcomes: AttemptOutcome, **changes: Any) -> Mail:
    deliveries = tuple(
        Delivery(number, NOW, NOW, outcome, 451 if outcome is AttemptOutcome.POSTPONED else None, "a•••@example.org")
        for number, outcome in enumerate(outcomes, 1)
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
@pytest.mark.parametrize("outcome", AttemptOutcome)
def test_every_state_and_every_outcome_has_words(state: MailState, outcome: AttemptOutcome) -> None:
    shown = entry(mail(state, outcome))

    assert shown.status.words
    assert shown.attempts[0].outcome


def test_a_postponed_mail_says_when_it_is_tried_again_and_what_the_server_said() -> None:
    shown = entry(mail(MailState.WAITING, AttemptOutcome.POSTPONED))

    assert shown.next_at == NOW + timedelta(minutes=5)
    assert shown.attempts[0].outcome.endswith("(451)")


def test_a_mail_without_an_address_says_what_it_waits_for() -> None:
    shown = entry(mail(MailState.WAITING, address_known=False))

    assert shown.status.words == "Waiting for an address"
    assert shown.next_at is None


def test_a_mail_to_a_maker_whom_nobody_named_says_so() -> None:
    unknown = {"addressee": Addressee.MAKER, "person": None, "address_known": False}

    assert entry(mail(MailState.WAITING, **unknown)).status.words == "Waiting for a maker"
    assert "No maker was named" in entry(mail(MailState.GIVEN_UP, **unknown)).status.says


@pytest.mark.parametrize("state", [MailState.REFUSED, MailState.GIVEN_UP])
@pytest.mark.parametrize("addressee", Addressee)
def test_a_mail_that_failed_says_who_is_to_be_reached_another_way(state: MailState, addressee: Addressee) -> None:
    shown = entry(mail(state, AttemptOutcome.REFUSED, addressee=addressee))

    assert addressee.value in shown.status.says


def test_a_mail_that_is_held_back_says_until_when_and_why() -> None:
    shown = entry(mail(MailState.WAITING, held_until=NOW + timedelta(minutes=5)))

    assert shown.status.words == "Held back a little"
    assert shown.next_at == NOW + timedelta(minutes=5)


@pytest.mark.parametrize("intent", Intent)
def test_every_intent_has_words_of_its_own_and_names_what_its_mail_says_without_ids(intent: Intent) -> None:
    details = MailDetails(uuid4(), date(2027, 5, 31), Money(minor=64000, currency="EUR"), "TM-2027-0042")

    shown = entry(mail(MailState.SENT, intent=intent, details=details))

    assert {value for _, value in shown.details} == {details.day, details.amount, details.code}
    assert len({label for label, _ in shown.details}) == 3
    assert len({entry(mail(MailState.SENT, intent=each)).title for each in Intent}) == len(Intent)


@pytest.mark.parametrize("value", [*Intent, *MailState, *AttemptOutcome, *Addressee])
def test_the_database_knows_every_value(value: str) -> None:
    assert f"'{value}'" in SCHEMA
