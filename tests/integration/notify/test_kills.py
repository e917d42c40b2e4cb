"""SIGKILL between the table and the mail server: the mail arrives under one Message-ID, and nothing else does."""

import signal
from pathlib import Path

import pytest

from services.notify.domain.mails import AttemptOutcome
from tests.support.mail_server import MailServer
from tests.support.notify import Notify
from tests.support.service import running, settings
from tests.support.waiting import until

NOTIFY = "services.notify.main:build"
COPIES = {"mailer.before_send": 1, "mailer.after_send": 2}


@pytest.mark.parametrize("point", COPIES)
async def test_a_mailer_that_is_killed_leaves_its_mail_to_the_next(
    notify: Notify, notify_dsn: str, mail: MailServer, tmp_path: Path, point: str
) -> None:
    """Between the server's yes and our writing it down only the server knows: so the same mail goes again."""
    marker = tmp_path / "killed"
    environment = settings(
        database=notify_dsn,
        roles="worker",
        smtp=mail.address,
        mail_connections="1",
        mail_time_limit="1",
        mail_lease="2",
        mail_complete_within="0",
        faults={point: marker},
    )
    customer = await notify.submit()
    await notify.know(customer)

    async with running(NOTIFY, environment) as doomed:
        assert await doomed.ended(30) == -9
    assert marker.read_text().startswith(f"{point} {doomed.pid}")
    async with running(NOTIFY, environment):
        log = await notify.becomes(customer, "sent", within=30)

    received = mail.to(customer.email)
    assert len(received) == COPIES[point]
    assert len({copy.as_bytes() for copy in received}) == 1
    assert {copy["Message-ID"] for copy in received} == {f"<{log.mail}@localhost>"}
    assert [delivery.outcome for delivery in log.deliveries] == [AttemptOutcome.INTERRUPTED, AttemptOutcome.ACCEPTED]
    assert await notify.facts(customer) == ["MailSent"]


async def test_a_mailer_that_is_asked_to_stop_finishes_the_mail_in_its_hands(
    notify: Notify, notify_dsn: str, mail: MailServer
) -> None:
    environment = settings(
        database=notify_dsn, roles="worker", smtp=mail.address, mail_connections="1", mail_complete_within="0"
    )
    mail.speaking.clear()
    customer = await notify.submit()
    await notify.know(customer)

    async with running(NOTIFY, environment) as leaving:
        await until("the mail is in the server's hands", lambda: mail.attempts == 1, within=30)
        leaving.process.send_signal(signal.SIGTERM)
        await leaving.logged("stopping")
        mail.speaking.set()
        assert await leaving.ended() == 0

    log = await notify.the_mail(customer)
    assert [delivery.outcome for delivery in log.deliveries] == [AttemptOutcome.ACCEPTED]
    assert len(mail.to(customer.email)) == 1
