"""The studio is told of pieces that are left, and of money that matches nothing: as each of its people wishes."""

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
from shared.contracts.access import AccessEnded
from shared.contracts.failures import PaymentUnmatched
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
    chosen = Preferences({Intent.STUDIO_PIECES_LEFT: timing})
    await post.do(lambda tx: actions.choose(tx, Caller(person, Role.OPS, new_id()), chosen))


async def ends(post: Notify, whom: Customer, *pieces: UUID) -> None:
    ended = AccessEnded(at=post.now(), person=whom.person, role=Role.MAKER, by=new_id(), pieces=pieces)
    times = MailTimes(QuietRules(timedelta(), timedelta()), DAILY_AT, ZoneInfo(ZONE))
    await post.do(lambda tx: actions.tell_studio(tx, ended, 1, times=times, now=post.now()))


async def test_each_person_of_the_studio_is_told_as_they_wish_and_once(post: Notify) -> None:
    first, second, quiet = [await colleague(post) for _ in range(3)]
    bo = await colleague(post, Role.MAKER)
    await wishes(post, second.person, Timing.DAILY)
    await wishes(post, quiet.person, Timing.NEVER)

    for _ in range(2):
        await ends(post, bo, new_id(), new_id())
    now = await post.deliver()
    [daily] = await post.deliver(at=DAY)

    assert [(each.person, each.intent, path(each)) for each in now] == [
        (first.person, Intent.STUDIO_PIECES_LEFT, f"/people/{bo.person}/end-access")
    ]
    assert (daily.person, daily.intent) == (second.person, Intent.STUDIO_PIECES_LEFT)
    assert await post.deliver(at=3 * DAY) == []


async def test_where_nothing_is_left_nobody_is_told(post: Notify) -> None:
    await colleague(post)

    await ends(post, await colleague(post, Role.MAKER))

    assert await post.deliver() == []


async def test_money_that_matches_nothing_is_told_once_with_where_it_waits(post: Notify) -> None:
    first = await colleague(post)
    unmatched = PaymentUnmatched(at=post.now(), payment=new_id())
    times = MailTimes(QuietRules(timedelta(), timedelta()), DAILY_AT, ZoneInfo(ZONE))

    for _ in range(2):
        await post.do(lambda tx: actions.tell_studio(tx, unmatched, 1, times=times, now=post.now()))
    told = await post.deliver()

    assert [(each.person, each.intent, path(each)) for each in told] == [
        (first.person, Intent.STUDIO_UNMATCHED, "/quotes/payments")
    ]
