"""The studio is told that an event failed: each of its people as they wish, each failure once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.notify import actions
from services.notify.domain.mails import QuietRules
from services.notify.domain.preferences import MailTimes, Preferences, Timing
from services.notify.mails.links import path
from shared.auth.roles import Caller, Role
from shared.contracts.fact import Topic
from shared.contracts.failures import EventFailed
from shared.contracts.notifications import Intent
from shared.kernel.ids import new_id
from tests.conftest import MakeDatabase
from tests.support.notify import DAILY_AT, ZONE, Customer, Notify, opened

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


async def wishes(post: Notify, person: UUID, timing: Timing) -> None:
    chosen = Preferences({Intent.STUDIO_EVENT_FAILED: timing})
    await post.do(lambda tx: actions.choose(tx, Caller(person, Role.OPS, new_id()), chosen))


async def fails(post: Notify, version: int = 1) -> None:
    failed = EventFailed(at=post.now(), service="production", inbox="people", event_topic=Topic.PEOPLE)
    times = MailTimes(QuietRules(timedelta(), timedelta()), DAILY_AT, ZoneInfo(ZONE))
    await post.do(lambda tx: actions.tell_studio(tx, failed, version, times=times, now=post.now()))


async def test_of_a_failed_event_each_person_of_the_studio_is_told_as_they_wish(post: Notify) -> None:
    first, second, quiet = [await colleague(post) for _ in range(3)]
    await colleague(post, Role.MAKER)
    await wishes(post, second.person, Timing.DAILY)
    await wishes(post, quiet.person, Timing.NEVER)

    for _ in range(2):
        await fails(post)
    now = await post.deliver()
    await fails(post, version=2)
    again = await post.deliver()
    [daily] = await post.deliver(at=DAY)

    assert [(each.person, each.intent, path(each)) for each in now] == [
        (first.person, Intent.STUDIO_EVENT_FAILED, "/bench/failed-events")
    ]
    assert [each.person for each in again] == [first.person]
    failed = [now[0].failed, *(each.failed for each in daily.items)]
    assert [each and (each.service, each.event_topic, each.event_type) for each in failed] == [
        ("production", Topic.PEOPLE, None)
    ] * 3
    assert (daily.person, [each.intent for each in daily.items]) == (second.person, [Intent.STUDIO_EVENT_FAILED] * 2)
    assert path(daily) == "/ops"
    assert await post.deliver(at=3 * DAY) == []
