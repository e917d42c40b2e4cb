"""Somebody's ways in have changed: they are told at once, once, and not if they are gone."""

from datetime import datetime, time, timedelta
from functools import partial

import pytest

from services.notify import actions
from services.notify.domain.mails import MailState, OutgoingMail
from services.notify.domain.person_mails import request_of
from services.notify.domain.preferences import Preferences, QuietHours
from shared.auth.roles import Caller
from shared.contracts.access import AccessEnded, SignInChange, SignInChanged
from shared.contracts.people import Role
from shared.kernel.ids import new_id
from tests.support.notify import Customer, Notify


@pytest.mark.parametrize("change", SignInChange)
async def test_a_change_is_told_once_at_once_and_with_its_time_whatever_the_quiet_hours(
    notify: Notify, change: SignInChange
) -> None:
    somebody = await known(notify)
    caller, always = Caller(somebody.person, Role.OPS, new_id()), QuietHours(time(0), time(23, 59))
    await notify.do(lambda tx: actions.choose(tx, caller, Preferences(quiet=always)))
    changed = a_change(somebody, notify.now(), change)

    for _ in range(2):
        await notify.do(lambda tx: actions.tell_person(tx, changed, 1, notify.now()))
    sent = await delivered(notify, somebody)

    intent = request_of(changed, 1).intent
    assert [(each.person, each.intent, each.happened_at) for each in sent] == [(somebody.person, intent, changed.at)]


async def test_two_changes_of_one_kind_are_two_mails(notify: Notify) -> None:
    somebody = await known(notify)

    for version in (1, 2):
        told = partial(actions.tell_person, said=a_change(somebody, notify.now()), version=version, now=notify.now())
        await notify.do(told)

    assert len(await delivered(notify, somebody)) == 2


async def test_who_was_erased_is_told_nothing(notify: Notify) -> None:
    somebody = await known(notify)
    changed = a_change(somebody, notify.now())
    await notify.do(lambda tx: actions.tell_person(tx, changed, 1, notify.now()))

    await notify.erase(somebody)

    assert await delivered(notify, somebody) == []
    assert await notify.states(somebody) == [MailState.REDACTED]


async def test_whose_access_has_ended_is_told_nothing(notify: Notify) -> None:
    somebody = await known(notify)
    changed = a_change(somebody, notify.now())
    await notify.do(lambda tx: actions.tell_person(tx, changed, 1, notify.now()))

    ended = AccessEnded(at=notify.now(), person=somebody.person, role=Role.OPS, by=new_id())
    await notify.do(lambda tx: actions.end_access(tx, ended))

    assert await delivered(notify, somebody) == []
    assert await notify.states(somebody) == [MailState.OVERTAKEN]


async def test_a_change_of_long_ago_is_told_to_nobody(notify: Notify) -> None:
    somebody = await known(notify)
    changed = a_change(somebody, notify.now() - timedelta(days=30))

    await notify.do(lambda tx: actions.tell_person(tx, changed, 1, notify.now()))

    assert await delivered(notify, somebody) == []


async def known(notify: Notify) -> Customer:
    """Somebody of the studio."""
    somebody = Customer(new_id(), new_id())
    await notify.know(somebody, role=Role.OPS)
    return somebody


async def delivered(notify: Notify, somebody: Customer) -> list[OutgoingMail]:
    """What leaves now for this person."""
    return [each for each in await notify.deliver() if each.person == somebody.person]


def a_change(somebody: Customer, at: datetime, change: SignInChange = SignInChange.RECOVERY_CODE_USED) -> SignInChanged:
    return SignInChanged(at=at, person=somebody.person, change_id=new_id(), change=change)
