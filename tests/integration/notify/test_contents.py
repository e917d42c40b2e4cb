"""What a mail says comes from several topics: it waits for them, but not for long."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from email.message import EmailMessage
from functools import partial
from typing import Any

import pytest

from services.notify import actions
from services.notify.domain.mails import MailState, MailStatus, Waits, result_of_reply
from shared.contracts.fact import Topic
from shared.contracts.lifecycle import Phase
from shared.contracts.notifications import Intent
from shared.contracts.texts import Subject
from shared.kernel.ids import new_id
from shared.postgres.database import Committed
from tests.integration.notify.conftest import Mailing
from tests.support.mail_server import MailServer
from tests.support.notify import AT_MOST_A_MINUTE, RETRY_POLICY, ZONE, Customer, Notify, opened
from tests.support.waiting import until

A_MINUTE = Waits(for_words=timedelta(minutes=1), for_facts=timedelta(minutes=1), in_order=timedelta(minutes=1))


@pytest.fixture
async def alone(make_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Notify]:
    """In a database of the test's own, so that the mails that are due are its own."""
    async with opened(make_database) as doors:
        yield doors


async def test_a_mail_waits_for_the_brief_but_not_for_long(alone: Notify) -> None:
    customer = await alone.submit()
    await alone.know(customer)

    assert await alone.post(customer, waits=A_MINUTE) == []
    assert await alone.post(customer, at=2, waits=A_MINUTE) == [Intent.REQUEST_RECEIVED]


async def test_a_mail_goes_as_soon_as_the_brief_is_there(alone: Notify) -> None:
    customer = await alone.submit()
    await alone.know(customer)

    await alone.brief(customer)

    assert await alone.post(customer, waits=A_MINUTE) == [Intent.REQUEST_RECEIVED]


async def test_a_mail_waits_for_the_answer_that_it_quotes_but_not_for_long(alone: Notify) -> None:
    customer = await _with_brief(alone)
    await alone.answer(customer, new_id())

    assert await alone.post(customer, waits=A_MINUTE) == [Intent.REQUEST_RECEIVED]
    assert await alone.post(customer, at=2, waits=A_MINUTE) == [Intent.QUESTION_ANSWERED]


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


async def test_a_mail_waits_for_the_fact_that_it_needs_and_ops_see_that(alone: Notify) -> None:
    customer = await alone.submit()
    await alone.know(customer)
    await alone.post(customer)
    facts = alone.facts_of(customer)

    await alone.receives(facts.reminded(Phase.DEPOSIT))
    early = await alone.post(customer)
    waiting = await alone.the_mail(customer, Intent.DEPOSIT_REMINDER)
    await alone.receives(facts.invoiced(due_on=date(2027, 5, 31)))

    assert early == []
    assert (waiting.state, waiting.status) == (MailState.WAITING, MailStatus.WITHOUT_FACTS)
    assert await alone.post(customer, at=0.5) == [Intent.DEPOSIT_REMINDER, Intent.QUOTE_ACCEPTED]


async def test_a_mail_whose_facts_do_not_come_in_time_is_ended_in_sight_of_ops(alone: Notify) -> None:
    customer = await alone.submit()
    await alone.know(customer)
    await alone.post(customer)

    await alone.receives(alone.facts_of(customer).reminded(Phase.DEPOSIT))
    assert await alone.post(customer, at=2) == []

    ended = await alone.the_mail(customer, Intent.DEPOSIT_REMINDER)
    assert (ended.state, ended.status, ended.deliveries) == (MailState.INCOMPLETE, MailStatus.INCOMPLETE, ())
    assert await alone.facts(customer) == ["MailSent", "MailFailed"]


async def test_a_mail_that_is_no_longer_true_is_not_sent_and_the_log_says_so(alone: Notify) -> None:
    customer = await alone.submit()
    await alone.know(customer)
    facts = alone.facts_of(customer)
    await alone.receives(facts.sent(), facts.declined())

    assert await alone.post(customer) == [Intent.REQUEST_RECEIVED]

    dropped = await alone.the_mail(customer, Intent.QUOTE_READY)
    assert (dropped.state, dropped.status, dropped.deliveries) == (MailState.OVERTAKEN, MailStatus.OVERTAKEN, ())
    assert await alone.facts(customer) == ["MailSent"]


async def test_a_postponed_mail_that_is_overtaken_meanwhile_is_not_tried_again(alone: Notify) -> None:
    customer = await alone.submit()
    await alone.know(customer)
    await alone.post(customer)
    facts = alone.facts_of(customer)
    await alone.receives(facts.sent())
    terms: Any = {"duration": timedelta(minutes=1), "waits": AT_MOST_A_MINUTE, "zone": ZONE}
    async with alone.database.transaction() as tx:
        leased = await actions.lease_next(tx, lease=new_id(), now=alone.now(), **terms)
        assert leased
        postponed = result_of_reply(451)
        await actions.record_result(tx, leased, postponed, policy=RETRY_POLICY, now=alone.now(), jitter=0)

    await alone.receives(facts.accepted())

    assert await alone.post(customer, at=60) == []
    log = await alone.the_mail(customer, Intent.QUOTE_READY)
    assert (log.state, [each.smtp_code for each in log.deliveries]) == (MailState.OVERTAKEN, [451])


async def test_a_mail_that_was_sent_is_not_called_overtaken(alone: Notify) -> None:
    """The mail server took it, but that came to be known after its lease had passed."""
    customer = await alone.submit()
    await alone.know(customer)
    await alone.post(customer)
    facts = alone.facts_of(customer)
    await alone.receives(facts.sent())
    terms: Any = {"duration": timedelta(minutes=1), "waits": AT_MOST_A_MINUTE, "zone": ZONE}
    async with alone.database.transaction() as tx:
        leased = await actions.lease_next(tx, lease=new_id(), now=alone.now(), **terms)
        assert leased

    await alone.receives(facts.accepted())
    await alone.post(customer, at=2)
    overtaken = await alone.the_mail(customer, Intent.QUOTE_READY)
    async with alone.database.transaction() as tx:
        accepted = result_of_reply(250)
        await actions.record_result(tx, leased, accepted, policy=RETRY_POLICY, now=alone.now(), jitter=0)

    assert overtaken.state is MailState.OVERTAKEN
    assert (await alone.the_mail(customer, Intent.QUOTE_READY)).state is MailState.SENT
    assert await alone.facts(customer) == ["MailSent", "MailSent"]


async def test_mails_leave_in_the_order_of_what_happened(alone: Notify) -> None:
    customer = Customer(new_id(), new_id())
    await alone.know(customer)
    facts = alone.facts_of(customer)
    submitted, drafted = facts.submitted(), facts.drafted()

    await alone.receives(drafted, submitted)

    assert await alone.post(customer) == [Intent.REQUEST_RECEIVED, Intent.QUOTE_DRAFTED]


async def test_a_mail_whose_facts_never_come_holds_the_others_for_minutes_only(alone: Notify) -> None:
    customer = await alone.submit()
    await alone.know(customer)
    await alone.post(customer)
    facts = alone.facts_of(customer)
    await alone.receives(facts.reminded(Phase.DEPOSIT), facts.answered())
    waits = Waits(for_words=timedelta(0), for_facts=timedelta(days=1), in_order=timedelta(minutes=5))

    early = await alone.post(customer, at=4, waits=waits)
    late = await alone.post(customer, at=6, waits=waits)
    await alone.receives(facts.invoiced())
    last = await alone.post(customer, at=8, waits=waits)

    assert (early, late) == ([], [Intent.QUESTION_ANSWERED])
    assert last == [Intent.DEPOSIT_REMINDER]


async def test_a_backlog_of_untrue_mails_is_worked_off_in_several_transactions(alone: Notify) -> None:
    """One that went through all of them would be ended by its time limit, and begin again for ever."""
    customer = await alone.submit()
    await alone.know(customer)
    await alone.post(customer)
    facts = alone.facts_of(customer)
    await alone.receives(*(facts.sent(version) for version in range(1, 102)), facts.accepted())
    woken: list[bool] = []
    alone.database.on_commit(lambda committed: woken.append(actions.MAILS in committed.touched))

    waiting = [await _waiting_after_a_look(alone, customer) for _ in range(2)]

    assert waiting == [1, 0]
    assert woken == [True, False]


async def test_a_mail_that_was_held_for_days_is_tried_more_than_once(alone: Notify) -> None:
    """A server that greylists postpones whatever it sees first."""
    customer = await alone.submit()
    await alone.know(customer)
    days_later = alone.now() + timedelta(days=4)
    states = []

    for now in (days_later, days_later + timedelta(days=4)):
        async with alone.database.transaction() as tx:
            terms: Any = {"duration": timedelta(minutes=1), "waits": AT_MOST_A_MINUTE, "zone": ZONE}
            leased = await actions.lease_next(tx, lease=new_id(), now=now, **terms)
            assert leased
            postponed = result_of_reply(451)
            states.append(await actions.record_result(tx, leased, postponed, policy=RETRY_POLICY, now=now, jitter=0))

    assert states == [MailState.WAITING, MailState.GIVEN_UP]


async def test_a_failed_event_holds_the_mails_of_its_commission(alone: Notify) -> None:
    """What it says may make them untrue."""
    customer, other = await alone.submit(), await alone.submit()
    await alone.know(customer)
    await alone.know(other)
    await alone.parks(customer)

    early = await alone.deliver()
    held = await alone.the_mail(customer)
    await alone.unparks(customer)

    assert [each.commission for each in early] == [other.commission]
    assert (held.state, held.status) == (MailState.WAITING, MailStatus.BEHIND_FAILED_EVENT)
    assert await alone.post(customer) == [Intent.REQUEST_RECEIVED]


async def test_the_log_of_mails_changes_with_a_failed_event_and_with_what_is_decided_about_it(alone: Notify) -> None:
    """The page says that the mails wait for it, and follows the revision."""
    customer = await alone.submit()
    seen: list[str] = []

    async def look() -> None:
        async with alone.database.transaction() as tx:
            seen.append(await actions.log_revision(tx, customer.commission))

    for step in (look(), look(), alone.parks(customer), look(), alone.unparks(customer), look()):
        await step

    quiet, still, parked, decided = seen
    assert quiet == still == decided != parked


async def test_a_fact_that_completes_a_mail_lets_it_leave_at_once(alone: Notify) -> None:
    """The mailer, which looks at an incomplete one ever more rarely, is woken."""
    customer, minutes = await alone.submit(), 10
    facts = alone.facts_of(customer)
    await alone.know(customer)
    await alone.receives(facts.reminded(Phase.DEPOSIT))
    waits = Waits(for_words=timedelta(0), for_facts=timedelta(days=1), in_order=timedelta(days=1))
    early = await alone.post(customer, at=minutes, waits=waits)
    woken: list[Committed] = []
    alone.database.on_commit(woken.append)

    await alone.receives(facts.invoiced(), now=alone.now() + timedelta(minutes=minutes))

    sent = await alone.post(customer, at=minutes, waits=waits)
    assert Intent.DEPOSIT_REMINDER not in early
    assert Intent.DEPOSIT_REMINDER in sent
    assert actions.MAILS in woken[0].touched


async def test_nothing_older_than_the_first_start_is_mailed(alone: Notify) -> None:
    customer = Customer(new_id(), new_id())
    await alone.know(customer)
    facts = alone.facts_of(customer)
    submitted, drafted = facts.submitted(), facts.drafted()
    for look_back in (timedelta(0), timedelta(days=1)):
        start = partial(actions.start_reading, topics=[*Topic], look_back=look_back, now=drafted.at)
        await alone.do(start)

    await alone.receives(submitted, drafted)

    assert await alone.post(customer) == [Intent.QUOTE_DRAFTED]


async def _waiting_after_a_look(notify: Notify, customer: Customer) -> int:
    """How many mails of the customer's commission wait after the mailer has looked once, and sent none."""
    terms: Any = {"duration": timedelta(minutes=1), "waits": AT_MOST_A_MINUTE, "zone": ZONE}
    async with notify.database.transaction() as tx:
        assert await actions.lease_next(tx, lease=new_id(), now=notify.now(), **terms) is None
    async with notify.database.statement() as tx:
        count = "SELECT count(*) FROM mail WHERE commission = $1 AND state = 'waiting'"
        waiting: int = await tx.connection.fetchval(count, customer.commission)
    return waiting


async def _with_brief(notify: Notify) -> Customer:
    customer = await notify.submit()
    await notify.know(customer)
    await notify.brief(customer)
    return customer


def _text(received: EmailMessage) -> str:
    plain = received.get_body(("plain",))
    assert plain
    return " ".join(str(plain.get_content()).split())
