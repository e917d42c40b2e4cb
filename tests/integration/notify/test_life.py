"""One mail at each step that matters, to the person it concerns."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from services.notify import actions
from services.notify.domain.mails import Addressee, Mail, MailState, QuietRules, Waits
from shared.contracts.access import AccessEnded
from shared.contracts.lifecycle import Holder, Outcome, Phase
from shared.contracts.notifications import Intent
from shared.contracts.people import Role
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.postgres.database import Tx
from tests.integration.notify.conftest import Mailing
from tests.support.mail_facts import DEPOSIT, REFERENCE, REFUND, SERIAL, TRACKING, whole_life
from tests.support.mail_server import MailServer
from tests.support.notify import RETRY_POLICY, ZONE, Customer, Notify, opened
from tests.support.waiting import until

A_DAY = Waits(for_words=timedelta(0), for_facts=timedelta(days=1), in_order=timedelta(minutes=5))
ENDED: Final = (Outcome.LAPSED, Outcome.WITHDRAWN, Outcome.DECLINED, Outcome.REFUSED, Outcome.EXPIRED)
LIFE: Final = [
    Intent.REQUEST_RECEIVED,
    Intent.REQUEST_CHANGED,
    Intent.QUOTE_DRAFTED,
    Intent.QUOTE_READY,
    Intent.QUESTION_ANSWERED,
    Intent.CHANGE_REFUSED,
    Intent.QUOTE_REMINDER,
    Intent.QUOTE_READY,
    Intent.QUOTE_REMINDER,
    Intent.QUOTE_ACCEPTED,
    Intent.DEPOSIT_REMINDER,
    Intent.PAYMENT_RECEIVED,
    Intent.PAYMENT_REVERSED,
    Intent.DEPOSIT_REMINDER,
    Intent.PAYMENT_RECEIVED,
    Intent.MAKING_BEGINS,
    Intent.APPROVAL_ASKED,
    Intent.APPROVAL_REMINDER,
    Intent.MAKER_REMINDER,
    Intent.PIECE_DELAYED,
    Intent.CHANGE_ORDER_OFFERED,
    Intent.CHANGE_ORDER_APPLIED,
    Intent.CHANGE_ORDER_OFFERED,
    Intent.CHANGE_ORDER_ENDED,
    Intent.CANCELLATION_REFUSED,
    Intent.APPROVAL_ASKED,
    Intent.APPROVAL_ASKED,
    Intent.BALANCE_DUE,
    Intent.BALANCE_REMINDER,
    Intent.PAYMENT_RECEIVED,
    Intent.MAKER_REMINDER,
    Intent.ADDRESS_ASKED,
    Intent.DELIVERY_REMINDER,
    Intent.READY_FOR_PICKUP,
    Intent.DELIVERY_REMINDER,
    Intent.PARCEL_SENT,
    Intent.PARCEL_MISSED,
    Intent.PARCEL_CLAIMED,
    Intent.CERTIFICATE_READY,
    Intent.CLAIM_RECEIVED,
    Intent.CLAIM_ANSWERED,
]
QUIET = QuietRules(gather=timedelta(minutes=3), between=timedelta(hours=1))


@pytest.fixture
async def alone(make_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Notify]:
    """In a database of the test's own, so that the mails that are due are its own."""
    async with opened(make_database) as doors:
        yield doors


async def test_each_step_is_one_mail_however_often_its_fact_arrives(alone: Notify) -> None:
    customer = Customer(new_id(), new_id())
    facts = alone.facts_of(customer)
    await alone.know(customer)
    await alone.know(Customer(facts.maker, customer.commission), role=Role.MAKER)
    sent: list[Intent] = []

    for minute, fact in enumerate(life := whole_life(facts)):
        await alone.receives(fact, fact)
        sent += await alone.post(customer, at=minute, waits=A_DAY)
    await alone.receives(*life)

    assert sent == LIFE
    assert await alone.post(customer, at=600) == []
    assert await alone.facts(customer) == ["MailSent"] * len(LIFE)


@pytest.mark.parametrize(
    ("outcome", "refund", "intent"),
    [
        (Outcome.CANCELLED, REFUND, Intent.COMMISSION_CANCELLED),
        (Outcome.CANCELLED, None, Intent.COMMISSION_CANCELLED),
        *((outcome, None, Intent.COMMISSION_ENDED) for outcome in ENDED),
    ],
)
async def test_an_end_is_one_mail(alone: Notify, outcome: Outcome, refund: Money | None, intent: Intent) -> None:
    customer = await alone.submit()
    await alone.know(customer)
    await alone.post(customer)

    for _ in range(2):
        await alone.receives(alone.facts_of(customer).ended(outcome, refund))

    assert await alone.post(customer) == [intent]
    assert (await alone.the_mail(customer, intent)).details.amount == refund


async def test_each_mail_has_the_days_the_amounts_and_the_codes_of_its_facts(alone: Notify) -> None:
    customer = Customer(new_id(), new_id())
    facts = alone.facts_of(customer)
    await alone.know(customer)
    await alone.know(Customer(facts.maker, customer.commission), role=Role.MAKER)
    said: list[tuple[Intent, date | None, int | None, str | None]] = []
    today = facts.at.astimezone(ZoneInfo(ZONE)).date()

    for minute, fact in enumerate(whole_life(facts)):
        await alone.receives(fact)
        for outgoing in await alone.deliver(at=minute, waits=A_DAY):
            day, amount, code = outgoing.details.day, outgoing.details.amount, outgoing.details.code
            said.append((outgoing.intent, day, amount.minor if amount else None, code))

    in_9, in_19 = today + timedelta(days=9), today + timedelta(days=19)
    assert [each for each in said if each[1:] != (None, None, None)] == [
        (Intent.QUOTE_READY, in_19, 84_000, None),
        (Intent.QUOTE_REMINDER, in_9, 84_000, None),
        (Intent.QUOTE_READY, in_19, 90_000, None),
        (Intent.QUOTE_REMINDER, in_9, 90_000, None),
        (Intent.QUOTE_ACCEPTED, in_9, 42_000, "2027-deposit"),
        (Intent.DEPOSIT_REMINDER, in_9, 42_000, "2027-deposit"),
        (Intent.PAYMENT_RECEIVED, None, 42_000, None),
        (Intent.PAYMENT_REVERSED, None, 42_000, None),
        (Intent.DEPOSIT_REMINDER, in_9, 30_000, "2027-deposit"),
        (Intent.PAYMENT_RECEIVED, None, 42_000, None),
        (Intent.MAKING_BEGINS, date(2027, 5, 31), None, None),
        (Intent.PIECE_DELAYED, date(2027, 6, 10), None, None),
        (Intent.CHANGE_ORDER_OFFERED, today + timedelta(days=6), 84_000, None),
        (Intent.CHANGE_ORDER_APPLIED, None, 84_000, None),
        (Intent.CHANGE_ORDER_OFFERED, today + timedelta(days=6), 84_000, None),
        (Intent.BALANCE_DUE, None, 48_000, REFERENCE),
        (Intent.BALANCE_REMINDER, None, 48_000, REFERENCE),
        (Intent.PAYMENT_RECEIVED, None, 42_000, None),
        (Intent.PARCEL_SENT, None, None, TRACKING),
        (Intent.CERTIFICATE_READY, None, None, SERIAL),
        (Intent.CLAIM_RECEIVED, today + timedelta(days=6), None, None),
        (Intent.CLAIM_ANSWERED, None, 5_000, None),
    ]


async def test_a_mail_says_what_its_facts_say(notify: Notify, mail: MailServer, mailing: Mailing) -> None:
    customer = await notify.submit()
    await notify.know(customer)

    async with mailing():
        await notify.receives(notify.facts_of(customer).invoiced(left=DEPOSIT, due_on=date(2027, 5, 31)))
        await until("both mails arrived", lambda: len(mail.to(customer.email)) == 2)

    [received] = [each for each in mail.to(customer.email) if each["Subject"] == "Thank you for your order"]
    text = " ".join(_text(received).split())
    assert "€420.00" in text
    assert "Monday, 31 May 2027" in text
    assert "2027-deposit" in text


async def test_two_matters_of_one_intent_are_two_mails(alone: Notify) -> None:
    customer = await alone.submit()
    facts = alone.facts_of(customer)
    first, second = facts.approval_asked(), facts.approval_asked()

    await alone.receives(first, second, first)

    asked = await alone.mails(customer, Intent.APPROVAL_ASKED)
    assert {each.details.about for each in asked} == {first.approval, second.approval}
    assert len(asked) == 2


async def test_a_later_day_is_told_once_and_an_earlier_one_not_at_all(alone: Notify) -> None:
    customer = await alone.submit()
    await alone.know(customer)
    facts, booked = alone.facts_of(customer), date(2027, 5, 31)
    told: list[date | None] = []

    await alone.receives(facts.booked(booked))
    for before, ready_by in ((0, 60), (60, 60), (60, 50), (50, 60), (60, 70)):
        day, then = (booked + timedelta(days=days) for days in (ready_by, before))
        await alone.receives(facts.replanned(day, then))
        told += [each.details.day for each in await alone.deliver() if each.intent is Intent.PIECE_DELAYED]

    assert told == [booked + timedelta(days=60), booked + timedelta(days=70)]


async def test_days_that_change_before_the_mail_leaves_are_one_mail_with_the_newest(alone: Notify) -> None:
    customer = await alone.submit()
    await alone.know(customer)
    facts, booked = alone.facts_of(customer), date(2027, 5, 31)
    await alone.receives(facts.booked(booked))
    await alone.deliver()

    for before, ready_by in ((0, 14), (14, 20), (20, 12)):
        day, then = (booked + timedelta(days=days) for days in (ready_by, before))
        await alone.receives(facts.replanned(day, then))
    sent = await alone.deliver()

    assert [(each.intent, each.details.day) for each in sent] == [(Intent.PIECE_DELAYED, booked + timedelta(days=12))]


async def test_a_reminder_goes_to_the_maker_who_has_the_piece_now(alone: Notify) -> None:
    customer = await alone.submit()
    facts = alone.facts_of(customer)
    await alone.receives(facts.booked())
    facts.maker = new_id()
    await alone.know(Customer(facts.maker, customer.commission), role=Role.MAKER)

    await alone.receives(facts.replanned(date(2027, 5, 31)), facts.reminded(Phase.MAKING, Holder.MAKER))

    [sent] = await alone.deliver()
    assert (sent.intent, sent.person, sent.addressee) == (Intent.MAKER_REMINDER, facts.maker, Addressee.MAKER)


async def test_a_maker_whose_access_has_ended_is_told_nothing_of_the_pieces(alone: Notify) -> None:
    """Neither of what waits for them nor of a message; whoever has the piece after them is told again."""
    customer = await alone.submit()
    facts = alone.facts_of(customer)
    await alone.know(Customer(facts.maker, customer.commission), role=Role.MAKER)
    await alone.receives(facts.booked(), facts.reminded(Phase.MAKING, Holder.MAKER))
    await alone.write(customer, Role.CUSTOMER)
    ended = AccessEnded(at=alone.now(), person=facts.maker, role=Role.MAKER, by=new_id())
    await alone.do(lambda tx: actions.end_access(tx, ended))

    without = await alone.deliver(at=3600)
    facts.maker = new_id()
    await alone.know(Customer(facts.maker, customer.commission), role=Role.MAKER)
    await alone.receives(facts.replanned(date(2027, 5, 31)), facts.reminded(Phase.MAKING, Holder.MAKER))
    [after] = await alone.deliver(at=7200)

    assert without == []
    assert (after.intent, after.person) == (Intent.MAKER_REMINDER, facts.maker)


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
    await alone.receives(alone.facts_of(customer).handed_over())
    await alone.post(customer)
    before = (await alone.the_mail(customer, Intent.PARCEL_SENT)).details.code

    await alone.erase(customer)

    assert before == TRACKING
    assert (await alone.the_mail(customer, Intent.PARCEL_SENT)).details.code is None
    assert not await alone.holds(TRACKING, table="fact")


async def test_facts_that_come_before_it_is_known_that_they_are_of_an_erased_customer_are_forgotten(
    alone: Notify,
) -> None:
    """Where notify reads all topics anew, the customer may be erased before any fact names them."""
    customer = Customer(new_id(), new_id())
    facts = alone.facts_of(customer)
    submitted, handed_over, certified = facts.submitted(), facts.handed_over(), facts.certified()
    await alone.erase(customer)

    await alone.receives(handed_over)
    before = await alone.holds(TRACKING, table="fact")
    await alone.receives(submitted, certified)

    assert before
    assert not await alone.holds(str(customer.commission), table="fact")


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
