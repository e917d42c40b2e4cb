"""The relay: sends what waits in the outbox to Kafka, in order, and deletes what Kafka has acknowledged."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import asyncpg
from aiokafka.errors import KafkaError

from shared.kafka.connection import Kafka
from shared.outbox.sender import RecordSender, SendResult
from shared.outbox.store import Depth, OutboxStore, Row
from shared.postgres.database import Database
from shared.postgres.transient import AWAY
from shared.runtime import faults
from shared.runtime.backoff import Backoff
from shared.runtime.logs import get_logger
from shared.runtime.metrics import METRICS

log = get_logger(__name__)

_LOOK_EVERY = 2.0  # seconds between looks at the lock and at the depth
_STAND_BY = 0.25
_FINISH_WITHIN = 1.5

_AWAY = (KafkaError, asyncpg.PostgresError, *AWAY)

_SENT = METRICS.counter("touchmark_relay_records_total", "Records acknowledged by Kafka.", ("service", "topic"))
_BATCHES = METRICS.counter("touchmark_relay_batches_total", "Batches that were sent.", ("service",))
_FAILURES = METRICS.counter("touchmark_relay_failures_total", "Times that Kafka did not take a batch.", ("service",))
_LEADS = METRICS.gauge("touchmark_relay_leads", "1 where the relay is active, 0 where it is on standby.", ("service",))
_ROWS = METRICS.gauge("touchmark_outbox_rows", "Rows that wait to be sent.", ("service",))
_OLDEST = METRICS.gauge("touchmark_outbox_oldest_seconds", "How long the first row has waited.", ("service",))


class Relay:
    """One service's relay. Of several copies one is active, by a session advisory lock; the others are on standby.

    A committed fact is sent after `wake`, or within `rest` seconds if another process committed it. The relay reads
    `at_once` rows at a time.
    """

    def __init__(
        self, database: Database, kafka: Kafka, prefix: str = "", *, rest: float = 0.5, at_once: int = 500
    ) -> None:
        self._database = database
        self._service = database.application
        self._sender = RecordSender(kafka, prefix=prefix, client=f"{prefix}{self._service}.relay")
        self._rest = rest
        self._at_once = at_once
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()
        self._measured = 0.0

    def wake(self) -> None:
        """Look at the outbox now: something was committed."""
        self._woken.set()

    async def run(self) -> None:
        """Relay until cancelled, then finish the batch that is being sent, within a second and a half.

        Waits while Kafka or PostgreSQL is away.
        """
        self._stopping.clear()
        relaying = asyncio.create_task(self._keep_relaying(), name=f"{self._service} relay")
        try:
            await asyncio.shield(relaying)
        finally:
            self._stopping.set()
            self._woken.set()
            await asyncio.wait({relaying}, timeout=_FINISH_WITHIN)
            relaying.cancel()
            with suppress(asyncio.CancelledError):
                await relaying

    async def _keep_relaying(self) -> None:
        backoff = Backoff(first=0.1, longest=5.0)
        while not self._stopping.is_set():
            try:
                async with self._lead() as store:
                    await self._relay(store, backoff)
            except _AWAY as error:
                log.warning("relay_interrupted", reason=f"{type(error).__name__}: {error}")
            except Exception:
                log.exception("relay_failed")
            await self._pause(backoff.next())

    @asynccontextmanager
    async def _lead(self) -> AsyncIterator[OutboxStore]:
        """Hold the lock. The producer stops before it is released: none of our records may follow the next relay's."""
        connection = await self._database.connect()
        try:
            store = OutboxStore(connection)
            while not self._stopping.is_set() and not await store.lead():
                await self._pause(_STAND_BY)
            _LEADS.labels(self._service).set(1)
            log.info("relay_leads")
            yield store
        finally:
            _LEADS.labels(self._service).set(0)
            await self._sender.stop()
            await _close(connection)

    async def _relay(self, store: OutboxStore, backoff: Backoff) -> None:
        while not self._stopping.is_set():
            failure = await self._send_what_waits(store)
            await self._measure(store)
            if failure is not None:
                await self._report_failure(failure)
                await self._pause(backoff.next())
                continue
            backoff.reset()
            if not self._stopping.is_set():
                await _wait(self._woken, self._rest)

    async def _send_what_waits(self, store: OutboxStore) -> Exception | None:
        """Send batch after batch until the outbox is empty. Returns why it ended early, if it did."""
        self._woken.clear()
        rows: Sequence[Row] = await store.waiting((), at_most=self._at_once)
        while rows and not self._stopping.is_set():
            following, sent = await self._send(store, rows)
            # What is committed from here on wakes the relay again; what was before is in what it reads now.
            self._woken.clear()
            wanted = 0 if following or sent.failure else self._at_once
            rows = await store.forget(sent.acknowledged, at_most=wanted) or following
            faults.reach("relay.after_delete")
            self._count(sent)
            if sent.failure is not None:
                return sent.failure
        return None

    async def _send(self, store: OutboxStore, rows: Sequence[Row]) -> tuple[Sequence[Row], SendResult]:
        """Send a batch, and read the next one meanwhile from a new snapshot, where this one is full.

        The next batch leaves out the rows of this one, instead of starting after its last position: a row with a lower
        position may have been committed since, and has to be sent before later rows of its key.
        """
        faults.reach("relay.before_produce")
        sending = asyncio.create_task(self._sender.send(rows))
        following: Sequence[Row] = ()
        try:
            if len(rows) == self._at_once:
                following = await store.waiting(rows, at_most=self._at_once)
            while not (await asyncio.wait({sending}, timeout=_LOOK_EVERY))[0]:
                self._record_depth(await store.depth())  # raises if the session is lost, and the lock with it
            sent = sending.result()
        finally:
            sending.cancel()
        faults.reach("relay.after_produce")
        return following, sent

    async def _report_failure(self, failure: Exception) -> None:
        _FAILURES.labels(self._service).inc()
        log.warning("records_not_sent", reason=f"{type(failure).__name__}: {failure}")
        await self._sender.stop()

    def _count(self, sent: SendResult) -> None:
        _BATCHES.labels(self._service).inc()
        for row in sent.acknowledged:
            _SENT.labels(self._service, row.topic).inc()

    async def _measure(self, store: OutboxStore) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._measured >= _LOOK_EVERY:
            self._measured = now
            self._record_depth(await store.depth())

    def _record_depth(self, depth: Depth) -> None:
        _ROWS.labels(self._service).set(depth.rows)
        _OLDEST.labels(self._service).set(depth.oldest_seconds)

    async def _pause(self, seconds: float) -> None:
        await _wait(self._stopping, seconds)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


async def _close(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    try:
        await connection.close(timeout=1)
    except (asyncpg.PostgresError, *AWAY):
        connection.terminate()
