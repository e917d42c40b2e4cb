"""Whatever overlaps in PostgreSQL: each stream reaches Kafka in the order of its versions, each version once."""

import asyncio
import random
from collections import defaultdict
from uuid import UUID, uuid4

from shared import outbox
from shared.contracts.fact import Topic
from shared.postgres.database import Database
from tests.support.kafka import TestTopics
from tests.support.kernel import commit_facts, outbox_is_empty, relaying, withdrawn


async def test_an_inbox_that_wrote_first_and_locked_last_comes_last(
    database: Database, topics: TestTopics, commission: UUID
) -> None:
    """The inbox's transaction has the lower transaction id, and its fact the higher version; an older one is open."""
    await commit_facts(database, [withdrawn(commission) for _ in range(4)])
    older = await database.connect()
    await older.execute("BEGIN")
    await older.execute("INSERT INTO effect (key, version, said) VALUES (gen_random_uuid(), 0, 'older')")

    async with relaying(database, topics):
        async with database.transaction() as inbox:
            await inbox.connection.execute(
                "INSERT INTO effect (key, version, said) VALUES ($1, 0, 'inbox')", commission
            )
            assert await commit_facts(database, [withdrawn(commission)]) == (5,)
            assert [seen.version for seen in await topics.shows(Topic.COMMISSIONS, 5)] == [1, 2, 3, 4, 5]
            assert await outbox.publish(inbox, [withdrawn(commission)]) == (6,)
        await outbox_is_empty(database)

    assert [seen.version for seen in await topics.all(Topic.COMMISSIONS)] == [1, 2, 3, 4, 5, 6]
    await older.execute("ROLLBACK")
    await older.close()


async def test_a_fact_that_commits_late_at_a_low_position_is_not_overtaken_by_its_own_stream(
    database: Database, topics: TestTopics, commission: UUID
) -> None:
    """The relay reads ahead while it sends: what it has read says nothing about lower positions."""
    others = [uuid4() for _ in range(20)]

    async with relaying(database, topics, at_once=1):
        async with database.transaction() as late:
            assert await outbox.publish(late, [withdrawn(commission)]) == (1,)
            for other in others:
                await commit_facts(database, [withdrawn(other)])
            await topics.shows(Topic.COMMISSIONS, len(others) // 2)
        for _ in range(5):
            await commit_facts(database, [withdrawn(commission)])
        await outbox_is_empty(database)

    seen = await topics.all(Topic.COMMISSIONS)
    assert [one.version for one in seen if one.key == commission] == [1, 2, 3, 4, 5, 6]
    assert len(seen) == len(others) + 6


async def test_many_writers_of_few_streams_are_relayed_in_order(database: Database, topics: TestTopics) -> None:
    keys = [uuid4() for _ in range(4)]
    chance = random.Random(7)  # noqa: S311 (a repeatable mix, not a secret)

    async def write() -> None:
        for _ in range(15):
            async with database.transaction() as tx:
                await outbox.publish(tx, [withdrawn(key) for key in chance.sample(keys, 2)])
                await tx.connection.execute("SELECT pg_sleep($1)", chance.random() * 0.01)

    async with relaying(database, topics, at_once=3):
        await asyncio.gather(*(write() for _ in range(8)))
        await outbox_is_empty(database)

    streams: dict[UUID, list[int]] = defaultdict(list)
    for seen in await topics.all(Topic.COMMISSIONS):
        streams[seen.key].append(seen.version)
    assert sum(len(versions) for versions in streams.values()) == 8 * 15 * 2
    assert all(versions == list(range(1, len(versions) + 1)) for versions in streams.values())
