"""All of notify in its own process on the real engines: facts in, one mail each, facts out."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.contracts.commissions import CommissionConfirmed, MessageSent
from shared.contracts.fact import Topic
from shared.contracts.lifecycle import Phase
from shared.contracts.notifications import MailSent
from shared.contracts.people import PersonRecorded, Role
from shared.contracts.production import PromiseHeld
from shared.contracts.quotes import QuestionAnswered
from shared.contracts.texts import Subject
from shared.kafka import headers
from shared.kafka.connection import Kafka
from shared.kernel.ids import new_id
from shared.runtime import tracing
from tests.conftest import MakeDatabase
from tests.support.kafka import TestTopics, as_record, as_tombstone
from tests.support.mail_facts import MailFacts
from tests.support.mail_server import MailServer
from tests.support.notify import Customer, Notify, brief, opened, text
from tests.support.service import running, settings
from tests.support.waiting import until

NOTIFY = "services.notify.main:build"


@pytest.fixture
async def topics(kafka: Kafka, prefix: str) -> TestTopics:
    made = TestTopics(kafka, prefix)
    await made.make(*(topic for topic in Topic if topic is not Topic.NOTIFICATIONS))
    return made


@pytest.fixture
async def notify(make_database: MakeDatabase, topics: TestTopics, mail: MailServer) -> AsyncIterator[Notify]:
    """Notify in a process of its own with all roles, and its database."""
    async with opened(make_database) as doors:
        environment = settings(
            database=doors.dsn,
            kafka=topics.kafka,
            prefix=topics.prefix,
            smtp=mail.address,
            message_gather="0",
            mail_complete_within="5",
        )
        async with running(NOTIFY, environment) as process:
            await process.ready()
            yield doors


async def test_a_mailer_does_not_look_for_temporal(make_database: MakeDatabase, mail: MailServer) -> None:
    async with opened(make_database) as doors:
        environment = settings(database=doors.dsn, smtp=mail.address, roles="worker")
        async with running(NOTIFY, environment) as process:
            await process.ready()
            parts = (await process.health()).json()["parts"]

    assert "loop mailer 1" in parts
    assert "temporal" not in parts


def submitted(customer: Customer) -> CommissionConfirmed:
    return CommissionConfirmed(
        at=datetime.now(UTC),
        commission=customer.commission,
        customer=customer.person,
        craft="jewellery",
        offering="engraved-ring",
        offering_version=1,
        offering_sha256="0" * 64,
        brief_version=1,
    )


def recorded(customer: Customer) -> PersonRecorded:
    return PersonRecorded(
        at=datetime.now(UTC), person=customer.person, role=Role.CUSTOMER, name="Ada Lovelace", email=customer.email
    )


async def test_a_commission_and_its_person_become_one_mail_and_one_fact(
    notify: Notify, topics: TestTopics, mail: MailServer
) -> None:
    """The commission comes before its person: the topics keep no order between them."""
    customer = Customer(new_id(), new_id())

    await topics.put(Topic.COMMISSIONS, as_record(submitted(customer), 1), as_record(submitted(customer), 1))
    await until("the mail waits for its address", lambda: notify.has_mail(customer), within=30)
    await topics.put(Topic.PEOPLE, as_record(recorded(customer), 1))

    [sent] = await topics.shows(Topic.NOTIFICATIONS, 1, within=30)
    assert (sent.key, sent.version, sent.type) == (customer.commission, 1, MailSent.type())
    assert len(mail.to(customer.email)) == 1


@pytest.mark.usefixtures("notify")
async def test_a_message_and_an_answer_reach_whom_they_concern(topics: TestTopics, mail: MailServer) -> None:
    customer = Customer(new_id(), new_id())
    maker = Customer(new_id(), customer.commission)
    now = datetime.now(UTC)
    of: dict[str, Any] = {"at": now, "commission": customer.commission}
    message = MessageSent(**of, message=new_id(), author=customer.person, author_role=Role.CUSTOMER)
    held = PromiseHeld(
        **of, promise=new_id(), maker=maker.person, ready_by=now.date(), ready_by_p50=now.date(), held_until=now
    )
    answer = text(customer, Subject.ANSWER, "Yes, with pleasure.")
    answered = QuestionAnswered(**of, quote=new_id(), question=new_id(), answer=answer.text, open=0)

    for person in (customer, maker):
        await topics.put(Topic.PEOPLE, as_record(recorded(person), 1))
    await topics.put(Topic.COMMISSIONS, as_record(submitted(customer), 1), as_record(message, 2), as_record(message, 2))
    await topics.put(Topic.PRODUCTION, as_record(held, 1))
    await topics.put(Topic.QUOTES, as_record(answered, 1), as_record(answered, 1))
    await topics.put(Topic.BRIEFS, as_record(brief(customer), 1))
    await topics.put(Topic.TEXTS, as_record(answer, 1))

    await topics.shows(Topic.NOTIFICATIONS, 3, within=30)
    assert [received["Subject"] for received in mail.to(maker.email)] == ["You have a new message"]
    received = {each["Subject"]: each.get_body(("plain",)) for each in mail.to(customer.email)}
    assert sorted(received) == ["We have answered your question", "We have your request"]
    answering = received["We have answered your question"]
    assert answering
    words = " ".join(answering.get_content().split())
    assert "> Yes, with pleasure." in words
    assert "18 ct yellow gold (750)" in words


async def test_a_mail_goes_on_with_the_trace_of_what_caused_it(notify: Notify, topics: TestTopics) -> None:
    customer = Customer(new_id(), new_id())
    trace = tracing.make()
    cause = as_record(submitted(customer), 1).having(headers.TRACEPARENT, trace.encode())

    await topics.put(Topic.COMMISSIONS, cause)
    await until("the mail waits for its address", lambda: notify.has_mail(customer), within=30)
    await topics.put(Topic.PEOPLE, as_record(recorded(customer), 1))

    [sent] = await topics.shows(Topic.NOTIFICATIONS, 1, within=30)
    assert tracing.trace_id(sent.headers[headers.TRACEPARENT]) == tracing.trace_id(trace)


@pytest.mark.usefixtures("notify")
async def test_a_reminder_waits_for_the_amount_that_another_topic_has(topics: TestTopics, mail: MailServer) -> None:
    customer = Customer(new_id(), new_id())
    facts = MailFacts(customer.commission, customer.person)
    await topics.put(Topic.PEOPLE, as_record(recorded(customer), 1))
    await topics.put(Topic.BRIEFS, as_record(brief(customer), 1))
    await topics.put(Topic.COMMISSIONS, as_record(facts.submitted(), 1))

    await topics.put(Topic.LIFECYCLE, as_record(facts.reminded(Phase.DEPOSIT), 1))
    await topics.shows(Topic.NOTIFICATIONS, 1, within=30)
    early = len(mail.to(customer.email))
    await topics.put(Topic.PAYMENTS, as_record(facts.invoiced(due_on=facts.at.date()), 1))

    await topics.shows(Topic.NOTIFICATIONS, 3, within=30)
    words = [part.get_content() for each in mail.to(customer.email)[1:] if (part := each.get_body(("plain",)))]
    assert early == 1
    assert ["€420.00" in each for each in words] == [True, True]


async def test_a_tombstone_erases_a_person(notify: Notify, topics: TestTopics) -> None:
    customer = Customer(new_id(), new_id())
    await topics.put(Topic.PEOPLE, as_record(recorded(customer), 1))
    await until("the person is known", lambda: notify.knows(customer), within=30)

    await topics.put(Topic.PEOPLE, as_tombstone(Topic.PEOPLE, customer.person, 2))

    await until("the person is forgotten", lambda: notify.has_forgotten(customer), within=30)
