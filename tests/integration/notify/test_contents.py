"""What a mail says comes from several topics: it waits for them, but not for long."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest

from services.notify import actions
from shared.contracts.notifications import Intent
from shared.contracts.texts import Subject
from shared.kernel.ids import new_id
from tests.integration.notify.conftest import Mailing
from tests.support.mail_server import MailServer
from tests.support.notify import Customer, Notify, opened
from tests.support.waiting import until

A_MINUTE = timedelta(minutes=1)


@pytest.fixture
async def alone(make_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Notify]:
    """In a database of the test's own, so that the mails that are due are its own."""
    async with opened(make_database) as doors:
        yield doors


async def test_a_mail_waits_for_the_brief_but_not_for_long(alone: Notify) -> None:
    customer = await alone.submit()
    await alone.know(customer)

    assert await alone.post(customer, complete_within=A_MINUTE) == []
    assert await alone.post(customer, at=2, complete_within=A_MINUTE) == [Intent.REQUEST_RECEIVED]


async def test_a_mail_goes_as_soon_as_the_brief_is_there(alone: Notify) -> None:
    customer = await alone.submit()
    await alone.know(customer)

    await alone.brief(customer)

    assert await alone.post(customer, complete_within=A_MINUTE) == [Intent.REQUEST_RECEIVED]


async def test_a_mail_waits_for_the_answer_that_it_quotes_but_not_for_long(alone: Notify) -> None:
    customer = await _with_brief(alone)
    await alone.answer(customer, new_id())

    assert await alone.post(customer, complete_within=A_MINUTE) == [Intent.REQUEST_RECEIVED]
    assert await alone.post(customer, at=2, complete_within=A_MINUTE) == [Intent.QUESTION_ANSWERED]


async def test_a_mail_names_the_piece_and_quotes_the_answer(notify: Notify, mail: MailServer, mailing: Mailing) -> None:
    customer = await _with_brief(notify)
    question = await notify.say(customer, Subject.QUESTION, "Could it be matt?")
    answer = await notify.say(customer, Subject.ANSWER, "Yes, with pleasure.")

    async with mailing():
        await notify.answer(customer, question, answer)
        await until("both mails arrived", lambda: len(mail.to(customer.email)) == 2)

    [received] = [each for each in mail.to(customer.email) if each["Subject"] == "We have answered your question"]
    text = _text(received)
    assert "18 ct yellow gold (750)" in text
    assert "> Could it be matt?" in text
    assert "> Yes, with pleasure." in text
    assert "For ever" not in text, "what people typed freely is not in the name of a piece"


async def test_a_mail_is_in_the_language_of_its_reader(notify: Notify, mail: MailServer, mailing: Mailing) -> None:
    customer = await notify.submit()
    await notify.know(customer, language="de")

    async with mailing():
        await until("the mail arrived", lambda: len(mail.to(customer.email)) == 1)

    [received] = mail.to(customer.email)
    assert received["Subject"] == "Ihre Anfrage ist bei uns"
    assert received["Content-Language"] == "de"


async def test_an_erased_text_is_not_quoted(alone: Notify) -> None:
    customer = await _with_brief(alone)
    answer = await alone.say(customer, Subject.ANSWER, "Yes, with pleasure.")

    await alone.do(lambda tx: actions.erase_text(tx, answer))

    assert not await alone.holds("Yes, with pleasure.")


async def test_an_erased_brief_is_forgotten(alone: Notify) -> None:
    customer = await _with_brief(alone)

    await alone.do(lambda tx: actions.erase_brief(tx, customer.commission))

    assert not await alone.holds("gold_750_yellow", table="brief")


@pytest.mark.parametrize("subject", [Subject.MESSAGE, Subject.REASON, Subject.NOTE])
async def test_only_what_mails_quote_is_kept(alone: Notify, subject: Subject) -> None:
    customer = await alone.submit()

    await alone.say(customer, subject, "For nobody else.")

    assert not await alone.holds("For nobody else.")


async def _with_brief(notify: Notify) -> Customer:
    customer = await notify.submit()
    await notify.know(customer)
    await notify.brief(customer)
    return customer


def _text(received: EmailMessage) -> str:
    plain = received.get_body(("plain",))
    assert plain
    return " ".join(str(plain.get_content()).split())
