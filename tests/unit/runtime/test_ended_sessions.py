"""The sessions that were ended, as a process remembers them."""

import asyncio
from datetime import timedelta

import pytest

from shared.auth.ended_sessions import REMEMBERED, EndedSessions
from shared.kernel.ids import new_id
from tests.support.web import NOW


def test_a_session_that_was_ended_is_known_until_its_tokens_are_over() -> None:
    ended, session = EndedSessions(), new_id()

    ended.add(session, NOW, NOW)

    assert session in ended
    assert new_id() not in ended


def test_what_no_token_can_be_of_is_forgotten() -> None:
    ended, session = EndedSessions(), new_id()
    ended.add(session, NOW, NOW)

    ended.add(new_id(), NOW + REMEMBERED, NOW + REMEMBERED)
    ended.add(new_id(), NOW - timedelta(days=1), NOW + REMEMBERED)

    assert session not in ended
    assert len(ended) == 1


async def test_who_waits_for_the_end_of_a_session_is_told() -> None:
    ended, session, other = EndedSessions(), new_id(), new_id()
    waiting = asyncio.create_task(ended.until_ended(session))
    longer = asyncio.create_task(ended.until_ended(other))
    await asyncio.sleep(0)

    ended.add(session, NOW, NOW)

    await asyncio.wait_for(waiting, 5)
    assert not longer.done()
    longer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await longer
