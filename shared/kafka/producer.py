"""The one way to make a producer: idempotent, acknowledged by all replicas, and gone for certain once it is ended."""

import asyncio

from aiokafka import AIOKafkaProducer

from shared.kafka.connection import Kafka

_START_WITHIN = 15.0
_END_WITHIN = 3.0


async def start_producer(kafka: Kafka, client: str) -> AIOKafkaProducer:
    """A started producer that sends at once, in batches of at most 64 KiB.

    Raises:
        KafkaError, TimeoutError: Kafka is away.
    """
    producer = AIOKafkaProducer(
        **kafka.options,
        client_id=client,
        acks="all",
        enable_idempotence=True,
        linger_ms=0,
        max_batch_size=65536,
        request_timeout_ms=10_000,
    )
    try:
        # aiokafka asks for its producer id again and again, without end.
        await asyncio.wait_for(producer.start(), _START_WITHIN)
    except BaseException:
        await end_producer(producer)
        raise
    return producer


async def end_producer(producer: AIOKafkaProducer) -> None:
    """End it now. Records that were being sent may arrive or not, but nothing is sent after this.

    `stop()` flushes first, which may take forever, and a cancelled `stop()` leaves a sender behind that goes on.
    """
    producer._closed = True  # noqa: SLF001 (there is no public way to give up)
    sender = producer._sender.sender_task  # noqa: SLF001
    if sender is not None:
        sender.cancel()
    await asyncio.wait({asyncio.ensure_future(producer.client.close())}, timeout=_END_WITHIN)
    if sender is not None:
        await asyncio.wait({sender}, timeout=_END_WITHIN)
