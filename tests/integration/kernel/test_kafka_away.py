"""Kafka is stopped and started while facts are published: nothing exits, nothing is lost."""

from pathlib import Path
from uuid import UUID, uuid4

from deploy.local.ports import free_ports
from shared.contracts.fact import Topic
from shared.inbox import Inbox
from shared.outbox import Tombstone
from shared.postgres.database import Database
from tests.support.kafka import TestTopics, running_kafka
from tests.support.kafka_logins import kafka_engine
from tests.support.kernel import Listener, commit_facts, outbox_is_empty, relaying, withdrawn


async def test_facts_that_are_staged_while_kafka_is_away_take_effect_when_it_is_back(
    database: Database, prefix: str, tmp_path: Path, commission: UUID
) -> None:
    """Away when relay and inboxes start, and again while they work. Two inboxes share the service's broker."""
    port, controller_port = free_ports(2)
    kafka = kafka_engine(tmp_path / "kafka", port, controller_port, heap="256m")
    topics = TestTopics(kafka.admin, prefix)
    listener = Listener(database, topics)
    inbox, people = Inbox("listener", Topic.COMMISSIONS), Inbox("people", Topic.PEOPLE)
    inbox.handler(listener.handle)
    people.tombstone(listener.erase)
    person = uuid4()

    async with relaying(database, topics) as relay, listener.on(inbox, people):
        database.on_commit(lambda _: relay.wake())
        await commit_facts(database, [withdrawn(commission), Tombstone(Topic.PEOPLE, person)])
        async with running_kafka(kafka, tmp_path / "log"):
            await topics.make(Topic.COMMISSIONS, Topic.PEOPLE)
            await listener.handled(commission, 1, within=60)
            await listener.handled(person, 1, within=60)
        await commit_facts(database, [withdrawn(commission), withdrawn(commission)])
        async with running_kafka(kafka, tmp_path / "log"):
            await commit_facts(database, [withdrawn(commission), Tombstone(Topic.PEOPLE, person)])
            await listener.handled(commission, 1, 2, 3, 4, within=60)
            await listener.handled(person, 1, 2, within=60)
            await outbox_is_empty(database)
            seen = await topics.all(Topic.COMMISSIONS)

    assert [one.version for one in seen] == [1, 2, 3, 4]
