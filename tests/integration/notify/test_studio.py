"""What the studio is told: each of its people, as they wish; nothing that is settled by then, and nothing twice."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.notify import actions
from services.notify.domain.mails import AttemptOutcome, AttemptResult, MailState, QuietRules
from services.notify.domain.preferences import Preferences, QuietHours, Timing
from services.notify.main import web
from shared.auth.roles import Caller, Role
from shared.contracts.access import AccessEnded, LinkAsked, LinkPurpose
from shared.contracts.commissions import ChangeProposed, MessageSent, MessagesRead
from shared.contracts.lifecycle import CommissionEscalated, Escalation, Holder, Phase, PhaseEntered
from shared.contracts.notifications import Intent, MailFailed
from shared.contracts.quotes import QuestionAsked
from shared.kernel.ids import new_id
from tests.conftest import MakeDatabase
from tests.support.notify import AT_MOST_A_MINUTE, RETRY_POLICY, ZONE, Customer, Notify, kernel_of, opened
from tests.support.web import NOW, bearer, client_of, cookie

GATHER = QuietRules(timedelta(minutes=3), timedelta(hours=1))
DAY = 24 * 60


@pytest.fixture
async def post(make_database: MakeDatabase) -> AsyncIterator[Notify]:
    """A notify of its own: its studio has only the people that a test lets in."""
    async with opened(make_database) as found:
        yield found


async def colleague(post: Notify, role: Role = Role.OPS) -> Customer:
    somebody = Customer(new_id(), new_id())
    await post.know(somebody, role=role)
    return somebody


async def wishes(post: Notify, person: UUID, chosen: Preferences, role: Role = Role.OPS) -> None:
    await post.do(lambda tx: actions.choose(tx, Caller(person, role, new_id()), chosen))


async def told(post: Notify, *, at: float = 0) -> list[tuple[UUID, Intent]]:
    """Who is told what by all that leaves until then, without what customers are told."""
    sent = await post.deliver(at=at)
    return [(each.person, each.intent) for each in sent if each.intent.value.startswith("studio_")]


def message(customer: Customer, post: Notify, role: Role = Role.CUSTOMER) -> MessageSent:
    return MessageSent(
        at=post.now(), commission=customer.commission, message=new_id(), author=new_id(), author_role=role
    )


async def test_each_person_of_the_studio_is_told_once_and_nobody_else(post: Notify) -> None:
    first, second = await colleague(post), await colleague(post)
    await colleague(post, Role.MAKER)
    customer = await post.submit()
    await post.receives(post.facts_of(customer).submitted())

    assert sorted(await told(post)) == sorted([(each.person, Intent.STUDIO_REQUEST) for each in (first, second)])
    assert await told(post, at=DAY) == []


async def test_of_everything_that_concerns_it_the_studio_is_told(post: Notify) -> None:
    await colleague(post)
    customer = await post.submit()
    of: Any = {"at": post.now(), "commission": customer.commission}
    await post.receives(
        *(QuestionAsked(**of, quote=new_id(), question=new_id()), ChangeProposed(**of, proposal=new_id(), number=1)),
        message(customer, post),
        CommissionEscalated(**of, phase=Phase.MAKING, holder=Holder.MAKER, reason=Escalation.MAKER_SILENT, number=1),
        MailFailed(**of, mail=new_id(), person=customer.person, intent=Intent.QUOTE_READY),
    )

    assert {intent for _, intent in await told(post)} == {
        Intent.STUDIO_REQUEST,
        Intent.STUDIO_QUESTION,
        Intent.STUDIO_PROPOSAL,
        Intent.STUDIO_MESSAGE,
        Intent.STUDIO_ESCALATION,
        Intent.STUDIO_MAIL_FAILED,
    }


async def test_a_mail_to_the_studio_that_fails_makes_no_other(post: Notify) -> None:
    somebody = await colleague(post)
    customer = await post.submit()
    await told(post)
    failed = MailFailed(
        at=post.now(),
        commission=customer.commission,
        mail=new_id(),
        person=somebody.person,
        intent=Intent.STUDIO_MESSAGE,
    )
    await post.receives(failed)

    assert await told(post) == []


@pytest.mark.parametrize("by", ["read", "answered"])
async def test_a_message_that_is_read_or_answered_by_then_is_told_to_nobody(post: Notify, by: str) -> None:
    await colleague(post)
    customer = await post.submit()
    await told(post)
    sent = message(customer, post)
    await post.receives(sent, quiet=GATHER)
    later = sent.at + timedelta(seconds=30)
    if by == "read":
        await post.receives(
            MessagesRead(at=later, commission=sent.commission, person=new_id(), role=Role.OPS, until=sent.at)
        )
    else:
        await post.receives(message(customer, post, Role.OPS).model_copy(update={"at": later}), quiet=GATHER)

    assert Intent.STUDIO_MESSAGE not in {intent for _, intent in await told(post, at=5)}
    states = {mail.state for mail in await post.mails(customer, Intent.STUDIO_MESSAGE)}
    assert MailState.OVERTAKEN in states


@pytest.mark.parametrize("author", [Role.CUSTOMER, Role.MAKER])
async def test_a_message_that_joins_one_that_is_read_by_then_is_told(post: Notify, author: Role) -> None:
    somebody = await colleague(post)
    customer = await post.submit()
    await told(post)
    first = message(customer, post)
    second = message(customer, post, author).model_copy(update={"at": first.at + timedelta(minutes=1)})
    read = MessagesRead(
        at=first.at, commission=customer.commission, person=somebody.person, role=Role.OPS, until=first.at
    )
    await post.receives(first, read, second, quiet=GATHER)

    assert await told(post, at=5) == [(somebody.person, Intent.STUDIO_MESSAGE)]


async def test_a_message_about_a_request_that_nobody_confirmed_is_told_to_nobody(post: Notify) -> None:
    await colleague(post)
    stranger = Customer(new_id(), new_id())
    await post.receives(message(stranger, post))

    assert await told(post) == []
    assert (await post.the_mail(stranger, Intent.STUDIO_MESSAGE)).state is MailState.WAITING


async def test_several_messages_are_one_mail_to_each(post: Notify) -> None:
    people = {(await colleague(post)).person for _ in range(2)}
    customer = await post.submit()
    await told(post)
    for _ in range(3):
        await post.receives(message(customer, post), quiet=GATHER)

    assert {person for person, _ in await told(post, at=5)} == people
    assert len(await post.mails(customer, Intent.STUDIO_MESSAGE)) == len(people)


async def test_who_wishes_it_once_a_day_gets_one_mail_with_all_of_it(post: Notify) -> None:
    somebody = await colleague(post)
    chosen = {Intent.STUDIO_REQUEST: Timing.DAILY, Intent.STUDIO_MESSAGE: Timing.DAILY}
    await wishes(post, somebody.person, Preferences(chosen))
    customers = [await post.submit() for _ in range(2)]
    await post.receives(message(customers[0], post))
    early = await told(post)

    late = [each for each in await post.deliver(at=DAY + 1) if each.person == somebody.person]
    states = [(await post.the_mail(each, Intent.STUDIO_REQUEST)).state for each in customers]
    states.append((await post.the_mail(customers[0], Intent.STUDIO_MESSAGE)).state)

    assert early == []
    assert len(late) == 1
    assert [item.intent for item in late[0].items] == [
        Intent.STUDIO_REQUEST,
        Intent.STUDIO_REQUEST,
        Intent.STUDIO_MESSAGE,
    ]
    assert sorted(states) == [MailState.GATHERED, MailState.GATHERED, MailState.SENT]
    assert await told(post, at=3 * DAY) == []


@pytest.mark.parametrize("end", ["withdrawn", "refused"])
async def test_what_a_daily_mail_tells_of_besides_is_not_lost_where_it_ends_unsent(post: Notify, end: str) -> None:
    somebody = await colleague(post)
    await wishes(post, somebody.person, Preferences({Intent.STUDIO_REQUEST: Timing.DAILY}))
    customers = {each.commission: each for each in [await post.submit() for _ in range(2)]}
    now = post.now() + timedelta(minutes=DAY + 1)
    postponed, refused = AttemptResult(AttemptOutcome.POSTPONED, 450), AttemptResult(AttemptOutcome.REFUSED, 550)
    async with post.database.transaction() as tx:
        leased = await actions.lease_next(
            tx, lease=new_id(), now=now, duration=timedelta(minutes=1), waits=AT_MOST_A_MINUTE, zone=ZONE
        )
        assert leased
        result = refused if end == "refused" else postponed
        await actions.record_result(tx, leased, result, policy=RETRY_POLICY, now=now, jitter=0)
    carrier = customers.pop(leased.outgoing.commission)
    if end == "withdrawn":
        await post.receives(post.facts_of(carrier).withdrawn())

    later = [each for each in await post.deliver(at=3 * DAY) if each.person == somebody.person]

    assert len(leased.outgoing.items) == 2
    assert [[item.commission for item in each.items] for each in later] == [list(customers)]


async def test_whose_access_has_ended_is_told_nothing_until_they_are_given_it_again(post: Notify) -> None:
    gone, other = await colleague(post), await colleague(post)
    await wishes(post, gone.person, Preferences({Intent.STUDIO_REQUEST: Timing.DAILY}))
    early = await post.submit()
    await told(post)
    ended = AccessEnded(at=post.now(), person=gone.person, role=Role.OPS, by=other.person)
    await post.do(lambda tx: actions.end_access(tx, ended))
    await wishes(post, gone.person, Preferences({Intent.STUDIO_REQUEST: Timing.AT_ONCE}))
    await post.know(gone, role=Role.OPS)
    await post.submit()
    without = await told(post, at=2 * DAY)
    asked = LinkAsked(
        at=post.now(),
        person=gone.person,
        right=new_id(),
        purpose=LinkPurpose.NEW_ACCESS,
        until=post.now() + timedelta(days=7),
    )
    await post.do(lambda tx: actions.tell_person(tx, asked, 2, post.now()))
    await post.submit()

    assert without == [(other.person, Intent.STUDIO_REQUEST)]
    assert MailState.OVERTAKEN in {mail.state for mail in await post.mails(early, Intent.STUDIO_REQUEST)}
    assert {person for person, _ in await told(post, at=2 * DAY)} == {gone.person, other.person}


async def test_who_had_no_access_any_more_when_it_happened_is_not_told(post: Notify) -> None:
    """The end of the access may be read after what happened later."""
    gone, other = await colleague(post), await colleague(post)
    customer = Customer(new_id(), new_id())
    submitted = post.facts_of(customer).submitted()
    ended = AccessEnded(at=submitted.at - timedelta(minutes=1), person=gone.person, role=Role.OPS, by=other.person)
    await post.receives(submitted)
    await post.do(lambda tx: actions.end_access(tx, ended))

    assert await told(post) == [(other.person, Intent.STUDIO_REQUEST)]


async def test_a_new_colleague_is_not_told_of_what_happened_before(post: Notify) -> None:
    """A first backlog is read after everybody is known."""
    other, new = await colleague(post), Customer(new_id(), new_id())
    customer = Customer(new_id(), new_id())
    before, after = post.facts_of(customer).submitted(), post.facts_of(customer).submitted()
    question = QuestionAsked(at=after.at, commission=customer.commission, quote=new_id(), question=new_id())
    await post.know(new, role=Role.OPS, at=before.at + timedelta(milliseconds=1))
    await post.receives(before, question)

    assert sorted(await told(post)) == sorted(
        [
            (other.person, Intent.STUDIO_REQUEST),
            (other.person, Intent.STUDIO_QUESTION),
            (new.person, Intent.STUDIO_QUESTION),
        ]
    )


async def test_a_new_name_makes_nobody_a_new_colleague(post: Notify) -> None:
    somebody = await colleague(post)
    await post.know(somebody, role=Role.OPS, at=post.now() + timedelta(minutes=1))
    await post.submit()

    assert await told(post) == [(somebody.person, Intent.STUDIO_REQUEST)]


async def test_what_a_daily_mail_tells_of_happened_while_its_reader_had_access(post: Notify) -> None:
    somebody, other = await colleague(post), await colleague(post)
    await wishes(post, somebody.person, Preferences({Intent.STUDIO_REQUEST: Timing.DAILY}))
    early, between, late = [post.facts_of(Customer(new_id(), new_id())).submitted() for _ in range(3)]
    minute = timedelta(minutes=1)
    between = between.model_copy(update={"at": early.at + 2 * minute})
    late = late.model_copy(update={"at": early.at + 4 * minute})
    await post.receives(early, between, late)
    ended = AccessEnded(at=early.at + minute, person=somebody.person, role=Role.OPS, by=other.person)
    back = LinkAsked(
        at=early.at + 3 * minute, person=somebody.person, right=new_id(), purpose=LinkPurpose.NEW_ACCESS, until=NOW
    )
    await post.do(lambda tx: actions.end_access(tx, ended))
    await post.do(lambda tx: actions.tell_person(tx, back, 2, post.now()))

    [daily] = [each for each in await post.deliver(at=DAY + 1) if each.person == somebody.person and each.items]

    assert [each.commission for each in daily.items] == [early.commission, late.commission]


async def test_a_topic_that_is_read_again_tells_nobody_of_old_things(post: Notify) -> None:
    """Neither a new colleague nor one who did not wish to be told at the time."""
    tired = await colleague(post)
    await wishes(post, tired.person, Preferences({Intent.STUDIO_MESSAGE: Timing.NEVER}))
    customer = await post.submit()
    sent = message(customer, post)
    await post.receives(sent)
    await told(post)
    await colleague(post)
    await wishes(post, tired.person, Preferences({Intent.STUDIO_MESSAGE: Timing.AT_ONCE}))
    await post.receives(sent)

    assert await told(post, at=DAY) == []


async def test_who_wishes_not_to_be_told_is_not_and_the_others_are(post: Notify) -> None:
    tired, other = await colleague(post), await colleague(post)
    await wishes(post, tired.person, Preferences({Intent.STUDIO_REQUEST: Timing.NEVER}))
    await post.submit()

    assert await told(post, at=DAY) == [(other.person, Intent.STUDIO_REQUEST)]


async def test_in_quiet_hours_nothing_is_sent(post: Notify) -> None:
    somebody = await colleague(post)
    now = post.now().astimezone()
    begin, until = (now - timedelta(hours=14)).time(), (now + timedelta(hours=8)).time()
    await wishes(post, somebody.person, Preferences(quiet=QuietHours(time(begin.hour), time(until.hour))))
    await post.submit()

    assert await told(post) == []
    assert await told(post, at=DAY) == [(somebody.person, Intent.STUDIO_REQUEST)]


async def test_a_maker_hears_of_messages_as_they_wish(post: Notify) -> None:
    customer = await post.submit()
    maker = await post.name_maker(customer)
    await wishes(post, maker.person, Preferences({Intent.MESSAGE_RECEIVED: Timing.NEVER}), Role.MAKER)
    await post.receives(message(customer, post))
    silent = await post.mails(customer, Intent.MESSAGE_RECEIVED)
    await wishes(post, maker.person, Preferences({Intent.MESSAGE_RECEIVED: Timing.DAILY}), Role.MAKER)
    await post.receives(message(customer, post))
    (daily,) = await post.mails(customer, Intent.MESSAGE_RECEIVED)

    assert silent == []
    assert daily.person == maker.person
    assert daily.held_until


async def test_the_studio_is_told_before_something_lapses_through_its_silence(post: Notify) -> None:
    await colleague(post)
    customer, waiting = await post.submit(), await post.submit()
    await told(post)
    now = post.now()

    def desk(number: int, of: Customer, holder: Holder = Holder.STUDIO) -> PhaseEntered:
        due = now + timedelta(days=3)
        return PhaseEntered(
            at=now, commission=of.commission, number=number, phase=Phase.DESK, holder=holder, since=now, due=due
        )

    await post.receives(desk(1, customer), desk(1, waiting))
    early = await told(post, at=DAY)
    await post.receives(desk(2, customer, Holder.PROCESS))
    late = await told(post, at=2 * DAY + 1)

    assert early == []
    assert [intent for _, intent in late] == [Intent.STUDIO_LAPSING]
    assert (await post.the_mail(waiting, Intent.STUDIO_LAPSING)).state is MailState.SENT


async def test_an_erased_colleague_leaves_no_preferences(post: Notify) -> None:
    somebody = await colleague(post)
    chosen = Preferences({Intent.STUDIO_REQUEST: Timing.NEVER}, QuietHours(time(1), time(2)))
    await wishes(post, somebody.person, chosen)
    await post.erase(somebody)
    caller = Caller(somebody.person, Role.OPS, new_id())

    async with post.database.transaction() as tx:
        assert await actions.read_preferences(tx, caller) == Preferences({})


async def test_preferences_are_chosen_on_a_page_and_by_a_program(post: Notify) -> None:
    person, maker = new_id(), new_id()
    kernel = replace(kernel_of(post.dsn, post.database), clock=lambda: NOW)
    async with client_of(web(kernel)) as client:
        same_site = {"Sec-Fetch-Site": "same-origin"}
        page = "/mails/preferences"
        form = {"studio_message": "daily", "quiet_from": "20:00", "quiet_until": "07:30"}
        saved = await client.post(page, data=form, headers=cookie(Role.OPS, person) | same_site)
        shown = await client.get(page, headers=cookie(Role.OPS, person))
        half = await client.post(page, data={"quiet_from": "20:00"}, headers=cookie(Role.OPS, person) | same_site)
        api = "/api/v1/notify/preferences"
        read = (await client.get(api, headers=bearer(Role.OPS, person))).json()
        put: list[httpx.Response] = [
            await client.put(api, json=given, headers=bearer(Role.MAKER, maker))
            for given in ({"timings": {"message_received": "never"}}, {"timings": {"studio_request": "never"}})
        ]
        none = await client.get(api, headers=bearer(Role.CUSTOMER))

    assert (saved.status_code, saved.headers["location"]) == (303, f"{page}?saved=yes")
    assert '<option value="daily" selected>' in shown.text
    assert 'value="07:30"' in shown.text
    assert half.status_code == 422
    assert read["timings"]["studio_message"] == "daily"
    assert (read["timings"]["studio_request"], read["quiet_from"]) == ("at_once", "20:00:00")
    assert [answer.status_code for answer in put] == [200, 422]
    assert none.status_code == 403
