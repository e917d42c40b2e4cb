"""Few mails about many messages, each to the other side."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest

from services.notify.domain.mails import Addressee, Mail, MailState, QuietRules
from shared.contracts.notifications import Intent
from shared.contracts.people import Role
from shared.kernel.ids import new_id
from tests.support.notify import Customer, Notify, opened

QUIET = QuietRules(gather=timedelta(minutes=3), between=timedelta(hours=1))


@pytest.fixture
async def alone(make_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Notify]:
    """In a database of the test's own, so that the mails that are due are its own."""
    async with opened(make_database) as doors:
        yield doors


@pytest.mark.parametrize("author", [Role.MAKER, Role.OPS])
async def test_what_the_studio_writes_is_announced_to_the_customer(alone: Notify, author: Role) -> None:
    customer = await alone.submit()
    await alone.know(customer)
    await alone.name_maker(customer)

    await alone.write(customer, author)

    assert await alone.post(customer) == [Intent.REQUEST_RECEIVED, Intent.MESSAGE_RECEIVED]
    assert (await _message_mail(alone, customer)).person == customer.person


async def test_what_a_customer_writes_is_announced_to_the_maker_once_one_is_named(alone: Notify) -> None:
    customer = await alone.submit()

    await alone.write(customer, Role.CUSTOMER)
    before = await _message_mail(alone, customer)
    early = await alone.post(customer)
    maker = await alone.name_maker(customer)

    assert (before.state, before.person, before.addressee) == (MailState.WAITING, None, Addressee.MAKER)
    assert early == []
    assert await alone.post(customer) == [Intent.MESSAGE_RECEIVED]
    assert (await _message_mail(alone, customer)).person == maker.person


async def test_a_mail_goes_to_the_person_who_makes_the_piece_when_it_is_sent(alone: Notify) -> None:
    customer = await alone.submit()
    first = await alone.name_maker(customer)
    await alone.write(customer, Role.CUSTOMER, quiet=QUIET)

    second = await alone.name_maker(customer)
    await alone.post(customer, at=4)

    mail = await _message_mail(alone, customer)
    assert (mail.state, mail.person) == (MailState.SENT, second.person)
    assert second.person != first.person


async def test_messages_within_a_few_minutes_are_one_mail(alone: Notify) -> None:
    customer = await alone.submit()
    await alone.know(customer)
    await alone.post(customer)

    for minute in (0, 1, 2):
        await alone.write(customer, Role.MAKER, quiet=QUIET, at=minute)

    assert await alone.post(customer, at=2) == []
    assert await alone.post(customer, at=4) == [Intent.MESSAGE_RECEIVED]
    assert await alone.post(customer, at=600) == []


async def test_messages_of_one_hour_are_one_mail_after_the_first(alone: Notify) -> None:
    customer = await alone.submit()
    await alone.know(customer)
    await alone.post(customer)
    await alone.write(customer, Role.MAKER, quiet=QUIET)
    await alone.post(customer, at=4)

    for minute in (5, 20, 40):
        await alone.write(customer, Role.MAKER, quiet=QUIET, at=minute)

    assert await alone.post(customer, at=63) == []
    assert await alone.post(customer, at=65) == [Intent.MESSAGE_RECEIVED]
    assert len(await alone.mails(customer, Intent.MESSAGE_RECEIVED)) == 2


async def test_each_side_has_a_quiet_hour_of_its_own(alone: Notify) -> None:
    customer = await alone.submit()
    await alone.know(customer)
    await alone.name_maker(customer)
    await alone.post(customer)

    await alone.write(customer, Role.CUSTOMER, quiet=QUIET)
    await alone.write(customer, Role.MAKER, quiet=QUIET)

    assert await alone.post(customer, at=4) == [Intent.MESSAGE_RECEIVED] * 2
    assert {each.addressee for each in await alone.mails(customer, Intent.MESSAGE_RECEIVED)} == {
        Addressee.CUSTOMER,
        Addressee.MAKER,
    }


async def test_a_message_that_arrives_twice_is_one_mail(alone: Notify) -> None:
    customer = await alone.submit()
    await alone.know(customer)
    await alone.post(customer)
    message = new_id()

    for _ in range(2):
        await alone.write(customer, Role.MAKER, message=message)

    assert await alone.post(customer, at=1) == [Intent.MESSAGE_RECEIVED]


async def test_a_new_address_does_not_hasten_a_mail_that_is_held_back(alone: Notify) -> None:
    customer = await alone.submit()
    await alone.know(customer)
    await alone.post(customer)
    await alone.write(customer, Role.MAKER, quiet=QUIET)

    await alone.know(customer, "ada@example.net")

    assert await alone.post(customer, at=2) == []
    assert await alone.post(customer, at=4) == [Intent.MESSAGE_RECEIVED]


async def _message_mail(notify: Notify, customer: Customer) -> Mail:
    return await notify.the_mail(customer, Intent.MESSAGE_RECEIVED)
