"""`touchmark parked` in a process of its own, on a service's database."""

import asyncio
import sys
from uuid import UUID

import pytest

from shared.contracts.fact import Topic
from shared.inbox import Inbox
from tests.support.kafka import as_record
from tests.support.kernel import Listener, withdrawn

pytestmark = pytest.mark.usefixtures("topics")


async def touchmark(dsn: str, *arguments: str) -> tuple[int, str]:
    """Run the command; its exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "deploy.cli.main", "parked", *arguments),
        env={"TOUCHMARK_DATABASE": dsn, "COLUMNS": "400", "HOME": "/", "USER": "ada"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_parked_records_are_listed_replayed_and_dropped_in_order(
    dsn: str, listener: Listener, commission: UUID
) -> None:
    inbox = Inbox("listener", Topic.COMMISSIONS)
    inbox.handler(listener.handle)
    listener.fails |= {1: ValueError("no price"), 3: ValueError("nonsense")}
    await listener.topics.put(
        Topic.COMMISSIONS, *(as_record(withdrawn(commission), version) for version in (1, 2, 3, 4))
    )

    async with listener.on(inbox):
        await listener.parks((1, "failed"), (2, "behind"), (3, "behind"), (4, "behind"))
        code, said = await touchmark(dsn, "list", "quotes")
        assert code == 0
        assert [text in said for text in (str(commission), "ValueError: no price", "behind")] == [True, True, True]

        code, said = await touchmark(dsn, "replay", "quotes", "2", "--note", "why not")
        assert (code, said) == (1, "quotes: record 1 of the same key comes first. Replay or drop that one first.\n")

        del listener.fails[1]
        code, _ = await touchmark(dsn, "replay", "quotes", "1", "--note", "there is a price now")
        assert code == 0
        await listener.parks((3, "failed"), (4, "behind"))
        code, _ = await touchmark(dsn, "drop", "quotes", "3", "--note", "a mistake")
        assert code == 0
        await listener.handled(commission, 1, 2, 4)

    assert (await touchmark(dsn, "list", "quotes"))[1] == "Nothing is parked.\n"
    async with listener.database.statement() as tx:
        decided = await tx.connection.fetchrow("SELECT decided_by, decision_note FROM parked WHERE version = 3")
    assert decided is not None
    assert tuple(decided) == ("ada", "a mistake")
