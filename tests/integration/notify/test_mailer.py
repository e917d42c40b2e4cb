"""The mailer against a real mail server: what each of its answers means for a mail."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from services.notify import actions
from services.notify.domain.mails import AttemptOutcome, MailState, RetryPolicy, result_of_reply
from services.notify.mailer.connection import SmtpConnection
from services.notify.mailer.loops import Mailer
from shared.contracts.lifecycle import Outcome
from shared.contracts.notifications import Intent
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.integration.notify.conftest import Mailing
from tests.integration.runtime.conftest import through
from tests.support.forwarder import forwarder
from tests.support.mail_server import MailServer
from tests.support.notify import AT_MOST_A_MINUTE, ZONE, Customer, Notify, kernel_of
from tests.support.waiting import until


async def test_a_submitted_commission_becomes_one_mail(notify: Notify, mail: MailServer, mailing: Mailing) -> None:
    customer = await notify.submit()
    await notify.know(customer)

    async with mailing():
        log = await notify.becomes(customer, "sent")

    [received] = mail.to(customer.email)
    assert received["Subject"] == "We have your request"
    assert received["Message-ID"] == f"<{log.mail}@localhost>"
    assert [delivery.outcome for delivery in log.deliveries] == [AttemptOutcome.ACCEPTED]
    assert await notify.facts(customer) == ["MailSent"]


async def test_an_address_that_is_not_known_yet_is_waited_for(
    notify: Notify, mail: MailServer, mailing: Mailing
) -> None:
    async with mailing():
        customer = await notify.submit()
        bystander = await notify.submit()
        await notify.know(bystander)
        await notify.becomes(bystander, "sent")
        waiting = await notify.the_mail(customer)
        await notify.know(customer)
        await notify.becomes(customer, "sent")

    assert (waiting.state, waiting.address_known, waiting.deliveries) == (MailState.WAITING, False, ())
    assert len(mail.to(customer.email)) == 1


async def test_a_greylisted_mail_is_sent_when_the_server_is_ready(
    notify: Notify, mail: MailServer, mailing: Mailing
) -> None:
    customer = await notify.submit()
    await notify.know(customer)
    mail.answer_recipient(customer.email, ["451 4.7.1 Greylisted", "451 4.7.1 Greylisted"])

    async with mailing():
        log = await notify.becomes(customer, "sent")

    attempts = [(delivery.outcome, delivery.smtp_code) for delivery in log.deliveries]
    assert attempts == [
        (AttemptOutcome.POSTPONED, 451),
        (AttemptOutcome.POSTPONED, 451),
        (AttemptOutcome.ACCEPTED, None),
    ]
    assert len(mail.to(customer.email)) == 1
    assert await notify.facts(customer) == ["MailSent"]


@pytest.mark.parametrize("when", ["recipient", "data"])
async def test_a_mail_refused_for_good_fails_once(
    notify: Notify, mail: MailServer, mailing: Mailing, when: str
) -> None:
    customer = await notify.submit()
    await notify.know(customer)
    {"recipient": mail.answer_recipient, "data": mail.answer_data}[when](customer.email, ["550 5.1.1 No such mailbox"])

    async with mailing():
        log = await notify.becomes(customer, "refused")

    assert [(delivery.outcome, delivery.smtp_code) for delivery in log.deliveries] == [(AttemptOutcome.REFUSED, 550)]
    assert mail.to(customer.email) == []
    assert await notify.facts(customer) == ["MailFailed"]


async def test_one_refused_mail_does_not_hold_up_the_next(notify: Notify, mail: MailServer, mailing: Mailing) -> None:
    unlucky, lucky = await notify.submit(), await notify.submit()
    mail.answer_recipient(unlucky.email, ["550 5.1.1 No such mailbox"])
    await notify.know(unlucky)
    await notify.know(lucky)

    async with mailing(mail_connections=1):
        await notify.becomes(lucky, "sent")
        await notify.becomes(unlucky, "refused")


async def test_a_mail_waits_for_a_server_that_is_away(notify: Notify, mail: MailServer, mailing: Mailing) -> None:
    await mail.shut()
    customer = await notify.submit()
    await notify.know(customer)

    async with mailing():

        async def was_tried() -> bool:
            return AttemptOutcome.UNREACHABLE in [
                delivery.outcome for delivery in (await notify.the_mail(customer)).deliveries
            ]

        await until("an attempt has failed", was_tried)
        await mail.open()
        await notify.becomes(customer, "sent")

    assert len(mail.to(customer.email)) == 1


async def test_a_server_that_falls_silent_does_not_hold_a_mail_for_ever(
    notify: Notify, mail: MailServer, mailing: Mailing
) -> None:
    customer = await notify.submit()
    await notify.know(customer)
    mail.speaking.clear()

    async with mailing(mail_time_limit=0.3):

        async def was_given_back() -> bool:
            return AttemptOutcome.UNREACHABLE in [
                delivery.outcome for delivery in (await notify.the_mail(customer)).deliveries
            ]

        await until("the time limit ended an attempt", was_given_back)
        mail.speaking.set()
        await notify.becomes(customer, "sent")

    assert len(mail.to(customer.email)) == 1


async def test_what_the_server_said_is_kept_until_the_database_is_back(
    notify: Notify, mail: MailServer, mailing: Mailing
) -> None:
    """If it were lost, the mail would be sent again, though the server accepted it."""
    customer = await notify.submit()
    await notify.know(customer)
    mail.speaking.clear()
    async with forwarder(urlsplit(notify.dsn).netloc.rpartition("@")[2]) as door:
        await door.open()
        behind = await Database.open(through(notify.dsn, door.address), application="notify")
        async with mailing(behind, mail_connections=1):
            await until("the mail is in the server's hands", lambda: mail.attempts == 1)
            await door.shut()
            mail.speaking.set()
            await until("the server has taken it", lambda: len(mail.to(customer.email)) == 1)
            await door.open()
            log = await notify.becomes(customer, "sent")
        await behind.close(1)

    assert [delivery.outcome for delivery in log.deliveries] == [AttemptOutcome.ACCEPTED]
    assert len(mail.to(customer.email)) == 1


async def test_a_server_that_is_closing_is_no_verdict_on_the_mail(
    notify: Notify, mail: MailServer, mailing: Mailing
) -> None:
    customer = await notify.submit()
    await notify.know(customer)
    mail.answer_recipient(customer.email, ["421 4.3.2 Closing"])

    async with mailing():
        log = await notify.becomes(customer, "sent")

    attempts = [(delivery.outcome, delivery.smtp_code) for delivery in log.deliveries]
    assert attempts == [(AttemptOutcome.UNREACHABLE, 421), (AttemptOutcome.ACCEPTED, None)]


async def test_a_server_that_wants_a_password_gets_it(notify: Notify, mail: MailServer, mailing: Mailing) -> None:
    customer = await notify.submit()
    await notify.know(customer)
    mail.password = b"correct horse"

    async with mailing(smtp_user="studio", smtp_password="correct horse"):
        await notify.becomes(customer, "sent")

    assert len(mail.to(customer.email)) == 1


async def test_a_wrong_password_is_no_verdict_on_the_mail(notify: Notify, mail: MailServer, mailing: Mailing) -> None:
    """The server says 535, which is for good; but it is about us, and all mails would be lost by it."""
    customer = await notify.submit()
    await notify.know(customer)
    mail.password = b"correct horse"

    async with mailing(smtp_user="studio", smtp_password="battery staple"):

        async def was_tried() -> bool:
            return len((await notify.the_mail(customer)).deliveries) == 2

        await until("it is tried again", was_tried)
        log = await notify.the_mail(customer)

    attempts = (log.deliveries[0].outcome, log.deliveries[0].smtp_code)
    assert attempts == (AttemptOutcome.UNREACHABLE, 535)


async def test_a_mail_is_given_up_when_its_time_is_over(notify: Notify, mail: MailServer, mailing: Mailing) -> None:
    customer = await notify.submit()
    await notify.know(customer)
    mail.answer_recipient(customer.email, ["451 4.7.1 Later"] * 100)

    async with mailing(mail_give_up_after=0.5):
        await notify.becomes(customer, "given_up")

    assert await notify.facts(customer) == ["MailFailed"]


async def test_a_mail_whose_address_never_becomes_known_is_given_up(notify: Notify, mailing: Mailing) -> None:
    customer = await notify.submit()

    async with mailing(mail_give_up_after=0.1):
        await notify.becomes(customer, "given_up", within=20)

    assert await notify.facts(customer) == ["MailFailed"]


async def test_an_address_nobody_can_write_to_fails_without_bothering_the_server(
    notify: Notify, mail: MailServer, mailing: Mailing
) -> None:
    customer = await notify.submit()
    await notify.know(customer, "ada at example dot org")

    async with mailing():
        log = await notify.becomes(customer, "refused")

    assert [delivery.outcome for delivery in log.deliveries] == [AttemptOutcome.UNWRITABLE]
    assert mail.attempts == 0
    assert await notify.facts(customer) == ["MailFailed"]


async def test_a_fact_that_comes_twice_is_one_mail(notify: Notify, mail: MailServer, mailing: Mailing) -> None:
    customer = await notify.submit()
    await notify.know(customer)
    drafted = notify.facts_of(customer).drafted()

    async with mailing():
        await notify.receives(drafted, drafted)
        await until("both mails arrived", lambda: len(mail.to(customer.email)) == 2)
        await notify.receives(drafted)

    subjects = sorted(received["Subject"] for received in mail.to(customer.email))
    assert subjects == ["We are checking your quote", "We have your request"]


async def test_what_an_erased_person_was_to_get_is_redacted(notify: Notify, mail: MailServer, mailing: Mailing) -> None:
    customer = await notify.submit()
    await notify.know(customer)
    mail.answer_recipient(customer.email, ["451 4.7.1 Later"])
    async with mailing(mail_first_wait=60, mail_longest_wait=60):

        async def was_postponed() -> bool:
            return (await notify.the_mail(customer)).state is MailState.WAITING and mail.attempts == 1

        await until("the first attempt was postponed", was_postponed)
        await notify.erase(customer)

    log = await notify.the_mail(customer)
    assert (log.state, log.address_known) == (MailState.REDACTED, False)
    assert [delivery.address for delivery in log.deliveries] == [None]
    assert await notify.facts(customer) == ["MailFailed"]
    assert await _mentions(notify, customer.email) == 0


@pytest.mark.parametrize("lost", [False, True], ids=["waiting", "its mailer is gone"])
async def test_a_request_to_confirm_is_over_with_whom_it_asked_and_nobody_is_alarmed(
    notify: Notify, mailing: Mailing, *, lost: bool
) -> None:
    """A confirmed address joins its own account, and the person who was known by what was typed is erased."""
    asked = notify.facts_of(customer := Customer(new_id(), new_id())).confirmation_asked()
    await notify.know(customer)
    await notify.receives(asked)
    if lost:
        async with notify.database.transaction() as tx:
            assert await actions.lease_next(
                tx,
                lease=new_id(),
                now=notify.now(),
                duration=timedelta(milliseconds=1),
                waits=AT_MOST_A_MINUTE,
                zone=ZONE,
            )
    await notify.erase(customer)

    async with mailing():

        async def over() -> bool:
            return (await notify.the_mail(customer, Intent.CONFIRMATION_ASKED)).state is MailState.OVERTAKEN

        await until("the request is over", over)

    assert await notify.facts(customer) == []


async def test_an_erased_person_stays_erased(notify: Notify) -> None:
    customer = await notify.submit()
    await notify.erase(customer)

    await notify.know(customer)

    assert await _mentions(notify, customer.email) == 0


async def test_a_mail_requested_after_its_person_was_erased_ends_unsent(notify: Notify, mailing: Mailing) -> None:
    before = await notify.submit()
    await notify.erase(before)
    await notify.receives(notify.facts_of(before).ended(Outcome.LAPSED))

    async with mailing():

        async def ended() -> bool:
            return (await notify.the_mail(before, Intent.COMMISSION_ENDED)).state is MailState.REDACTED

        await until("the mail is redacted", ended)

    assert await notify.facts(before) == ["MailFailed", "MailFailed"]


async def test_an_accepted_mail_is_sent_even_if_its_lease_has_passed_on(notify: Notify) -> None:
    customer = await notify.submit()
    await notify.know(customer)
    policy = RetryPolicy(timedelta(seconds=1), timedelta(seconds=1), timedelta(days=1))
    now = datetime.now(UTC)
    duration = timedelta(seconds=10)
    terms: Any = {"duration": duration, "waits": AT_MOST_A_MINUTE, "zone": ZONE}
    async with notify.database.transaction() as tx:
        slow = await actions.lease_next(tx, lease=new_id(), now=now, **terms)
    async with notify.database.transaction() as tx:
        late = await actions.lease_next(tx, lease=new_id(), now=now + 2 * duration, **terms)
    assert slow
    assert late
    assert slow.outgoing.commission == late.outgoing.commission == customer.commission

    for leased, code in ((slow, 250), (late, 550)):
        async with notify.database.transaction() as tx:
            result = result_of_reply(code)
            await actions.record_result(tx, leased, result, policy=policy, now=now + 2 * duration, jitter=0)

    log = await notify.the_mail(customer)
    assert log.state is MailState.SENT
    assert [delivery.outcome for delivery in log.deliveries] == [AttemptOutcome.ACCEPTED, AttemptOutcome.REFUSED]
    assert await notify.facts(customer) == ["MailSent"]


async def _mentions(notify: Notify, email: str) -> int:
    """In how many rows of how many tables this address, or its masked form, is left."""
    async with notify.database.transaction() as tx:
        tables = await tx.connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = 0
        for (table,) in tables:
            rows = await tx.connection.fetch(f'SELECT t::text AS details FROM "{table}" AS t')  # noqa: S608 (our own names)
            found += sum(email in row["details"] for row in rows)
    return found


async def test_a_mailer_ends_though_the_server_closes_in_the_same_moment(
    notify_dsn: str, database: Database, mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Aiosmtplib waits by `wait_for`, which before Python 3.12 keeps a cancellation that comes with the answer."""
    asked, answer = asyncio.Event(), asyncio.get_running_loop().create_future()

    async def leave(_: SmtpConnection) -> None:
        asked.set()
        await asyncio.wait_for(answer, 10)

    monkeypatch.setattr(SmtpConnection, "quit", leave)
    running = asyncio.create_task(Mailer(kernel_of(notify_dsn, database, smtp=mail.address)).run())
    await asked.wait()

    answer.set_result(None)
    running.cancel()

    done, _ = await asyncio.wait({running}, timeout=5)
    running.cancel()
    assert done == {running}
    assert running.cancelled()
