"""The mail about a failed event says which service it is, of what kind the event is, and what to do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.notify.domain.mails import Addressee, DailyItem, OutgoingMail
from services.notify.mails import Writer, readers
from shared.auth.mail_secrets import MailSecrets, new_mail_secret
from shared.contracts.notifications import Intent

URL = "https://studio.example"

MakeMail = Callable[..., OutgoingMail]


@pytest.fixture(scope="module")
def writer() -> Writer:
    words = readers(zone="Europe/Berlin", language="en")
    return Writer("The Studio", URL, secrets=MailSecrets(new_mail_secret()), readers=words)


@pytest.mark.parametrize(
    ("service", "place"), [("production", "/bench/failed-events"), ("lifecycle", "/ops/failed-events")]
)
def test_a_failed_event_is_told_with_its_service_its_kind_and_what_to_do(
    outgoing: MakeMail, writer: Writer, service: str, place: str
) -> None:
    at = datetime(2027, 5, 31, 12, 5, tzinfo=UTC)
    mail = outgoing(intent=Intent.STUDIO_EVENT_FAILED, addressee=Addressee.STUDIO, happened_at=at)
    assert mail.failed

    written = writer.write(replace(mail, failed=mail.failed.model_copy(update={"service": service})))

    said = " ".join(written.text.split())
    assert written.subject == f"{service} could not process an event"
    assert f"Service {service} Inbox commissions Topic touchmark.commissions Event CommissionConfirmed When" in said
    assert "The page of failed events says why." in said
    assert f"{URL}{place}" in written.text.splitlines()


def test_an_event_that_cannot_be_read_has_no_kind(outgoing: MakeMail, writer: Writer) -> None:
    mail = outgoing(intent=Intent.STUDIO_EVENT_FAILED, addressee=Addressee.STUDIO)
    assert mail.failed
    unreadable = mail.failed.model_copy(update={"event_type": None})

    written = writer.write(replace(mail, failed=unreadable)).text

    assert "Topic" in written
    assert "Event " not in written


def test_a_daily_mail_says_which_service_could_not_process_an_event(outgoing: MakeMail, writer: Writer) -> None:
    mail = outgoing(intent=Intent.STUDIO_EVENT_FAILED, addressee=Addressee.STUDIO)
    item = DailyItem(mail.intent, mail.commission, datetime(2027, 5, 31, 12, 5, tzinfo=UTC), mail.failed)

    written = writer.write(replace(mail, items=(item,))).text

    assert "production, 31 May 2027, 14:05 CEST" in " ".join(written.split())
