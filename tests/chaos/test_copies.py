"""Two copies of each service, of which one comes and goes while lives are lived: they end as with one of each."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module
from uuid import UUID

import pytest

from deploy.local.plan import SERVICES
from tests.chaos.lives import (
    LIVES,
    Left,
    assert_each_mail_came_once,
    assert_ended_alike,
    lived,
    settled,
    what_is_left,
)
from tests.support.service import running
from tests.support.studio import Studio

COPIES = (2, 3)
"""The numbers of those that come one after the other: each is a new member of the groups. The first one is killed."""


@pytest.mark.timeout(600)
async def test_lives_end_the_same_while_second_copies_of_all_services_come_and_go(
    studio: Studio, undisturbed: Mapping[str, Left]
) -> None:
    """Each inbox gives half of its partitions to a new copy, which is then killed, or stopped."""
    commissions: list[UUID] = []

    async with asyncio.TaskGroup() as tasks:
        come_and_go = tasks.create_task(others_come_and_go(studio))
        while not come_and_go.done():
            commissions.append(await lived(studio, studio.demo(), "completed", LIVES["completed"]))

    await settled(studio)
    for commission in commissions:
        assert_ended_alike(await what_is_left(studio, commission), undisturbed["completed"])
    await assert_each_mail_came_once(studio)
    for service in studio.dsn:
        assert await studio.rows(service, "SELECT * FROM parked") == [], f"{service} parked something"


async def others_come_and_go(studio: Studio) -> None:
    for number in COPIES:
        async with another_of_each(studio, number, is_killed=number == COPIES[0]):
            pass


@asynccontextmanager
async def another_of_each(studio: Studio, number: int, *, is_killed: bool) -> AsyncIterator[None]:
    """Another process of each service, with its share of all inboxes, and of commands and the relay's stand-by."""
    async with AsyncExitStack() as stack:
        copies = {}
        for service in SERVICES:
            own = {"PORT": "0", "INSTANCE": f"{service}-{number}", "ROLES": "inbox,relay,worker"}
            environment = studio.environments[service] | {f"TOUCHMARK_{name}": value for name, value in own.items()}
            copies[service] = await stack.enter_async_context(running(f"services.{service}.main:build", environment))
        for service, copy in copies.items():
            for inbox in import_module(f"services.{service}.main").INBOXES:
                await copy.logged("inbox_reads", within=90, inbox=inbox.name)
        yield
        for copy in copies.values():
            if is_killed:
                copy.kill()
            else:
                assert await copy.stop() == 0
