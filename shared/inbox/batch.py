"""The records of one transaction: which of them are next in their streams, and the new marks."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from shared.contracts.fact import Topic
from shared.erasure import store as erasure
from shared.inbox import store
from shared.inbox.dispatcher import Dispatcher
from shared.inbox.inbox import Transient
from shared.inbox.record import RawRecord, Record, UnreadableError, key_of, read
from shared.inbox.store import Reason, Stream, StreamState
from shared.kafka import topics
from shared.postgres.database import Tx


@dataclass(frozen=True, slots=True)
class Parking:
    """Why a record cannot take effect now."""

    reason: Reason
    detail: str


class Batch:
    """Handles records one after the other. `states` are those of all their streams, as the database has them."""

    def __init__(self, inbox: str, tx: Tx, dispatcher: Dispatcher, states: Mapping[Stream, StreamState]) -> None:
        self._inbox = inbox
        self._tx = tx
        self._dispatcher = dispatcher
        self._states = states
        self._before = {stream: state.version for stream, state in states.items()}
        self._erased: list[tuple[Topic, UUID]] = []
        self.outcomes = Counter[str]()

    async def go_ahead(self) -> None:
        """Have done elsewhere what comes ahead of the records that were placed."""
        await self._dispatcher.go_ahead()

    @property
    def only_moves_marks(self) -> bool:
        """Whether nothing of it has a handler, and nothing is parked."""
        return self.outcomes.keys() <= {"duplicate", "passed over"}

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
            if record.data is None and state.parked_for is not None:
                await store.drop_erased(self._tx, self._inbox, record)
                state.parked_for = None
            handled = await self._dispatcher.dispatch(record)
            self._count("handled" if handled else "passed over")
            if handled and record.data is None:
                self._erased.append((record.topic, record.key))
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
        await self._dispatcher.finish()
        if self._erased:
            await erasure.keep(self._tx, self._erased, own=False)
        steps = {
            stream: (self._before[stream], state.version)
            for stream, state in self._states.items()
            if state.version > self._before[stream]
        }
        if steps and not await store.advance(self._tx.last(), self._inbox, steps):
            raise Transient("another consumer of this inbox has taken some of these records")  # not for people: log

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
    the one that was parked because of it, and a tombstone overtakes whatever is parked: it erases that.
    """
    if record.data is None and topics.plans()[record.topic].compacted:
        return None
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
