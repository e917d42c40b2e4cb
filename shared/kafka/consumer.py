"""A consumer that waits without polling, reports when it breaks, and is gone for certain once it is ended."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import ConsumerStoppedError, KafkaError

from shared.runtime.logs import get_logger

log = get_logger(__name__)

_PATIENCE_MS = 60_000
_STOP_WITHIN = 5.0
_CUT_WITHIN = 2.0


class PatientConsumer(AIOKafkaConsumer):  # type: ignore[misc]  # aiokafka ships no types
    """Waits for records instead of returning without any, and says when it failed.

    FastStream's batch subscriber asks for records with a short timeout and then sleeps for as long again, which costs
    either processor time or latency. After an error it sleeps and asks on, though a fenced consumer never recovers.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.failed = asyncio.Event()
        """Set when it raised an error, since it does not recover."""

    async def getmany(
        self,
        *partitions: TopicPartition,
        timeout_ms: int = 0,  # noqa: ARG002 (aiokafka's signature; we wait for as long as it takes)
        max_records: int | None = None,
    ) -> Mapping[TopicPartition, Sequence["ConsumerRecord[Any, Any]"]]:
        found: Mapping[TopicPartition, Sequence[ConsumerRecord[Any, Any]]] = {}
        try:
            while not found:
                found = await super().getmany(*partitions, timeout_ms=_PATIENCE_MS, max_records=max_records)
        except ConsumerStoppedError:
            raise
        except Exception as error:
            log.warning("consumer_failed", reason=f"{type(error).__name__}: {error}")
            self.failed.set()
            raise
        return found


async def end_consumer(consumer: AIOKafkaConsumer) -> None:
    """Stop it, within five seconds; then cut its tasks and connections, since `stop()` may freeze (aiokafka #773)."""
    stopping = asyncio.ensure_future(consumer.stop())
    await asyncio.wait({stopping}, timeout=_STOP_WITHIN)
    if stopping.done():
        if (error := stopping.exception()) and not isinstance(error, KafkaError):
            log.warning("consumer_stopped_badly", reason=type(error).__name__)
        return
    log.error("consumer_stop_frozen")
    left = {stopping, *_tasks(consumer)}
    for task in left:
        task.cancel()
    left.add(asyncio.ensure_future(consumer._client.close()))  # noqa: SLF001 (there is no public way to give up)
    await asyncio.wait(left, timeout=_CUT_WITHIN)


def _tasks(consumer: AIOKafkaConsumer) -> Iterator["asyncio.Task[Any]"]:
    names = ("_coordination_task", "_heartbeat_task", "_commit_refresh_task", "_fetch_task")
    for part in (consumer._coordinator, consumer._fetcher):  # noqa: SLF001 (likewise)
        for name in names:
            task = getattr(part, name, None)
            if isinstance(task, asyncio.Task) and not task.done():
                yield task
