"""One mail at each step that matters, to the person it concerns; and few mails about many messages."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from email.message import EmailMessage
from functools import partial

import pytest

from services.notify import actions
from services.notify.domain import Addressee, Mail, MailState, QuietRules
from shared.auth.keys import public_keys
from shared.auth.tokens import Verifier
from shared.contracts.commissions import SignInAsked
from shared.contracts.notifications import Intent
from shared.contracts.people import Role
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.postgres.database import Tx
from tests.integration.notify.conftest import Mailing
from tests.support.mail_server import MailServer
from tests.support.notify import RETRY_POLICY, Customer, Notify, opened
from tests.support.service import LINK_KEY
from tests.support.waiting import until
from tests.support.web import ORIGIN

QUIET = QuietRules(gather=timedelta(minutes=3), between=timedelta(hours=1))


@pytest.fixture
async def alone(make_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Notify]:
    """In a database of the test's own, so that the mails that are due are its own."""
    async with opened(make_database) as doors:
        yield doors


async def test_each_step_is_one_mail_however_often_it_is_requested(
    notify: Notify, mail: MailServer, mailing: Mailing
) -> None:
    customer = await notify.submit()
    await notify.know(customer)
    details = {
        "about": new_id(),
        "day": date(2027, 5, 31),
        "amount": Money(minor=64000, currency="EUR"),
        "code": "TM-2027-0042",
    }
    asked = [intent for intent in Intent if intent is not Intent.REQUEST_RECEIVED]

    async with mailing():
        for intent in asked * 2:
            await notify.ask(customer, intent, **details)
        await until("all mails arrived", lambda: len(mail.to(customer.email)) == len(Intent), within=30)
        for intent in asked:
            await notify.ask(customer, intent, **details)

    assert len({received["Subject"] for received in mail.to(customer.email)}) == len(Intent)
    assert len(mail.to(customer.email)) == len(Intent)
    assert await notify.facts(customer) == ["MailSent"] * len(Intent)


async def test_each_sign_in_request_is_a_mail_whose_link_signs_its_reader_in(
    notify: Notify, mail: MailServer, mailing: Mailing
) -> None:
    customer = await notify.submit()
    await notify.know(customer)
    asked = [
        SignInAsked(at=notify.now(), commission=customer.commission, customer=customer.person, ask=new_id())
        for _ in range(2)
    ]

    async with mailing():
        for each in (*asked, asked[0]):
            await notify.do(partial(actions.request_sign_in_mail, asked=each, now=notify.now()))
        await until("both mails arrived", lambda: len(mail.to(customer.email)) == 3, within=30)

    received = [each for each in mail.to(customer.email) if each["Subject"] == "Your sign-in link"]
    links = {re.search(r"\?pass=(\S+)", _text(each))[1] for each in received}  # type: ignore[index]
    reading = Verifier.read(public_keys(LINK_KEY), issuer=ORIGIN)
    assert len(links) == 2
    for link in links:
        found = reading.link(link, notify.now())
        assert (found.person, found.commission) == (customer.person, customer.commission)


async def test_a_mail_has_what_its_command_brings(notify: Notify, mail: MailServer, mailing: Mailing) -> None:
    customer = await notify.submit()
    await notify.know(customer)

    async with mailing():
        await notify.ask(
            customer,
            Intent.QUOTE_ACCEPTED,
            day=date(2027, 5, 31),
            amount=Money(minor=64000, currency="EUR"),
            code="TM-2027-0042",
        )
        await until("both mails arrived", lambda: len(mail.to(customer.email)) == 2)

    [received] = [each for each in mail.to(customer.email) if each["Subject"] == "Thank you for your order"]
    text = " ".join(_text(received).split())
    assert "€640.00" in text
    assert "Monday, 31 May 2027" in text
    assert "TM-2027-0042" in text


async def test_two_matters_of_one_intent_are_two_mails(notify: Notify) -> None:
    customer = await notify.submit()
    first, second = new_id(), new_id()

    ids = [await notify.ask(customer, Intent.APPROVAL_ASKED, about=about) for about in (first, second, first)]

    asked = await notify.mails(customer, Intent.APPROVAL_ASKED)
    assert ids[0] == ids[2] != ids[1]
    assert {each.details.about for each in asked} == {first, second}
    assert len(asked) == 2


async def test_an_answered_question_is_announced_once(alone: Notify) -> None:
    customer = await alone.submit()
    await alone.know(customer)
    question = new_id()

    for _ in range(2):
        await alone.answer(customer, question)

    assert await alone.post(customer) == [Intent.REQUEST_RECEIVED, Intent.QUESTION_ANSWERED]
    assert (await alone.the_mail(customer, Intent.QUESTION_ANSWERED)).details.about == question


async def test_an_answer_may_arrive_before_its_commission(alone: Notify) -> None:
    """The topics keep no order between them."""
    customer = Customer(new_id(), new_id())
    await alone.know(customer)

    await alone.answer(customer, new_id())
    early = await alone.post(customer)
    await alone.submit(customer)

    assert early == []
    assert set(await alone.post(customer)) == {Intent.REQUEST_RECEIVED, Intent.QUESTION_ANSWERED}


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
    assert {each.addressee for each in await alone.mails(customer, Intent.MESSAGE_RECEIVED)} == {*Addressee}


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


async def test_an_erased_maker_is_not_written_to(alone: Notify) -> None:
    customer = await alone.submit()
    maker = await alone.name_maker(customer)
    await alone.write(customer, Role.CUSTOMER)

    await alone.erase(maker)
    await alone.do(lambda tx: _end(alone, tx))

    mail = await _message_mail(alone, customer)
    assert (mail.state, mail.person) == (MailState.REDACTED, maker.person)
    assert await alone.facts(customer) == ["MailFailed"]


async def test_the_codes_in_mails_go_when_their_reader_is_erased(alone: Notify) -> None:
    customer = await alone.submit()
    await alone.know(customer)
    await alone.ask(customer, Intent.PARCEL_SENT, code="00340434161094042557")
    await alone.post(customer)

    await alone.erase(customer)

    assert (await alone.the_mail(customer, Intent.PARCEL_SENT)).details.code is None


async def test_a_mail_for_a_maker_whom_nobody_names_is_given_up_and_seen_in_the_log(alone: Notify) -> None:
    """No fact is published, since it would name the person."""
    customer = await alone.submit()
    await alone.write(customer, Role.CUSTOMER)

    await alone.do(lambda tx: _end(alone, tx, days=4))

    mail = await _message_mail(alone, customer)
    assert (mail.state, mail.person) == (MailState.GIVEN_UP, None)
    assert await alone.facts(customer) == ["MailFailed"]  # that of the first mail, whose address never became known


def _text(received: EmailMessage) -> str:
    plain = received.get_body(("plain",))
    assert plain
    return str(plain.get_content())


async def _message_mail(notify: Notify, customer: Customer) -> Mail:
    return await notify.the_mail(customer, Intent.MESSAGE_RECEIVED)


async def _end(notify: Notify, tx: Tx, days: int = 0) -> None:
    """What the mailer does with mails that can never be sent, so many days from now."""
    await actions.close_undeliverable(tx, RETRY_POLICY, notify.now() + timedelta(days=days))
