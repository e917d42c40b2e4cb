"""Everything that a commission left on Kafka's fact topics and in Temporal, as bytes to search."""

from uuid import UUID

from aiokafka import AIOKafkaConsumer, TopicPartition
from temporalio.client import Client

from shared.contracts.fact import Topic
from shared.kafka.connection import Kafka

PRIVATE = frozenset({Topic.PEOPLE, Topic.BRIEFS, Topic.TEXTS})
"""Where personal data and free text may travel (docs/decisions/0003)."""


async def words_in_facts_and_histories(kafka: Kafka, temporal: str, prefix: str, commission: UUID) -> bytes:
    """Every record of this key on every other topic, headers and all, and the workflow's whole history."""
    found = [await _records(kafka, f"{prefix}{topic}", commission) for topic in Topic if topic not in PRIVATE]
    return b"\n".join([*found, await workflow_history(temporal, f"{prefix}{commission}")])


async def _records(kafka: Kafka, topic: str, commission: UUID) -> bytes:
    consumer = AIOKafkaConsumer(**kafka.options, enable_auto_commit=False)
    await consumer.start()
    try:
        # The metadata of a topic comes with the first question about it.
        await consumer._client.force_metadata_update()
        partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        read = []
        while any([await consumer.position(one) < ends[one] for one in partitions]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                read += [one for one in records if one.key == str(commission).encode()]
        return b"\n".join((one.value or b"") + repr(one.headers).encode() for one in read)
    finally:
        await consumer.stop()


async def workflow_history(temporal: str, workflow_id: str) -> bytes:
    """The histories of all runs, from the newest back: each names the one that it continues."""
    client = await Client.connect(temporal)
    run: str | None = None
    found = []
    while True:
        history = await client.get_workflow_handle(workflow_id, run_id=run).fetch_history()
        found += [history.to_json().encode(), *(event.SerializeToString() for event in history.events)]
        run = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id
        if not run:
            return b"".join(found)
