"""Handles the records of one inbox: each takes effect once, in order per key, or is parked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.contracts.fact import Topic
from shared.contracts.failures import EventFailed
from shared.contracts.registry import FACTS
from shared.inbox import store
from shared.inbox.batch import Batch, Parking, stream_of
from shared.inbox.dispatcher import Dispatcher
from shared.inbox.failures import is_transient
from shared.inbox.inbox import Inbox
from shared.inbox.record import RawRecord, UnreadableError, read
from shared.inbox.store import ParkedState, Reason, Taken
from shared.kernel.clock import system_clock
from shared.outbox import publish
from shared.postgres.database import Database, Tx
from shared.runtime import faults
from shared.runtime.logs import get_logger
from shared.runtime.metrics import METRICS

log = get_logger(__name__)

_RECORDS = METRICS.counter("touchmark_inbox_records_total", "Records by outcome.", ("service", "inbox", "outcome"))


@dataclass(frozen=True, slots=True)
class Processor:
    """Runs an inbox's handlers on records, in transactions of its service's database."""

    inbox: Inbox
    database: Database
    kernel: Any = None
    """What handlers get that ask for the `Kernel`."""

    async def take(self, raws: Sequence[RawRecord]) -> None:
        """Let all of them take effect in one transaction; records that are not next in their stream are parked in it.

        Raises:
            Exception: whatever a handler raised; then nothing took effect.
        """
        if await self._go_ahead(raws):
            return
        async with self.database.transaction() as tx:
            batch = await self._begin(tx, raws)
            for raw in raws:
                if parking := await batch.place(raw):
                    await self._park(tx, raw, parking)
            await batch.finish()
            faults.reach("inbox.before_commit")
        faults.reach("inbox.after_commit")
        self._count_outcomes(batch)

    async def take_one(self, raw: RawRecord) -> None:
        """The same for one record, but it is parked if it fails for good.

        Raises:
            Exception: a transient one; then nothing happened.
        """
        try:
            await self.take([raw])
        except Exception as error:
            if is_transient(error):
                raise
            log.exception("record_failed", inbox=self.inbox.name, topic=raw.topic, offset=raw.offset)
            parking = Parking(Reason.FAILED, describe(error))
            async with self.database.transaction() as tx:
                await self._park(tx, raw, parking)
            self._count(Reason.FAILED.value, 1)

    async def take_again(self, parked: int) -> bool:
        """Try a parked record once more; false if somebody else has it. A gap to be replayed is accepted as one.

        Raises:
            Exception: a transient one; then nothing happened.
        """
        try:
            return await self._take_again(parked)
        except Exception as error:
            if is_transient(error):
                raise
            log.exception("record_failed_again", inbox=self.inbox.name, parked=parked)
            async with self.database.transaction() as tx:
                await store.keep(tx, parked, reason=Reason.FAILED, detail=describe(error))
            return True

    async def releasable(self) -> Sequence[int]:
        """The parked records that may be tried now, by their ids."""
        async with self.database.statement() as tx:
            return await store.releasable(tx, self.inbox.name)

    async def _go_ahead(self, raws: Sequence[RawRecord], parked: int | None = None) -> bool:
        """Let the inbox do elsewhere what it does ahead of these records; what cannot take effect now is left out.

        True if that was all: none of them is for the inbox, and their marks are moved.
        """
        if self.inbox.on_ahead is None:
            return False
        async with self.database.transaction() as tx:
            taken = await store.take(tx, parked) if parked is not None else None
            if parked is not None and taken is None:
                return False
            batch = await self._begin(tx, [taken.raw] if taken else raws)
            if taken:
                self._readmit(batch, taken)
            for raw in [taken.raw] if taken else raws:
                await batch.place(raw)
            passes = taken is None and batch.only_moves_marks
            if passes:
                await batch.finish()
        if passes:
            self._count_outcomes(batch)
        else:
            await batch.go_ahead()
        return passes

    @staticmethod
    def _readmit(batch: Batch, taken: Taken) -> None:
        """Let a parked record in. A gap to be replayed is accepted as one."""
        batch.unpark(taken.raw)
        if taken.state is ParkedState.REPLAY and taken.reason is Reason.GAP:
            batch.accept_gap(taken.raw)

    async def _take_again(self, parked: int) -> bool:
        await self._go_ahead([], parked)
        async with self.database.transaction() as tx:
            taken = await store.take(tx, parked)
            if taken is None:
                return False
            batch = await self._begin(tx, [taken.raw])
            self._readmit(batch, taken)
            if parking := await batch.place(taken.raw):
                await store.keep(tx, parked, reason=parking.reason, detail=parking.detail)
            else:
                await store.release(tx, parked)
                if stream := stream_of(taken.raw):
                    tx.touch(stream[1])
            await batch.finish()
        self._count_outcomes(batch)
        return True

    async def _begin(self, tx: Tx, raws: Sequence[RawRecord]) -> Batch:
        streams = sorted({stream for raw in raws if (stream := stream_of(raw))})
        states = await store.states(tx, self.inbox.name, streams)
        return Batch(self.inbox.name, tx, Dispatcher(self.inbox, tx, self.kernel), states)

    async def _park(self, tx: Tx, raw: RawRecord, parking: Parking) -> None:
        log.error(
            "record_parked",
            inbox=self.inbox.name,
            topic=raw.topic,
            partition=raw.partition,
            offset=raw.offset,
            reason=parking.reason.value,
        )
        await store.park(tx, self.inbox.name, raw, version=_version(raw), reason=parking.reason, detail=parking.detail)
        if stream := stream_of(raw):
            tx.touch(stream[1])
        # what waits behind a failed one is told with it
        if parking.reason is not Reason.BEHIND and await store.is_to_be_told(tx, self.inbox.name, raw):
            await publish(tx, [self._failed(raw)])

    def _failed(self, raw: RawRecord) -> EventFailed:
        return EventFailed(
            at=system_clock(),
            service=self.database.application,
            inbox=self.inbox.name,
            event_topic=Topic(raw.topic),
            event_type=_type(raw),
        )

    def _count_outcomes(self, batch: Batch) -> None:
        for outcome, number in batch.outcomes.items():
            self._count(outcome, number)

    def _count(self, outcome: str, number: int) -> None:
        _RECORDS.labels(self.database.application, self.inbox.name, outcome).inc(number)


def describe(error: Exception) -> str:
    """An error in one line, for the person who decides about its record."""
    return f"{type(error).__name__}: {error}"


def _type(raw: RawRecord) -> str | None:
    """The kind of a record, if it is one of ours: anything may stand in the header of another."""
    try:
        type_ = read(raw).type
    except UnreadableError:
        return None
    return type_ if type_ in FACTS else None


def _version(raw: RawRecord) -> int | None:
    try:
        return read(raw).version
    except UnreadableError:
        return None
