"""Whatever can happen to a mail has words on the page, and a place in the database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import services.notify
from services.notify.domain import Delivery, Ending, Mail, MailState, Reader, Said
from services.notify.pages.wording import letter
from shared.contracts.notifications import Intent
from shared.kernel.money import Money

NOW = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
SCHEMA = (Path(services.notify.__file__).parent / "sql" / "schema.sql").read_text()


def mail(state: MailState, *endings: Ending, **changes: Any) -> Mail:
    deliveries = tuple(
        Delivery(number, NOW, NOW, ending, 451 if ending is Ending.POSTPONED else None, "a•••@example.org")
        for number, ending in enumerate(endings, 1)
    )
    ordinary = Mail(
        mail=uuid4(),
        intent=Intent.QUOTE_DRAFTED,
        reader=Reader.CUSTOMER,
        person=uuid4(),
        state=state,
        asked_at=NOW,
        due_at=NOW + timedelta(minutes=5),
        address_known=True,
        deliveries=deliveries,
    )
    return replace(ordinary, **changes)


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


def test_a_mail_to_a_maker_whom_nobody_named_says_so() -> None:
    unknown = {"reader": Reader.MAKER, "person": None, "address_known": False}

    assert letter(mail(MailState.WAITING, **unknown)).standing.words == "Waiting for a maker"
    assert "No maker was named" in letter(mail(MailState.GIVEN_UP, **unknown)).standing.says


@pytest.mark.parametrize("state", [MailState.REFUSED, MailState.GIVEN_UP])
@pytest.mark.parametrize("reader", Reader)
def test_a_mail_that_failed_says_who_is_to_be_reached_another_way(state: MailState, reader: Reader) -> None:
    shown = letter(mail(state, Ending.REFUSED, reader=reader))

    assert reader.value in shown.standing.says


def test_a_mail_that_is_held_back_says_until_when_and_why() -> None:
    shown = letter(mail(MailState.WAITING, held_until=NOW + timedelta(minutes=5)))

    assert shown.standing.words == "Held back a little"
    assert shown.next_at == NOW + timedelta(minutes=5)


@pytest.mark.parametrize("intent", Intent)
def test_every_intent_has_words_of_its_own_and_names_what_its_letter_says_without_ids(intent: Intent) -> None:
    said = Said(uuid4(), date(2027, 5, 31), Money(minor=64000, currency="EUR"), "TM-2027-0042")

    shown = letter(mail(MailState.SENT, intent=intent, said=said))

    assert {value for _, value in shown.told} == {said.day, said.amount, said.code}
    assert len({label for label, _ in shown.told}) == 3
    assert len({letter(mail(MailState.SENT, intent=each)).title for each in Intent}) == len(Intent)


@pytest.mark.parametrize("value", [*Intent, *MailState, *Ending, *Reader])
def test_the_database_knows_every_value(value: str) -> None:
    assert f"'{value}'" in SCHEMA
