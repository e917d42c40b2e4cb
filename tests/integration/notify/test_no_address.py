"""Mails to a customer whom the studio recorded without an e-mail address."""

from services.notify.domain.mails import MailStatus
from shared.auth.roles import Role
from tests.integration.notify.conftest import Mailing
from tests.support.mail_server import MailServer
from tests.support.notify import Notify
from tests.support.waiting import until


async def test_a_mail_to_somebody_without_an_address_ends_at_once_and_alarms_nobody(
    notify: Notify, mail: MailServer, mailing: Mailing
) -> None:
    customer = await notify.submit()
    await notify.know_without_address(customer)

    async with mailing():
        log = await notify.becomes(customer, "no_address")

    assert (log.status, log.deliveries, mail.attempts) == (MailStatus.NO_ADDRESS, (), 0)
    assert await notify.facts(customer) == ["MailOmitted"]


async def test_what_comes_after_the_address_is_known_is_mailed(
    notify: Notify, mail: MailServer, mailing: Mailing
) -> None:
    customer = await notify.submit()
    await notify.know_without_address(customer)

    async with mailing():
        await notify.becomes(customer, "no_address")
        await notify.know(customer)
        await notify.write(customer, Role.OPS)

        async def was_sent() -> bool:
            return await notify.facts(customer) == ["MailOmitted", "MailSent"]

        await until("the message is mailed", was_sent)

    assert [each["Subject"] for each in mail.to(customer.email)] == ["You have a new message"]
