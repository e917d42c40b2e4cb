"""Notices a consumer that hangs: the broker answers, there is lag, and no progress.

aiokafka's consumer can stop for good after a restart of the broker (#1154). Building a new one helps; if even that
does not, the process ends, and its supervisor starts another.
"""

import asyncio
import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from shared.kafka.connection import Kafka
from shared.kafka.lag import Lag, read_lag
from shared.runtime.logs import get_logger
from shared.runtime.metrics import METRICS

log = get_logger(__name__)

_LAG = METRICS.gauge(
    "touchmark_inbox_lag_records", "Records that Kafka has and the inbox has not.", ("service", "inbox")
)
_REBUILT = METRICS.counter("touchmark_inbox_rebuilt_total", "Times a hung consumer was replaced.", ("service", "inbox"))

_EXIT_HUNG = 70  # EX_SOFTWARE


class Verdict(Enum):
    FINE = auto()
    HUNG = auto()
    HOPELESS = auto()


@dataclass(slots=True)
class Suspicion:
    """Judges a series of checks: `patience` seconds without progress are a hang, more than `chances` hangs hopeless."""

    patience: float
    chances: int = 3
    _since: float | None = None
    _committed: int = -1
    _hangs: int = 0

    def look(self, at: float, lag: Lag) -> Verdict:
        """Judge the lag that the broker reported at the instant `at` (of any clock)."""
        if lag.records == 0 or lag.committed != self._committed:
            self._committed, self._since, self._hangs = lag.committed, None, 0
            return Verdict.FINE
        if self._since is None:
            self._since = at
        if at - self._since < self.patience:
            return Verdict.FINE
        self._since = None
        self._hangs += 1
        return Verdict.HUNG if self._hangs <= self.chances else Verdict.HOPELESS

    def excuse(self) -> None:
        """Start counting again: there is another reason for the lack of progress."""
        self._since = None


def _end_process() -> None:
    os._exit(_EXIT_HUNG)


class Watchdog:
    """Checks every `every` seconds. `excused` says whether the inbox is waiting on purpose."""

    def __init__(
        self,
        kafka: Kafka,
        *,
        group: str,
        topics: Sequence[str],
        labels: tuple[str, str],
        excused: Callable[[], bool],
        every: float = 15.0,
        patience: float = 30.0,
        end: Callable[[], None] = _end_process,
    ) -> None:
        self._kafka = kafka
        self._group = group
        self._topics = topics
        self._labels = labels
        self._excused = excused
        self._every = every
        self._end = end
        self._suspicion = Suspicion(patience)
        self._hung = asyncio.Event()
        self._assigned: Callable[[], Collection[TopicPartition]] = tuple

    async def until_hung(self, failed: asyncio.Event, assigned: Callable[[], Collection[TopicPartition]]) -> None:
        """Return when the consumer of these partitions must be replaced, because it failed or hangs."""
        self._hung.clear()
        self._assigned = assigned
        waits = {asyncio.create_task(failed.wait()), asyncio.create_task(self._hung.wait())}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def run(self) -> None:
        """Check until cancelled."""
        while True:
            await asyncio.sleep(self._every)
            try:
                lag = await read_lag(self._kafka, self._group, self._topics, self._assigned())
            except (KafkaError, OSError, TimeoutError):
                self._suspicion.excuse()  # the broker is away, so there can be no progress
            else:
                _LAG.labels(*self._labels).set(lag.records)
                self._judge(lag)

    def _judge(self, lag: Lag) -> None:
        if self._excused():
            self._suspicion.excuse()
            return
        verdict = self._suspicion.look(asyncio.get_running_loop().time(), lag)
        if verdict is Verdict.HUNG:
            log.error("consumer_hangs", group=self._group, lag=lag.records)
            _REBUILT.labels(*self._labels).inc()
            self._hung.set()
        elif verdict is Verdict.HOPELESS:
            log.critical("consumer_hangs_again_and_again", group=self._group, lag=lag.records)
            self._end()
