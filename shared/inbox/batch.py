"""The records of one transaction: which of them are next in their streams, and the new marks."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from shared.contracts import registry
from shared.contracts.fact import Fact
from shared.inbox import store
from shared.inbox.inbox import Inbox, Transient
from shared.inbox.record import RawRecord, Record, UnreadableError, key_of, read
from shared.inbox.store import Reason, Stream, StreamState
from shared.kafka import topics
from shared.postgres.database import Tx
from shared.runtime import tracing


@dataclass(frozen=True, slots=True)
class Parking:
    """Why a record cannot take effect now."""

    reason: Reason
    detail: str


class Batch:
    """Handles records one after the other. `states` are those of all their streams, as the database has them."""

    def __init__(self, inbox: Inbox, tx: Tx, states: Mapping[Stream, StreamState]) -> None:
        self._inbox = inbox
        self._tx = tx
        self._states = states
        self._before = {stream: state.version for stream, state in states.items()}
        self._pairs: list[tuple[Fact | None, Record]] = []
        self.outcomes = Counter[str]()

    async def place(self, raw: RawRecord) -> Parking | None:
        """Handle the record if it is the next of its key; if not, say why it is parked. A duplicate is skipped."""
        try:
            record = read(raw)
            state = self._states[raw.topic, record.key]
            if record.version <= state.version:
                self._count("duplicate")
                return None
            if parking := judge(record, state):
                return self._park(raw, parking)
            await self._apply(record)
        except UnreadableError as error:
            return self._park(raw, Parking(Reason.UNREADABLE, str(error)))
        state.version = record.version
        return None

    def unpark(self, raw: RawRecord) -> None:
        """This record is the first parked one of its key: it need not wait for itself."""
        if stream := stream_of(raw):
            self._states[stream].parked_for = None

    def accept_gap(self, raw: RawRecord) -> None:
        """Accept that the versions before this record will never arrive."""
        record = read(raw)
        state = self._states[raw.topic, record.key]
        state.version = max(state.version, record.version - 1)

    async def finish(self) -> None:
        """Run the inbox's batch handler, if it has one, and move the marks.

        Raises:
            Transient: another consumer of this group handled some of these records meanwhile.
        """
        if self._inbox.batch and self._pairs:
            await self._inbox.batch(self._tx, self._pairs)
        steps = {
            stream: (self._before[stream], state.version)
            for stream, state in self._states.items()
            if state.version > self._before[stream]
        }
        if steps and not await store.advance(self._tx, self._inbox.name, steps):
            raise Transient("another consumer of this inbox has taken some of these records")  # not for people: log

    async def _apply(self, record: Record) -> None:
        if record.data is None:
            await self._erase(record)
        elif self._inbox.batch:
            self._collect(_parsed(record, record.data), record)
        else:
            await self._handle(record, record.data)

    async def _erase(self, record: Record) -> None:
        handler = self._inbox.tombstones.get(record.topic)
        if self._inbox.batch:
            self._pairs.append((None, record))
        elif handler:
            with tracing.bind(record.traceparent):
                await handler(self._tx, record)
        self._count("handled" if handler or self._inbox.batch else "passed over")

    def _collect(self, fact: Fact | None, record: Record) -> None:
        if fact is not None:
            self._pairs.append((fact, record))
        self._count("passed over" if fact is None else "handled")

    async def _handle(self, record: Record, data: bytes) -> None:
        kind = registry.FACTS.get(record.type)
        handler = self._inbox.handlers.get(kind) if kind else None
        if handler:
            with tracing.bind(record.traceparent):
                await handler(self._tx, _parsed(record, data), record)
        self._count("handled" if handler else "passed over")

    def _park(self, raw: RawRecord, parking: Parking) -> Parking:
        if (stream := stream_of(raw)) and self._states[stream].parked_for is None:
            self._states[stream].parked_for = parking.reason
        self._count(parking.reason.value)
        return parking

    def _count(self, outcome: str) -> None:
        self.outcomes[outcome] += 1


def judge(record: Record, state: StreamState) -> Parking | None:
    """Why a record that is no duplicate is not the next one; None if it is.

    Fact topics count without gaps, compacted ones have legal gaps. The record that closes a gap may overtake
    the one that was parked because of it.
    """
    follows = record.version == state.version + 1
    if state.parked_for is not None and not (state.parked_for is Reason.GAP and follows):
        return Parking(Reason.BEHIND, "")
    if follows or topics.plans()[record.topic].compacted:
        return None
    return Parking(Reason.GAP, f"{state.version + 1} < {record.version}")


def stream_of(raw: RawRecord) -> Stream | None:
    """The stream of a record, if its key can be read."""
    try:
        return raw.topic, key_of(raw)
    except UnreadableError:
        return None


def _parsed(record: Record, data: bytes) -> Fact | None:
    try:
        fact = registry.parse(record.type, data)
    except ValidationError as error:
        fields = {".".join(str(part) for part in problem["loc"]) for problem in error.errors(include_input=False)}
        raise UnreadableError(f"the data is no {record.type}: {', '.join(sorted(fields))[:300]}") from None
    if fact is not None and fact.key != record.key:
        raise UnreadableError("the data is of another key than the record")
    return fact
