"""The relay gets what was committed to Kafka, whatever happens on the way."""

from dataclasses import replace
from uuid import UUID, uuid4

import asyncpg
import pytest
from aiokafka.partitioner import DefaultPartitioner

from shared.contracts.briefs import BriefAnswer, BriefWritten
from shared.contracts.fact import Topic
from shared.kafka.topics import apply, plans
from shared.outbox import Tombstone
from shared.postgres.database import Database
from shared.runtime import tracing
from shared.runtime.metrics import METRICS
from tests.integration.kernel.sample.main import NAME
from tests.support.kafka import TestTopics
from tests.support.kernel import AT, commit_facts, outbox_is_empty, relaying, withdrawn
from tests.support.waiting import until

_LEADER = """
    SELECT pid FROM pg_locks INNER JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE locktype = 'advisory' AND granted AND datname = current_database()
"""


async def test_a_fact_arrives_as_a_cloud_event(database: Database, topics: TestTopics, commission: UUID) -> None:
    fact = withdrawn(commission)
    with tracing.bind(None) as trace:
        await commit_facts(database, [fact])

    async with relaying(database, topics):
        (seen,) = await topics.shows(Topic.COMMISSIONS, 1)

    assert seen.data is not None
    assert type(fact).model_validate_json(seen.data) == fact
    assert UUID(seen.headers["ce_id"]).version == 7
    assert {name: value for name, value in seen.headers.items() if name != "ce_id"} == {
        "ce_specversion": "1.0",
        "ce_type": "touchmark.commissions.CommissionWithdrawn",
        "ce_source": f"urn:touchmark:{NAME}",
        "ce_time": "2026-11-23T09:00:00+00:00",
        "ce_subject": str(commission),
        "ce_version": "1",
        "content-type": "application/json",
        "traceparent": trace,
    }


async def test_a_tombstone_arrives_without_data(database: Database, topics: TestTopics) -> None:
    key = uuid4()
    await commit_facts(database, [Tombstone(Topic.PEOPLE, key)])

    async with relaying(database, topics):
        (seen,) = await topics.shows(Topic.PEOPLE, 1)

    assert (seen.key, seen.data, seen.type) == (key, None, "touchmark.people.Tombstone")


async def test_a_commit_wakes_the_relay(database: Database, topics: TestTopics, commission: UUID) -> None:
    async with relaying(database, topics, rest=3600.0) as relay:
        database.on_commit(lambda committed: relay.wake() if committed.published else None)
        await commit_facts(database, [withdrawn(commission)])
        await topics.shows(Topic.COMMISSIONS, 1)
        await commit_facts(database, [withdrawn(commission)])

        assert len(await topics.shows(Topic.COMMISSIONS, 2)) == 2


async def test_a_lone_fact_costs_the_relay_one_read_and_one_statement_that_deletes_it(
    database: Database, topics: TestTopics, commission: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    connect = database.connect

    async def overheard() -> "asyncpg.Connection[asyncpg.Record]":
        connection = await connect()
        connection.add_query_logger(lambda logged: sent.append(logged.query))
        return connection

    monkeypatch.setattr(database, "connect", overheard)
    async with relaying(database, topics, rest=3600.0) as relay:
        await until("it has looked at the empty outbox", lambda: any("oldest_seconds" in query for query in sent))
        sent.clear()
        await commit_facts(database, [withdrawn(commission)])
        relay.wake()
        await until("it is deleted", lambda: any("DELETE FROM outbox" in query for query in sent))
        await outbox_is_empty(database)

    assert len([query for query in sent if "FROM outbox" in query and "oldest_seconds" not in query]) == 2


async def test_a_standby_relay_takes_over_when_the_first_one_loses_its_session(
    database: Database, dsn: str, topics: TestTopics, commission: UUID
) -> None:
    second = await Database.open(dsn, application="second")
    async with relaying(database, topics), relaying(second, topics):
        await commit_facts(database, [withdrawn(commission)])
        await outbox_is_empty(database)
        first_leader = await _leader(database)

        async with database.statement() as tx:
            await tx.connection.execute("SELECT pg_terminate_backend($1)", first_leader)
        await commit_facts(database, [withdrawn(commission) for _ in range(3)])
        await outbox_is_empty(database)

        assert await _leader(database) != first_leader
    assert [seen.version for seen in await topics.all(Topic.COMMISSIONS)] == [1, 2, 3, 4]
    await second.close(1)


async def test_one_relay_works_and_the_other_is_on_standby(database: Database, dsn: str, topics: TestTopics) -> None:
    second = await Database.open(dsn, application="second")
    async with relaying(database, topics), relaying(second, topics):
        await until("one leads", lambda: {_leads("second"), _leads(NAME)} == {0.0, 1.0})
        for _ in range(20):
            await commit_facts(database, [withdrawn(uuid4())])
        await outbox_is_empty(database)

    assert len(await topics.all(Topic.COMMISSIONS)) == 20
    await second.close(1)


async def test_what_comes_behind_a_batch_that_kafka_refuses_waits_for_it(
    database: Database, topics: TestTopics, commission: UUID
) -> None:
    """A batch in the middle is too large for its topic until somebody allows it."""
    await _make_briefs(topics, largest=80_000)
    other = _key_of_another_partition(commission)
    facts = [_brief(commission, 100), _brief(commission, 100_000), _brief(commission, 100), _brief(other, 100)]
    await commit_facts(database, facts)

    before = _failures()
    async with relaying(database, topics):
        await topics.shows(Topic.BRIEFS, 2)
        await until("it was tried again", lambda: _failures() >= before + 2)
        assert {(one.key, one.version) for one in await topics.all(Topic.BRIEFS)} == {(commission, 1), (other, 1)}
        await _make_briefs(topics, largest=1_000_000)
        await outbox_is_empty(database)

    seen = await topics.all(Topic.BRIEFS)
    assert [one.version for one in seen if one.key == commission] == [1, 2, 3]
    assert [one.version for one in seen if one.key == other] == [1]


def _brief(commission: UUID, size: int) -> BriefWritten:
    answer = BriefAnswer(field="why", value="a" * size)
    return BriefWritten(
        at=AT,
        commission=commission,
        brief_version=1,
        craft="jewellery",
        offering="engraved-ring",
        offering_version=1,
        offering_sha256="0" * 64,
        answers=(answer,),
    )


def _key_of_another_partition(key: UUID) -> UUID:
    """A key that lives on another of six partitions."""

    def partition(of: UUID) -> int:
        return int(DefaultPartitioner()(str(of).encode(), list(range(6)), []))

    return next(other for other in iter(uuid4, None) if partition(other) != partition(key))


async def _make_briefs(topics: TestTopics, *, largest: int) -> None:
    """The topic of briefs, which takes records of at most so many bytes."""
    plan = plans()[Topic.BRIEFS]
    limited = replace(plan, config={**plan.config, "max.message.bytes": str(largest)})
    await apply(topics.kafka, [limited], prefix=topics.prefix)


async def _leader(database: Database) -> int:
    async with database.statement() as tx:
        leader: int = await tx.connection.fetchval(_LEADER)
    return leader


def _leads(service: str) -> float | None:
    return METRICS.registry.get_sample_value("touchmark_relay_leads", {"service": service})


def _failures() -> float:
    return METRICS.registry.get_sample_value("touchmark_relay_failures_total", {"service": NAME}) or 0.0
