"""The bridge: facts become signals. Only a request starts a workflow, and a commission never gets a second one.

It signals only what the workflow decides by (`workflow/reducer.py: acts_on`): a fact that merely echoes a command is
skipped, and so are the stages of a piece.

The order makes a crash at any point harmless, and no transaction is open while Temporal is called. `signal_facts` reads
what is known of the workflows and signals; `deliver_facts` then writes what came of it, in the transaction that moves
the inbox's marks. After a crash in between the same facts come again: the workflow drops what it has received, and
Temporal refuses to start what has ended. A workflow may end in between: it recorded which facts counted.
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.lifecycle import store
from services.lifecycle.actions.temporal_gateway import NoWorkflowError, TemporalGateway
from services.lifecycle.domain.delivery import WITHOUT_EFFECT, DeliveryOutcome, FactDelivery, WorkflowRecord
from services.lifecycle.workflow.reducer import acts_on
from services.lifecycle.workflow.sequencing import FactEnvelope
from services.lifecycle.workflow.state import CommissionStart, Timeouts
from shared.contracts.commissions import CommissionConfirmed
from shared.contracts.fact import CommissionFact
from shared.inbox import Transient
from shared.postgres.database import Database, Tx
from shared.runtime import faults, tracing
from shared.runtime.logs import get_logger

log = get_logger(__name__)

_CONCURRENT_CALLS: Final = 16
"""Calls to Temporal in flight, each for another commission."""

_BATCH_TIMEOUT: Final = 12.0
"""Seconds for all calls of a batch; then it is read again."""


@dataclass(frozen=True)
class IncomingFact:
    """One fact as it came, with its own JSON and the trace that it belongs to."""

    fact: CommissionFact
    data: bytes
    version: int
    traceparent: str | None


@dataclass(frozen=True)
class _Delivered:
    """What became of a commission's facts, and what that says about its workflow: newly known, or lost."""

    deliveries: Sequence[FactDelivery]
    known: bool = False
    lost: bool = False


@dataclass(frozen=True)
class _Signalled:
    """Facts that were signalled and not written down yet, with what came of them by commission."""

    keys: frozenset[tuple[UUID, str, int]]
    calls: "Mapping[UUID, _WorkflowCall]"
    delivered: Mapping[UUID, _Delivered]


_SIGNALLED: ContextVar[_Signalled | None] = ContextVar("signalled", default=None)
"""Handed from `signal_facts` to `deliver_facts`, which the same task runs after it. None if nothing was signalled:
a parked record that another copy had at that moment, or that still waited behind another one."""


async def signal_facts(
    database: Database, incoming: Sequence[IncomingFact], *, gateway: TemporalGateway, timeouts: Timeouts
) -> None:
    """Signal to each commission's workflow its facts, all of one commission in one call. Nothing is written yet.

    Raises:
        TemporalAwayError: some may have been signalled; the same facts come again.
    """
    by_commission = _by_commission([each for each in incoming if acts_on(each.fact)])
    if not (commissions := sorted(by_commission)):
        _SIGNALLED.set(_Signalled(_keys(incoming), {}, {}))
        return
    async with database.transaction() as tx:
        known = await store.workflows(tx, commissions)
        before = await store.last_delivered(tx, commissions)
    calls = {
        each: _WorkflowCall(gateway, timeouts, by_commission[each], _envelopes(each, by_commission[each], before))
        for each in commissions
    }
    faults.reach("bridge.before_signal")
    delivered = await _deliver_all(calls, known)
    faults.reach("bridge.after_signal")
    _SIGNALLED.set(_Signalled(_keys(incoming), calls, delivered))


async def deliver_facts(tx: Tx, incoming: Sequence[IncomingFact], *, now: datetime) -> None:
    """Write down what came of the facts that were signalled.

    Raises:
        Transient: what can take effect has changed since, by another copy of this inbox or by a replay.
    """
    signalled = _SIGNALLED.get()
    if signalled is None or signalled.keys != _keys(incoming):
        raise Transient("the batch is not the one that was signalled")  # not for people: log
    if not signalled.calls:
        return
    delivered = dict(signalled.delivered)
    await store.add_workflows(tx, [commission for commission, each in delivered.items() if each.known])
    # From here on none of them can record its end; those that have done so since know what counted.
    for record in (await store.lock_workflows(tx, sorted(delivered))).values():
        if record.over:
            delivered[record.commission] = _at_the_end(
                delivered[record.commission], signalled.calls[record.commission].too_late(record)
            )
    await _write_down(tx, delivered, now)


def _at_the_end(delivered: _Delivered, at_the_end: _Delivered) -> _Delivered:
    """What became of facts whose workflow has ended since: those that counted are what they were."""
    if delivered.lost:
        return at_the_end
    pairs = zip(delivered.deliveries, at_the_end.deliveries, strict=True)
    return _Delivered([late if late.outcome is DeliveryOutcome.AFTER_THE_END else each for each, late in pairs])


def _keys(incoming: Sequence[IncomingFact]) -> frozenset[tuple[UUID, str, int]]:
    return frozenset((each.fact.commission, each.fact.topic.value, each.version) for each in incoming)


async def _deliver_all(
    calls: "Mapping[UUID, _WorkflowCall]", known: Mapping[UUID, WorkflowRecord]
) -> dict[UUID, _Delivered]:
    slots = asyncio.Semaphore(_CONCURRENT_CALLS)

    async def deliver(call: _WorkflowCall, record: WorkflowRecord | None) -> _Delivered:
        async with slots:
            return await call.deliver(record)

    async with asyncio.timeout(_BATCH_TIMEOUT):
        return await _all_of({each: deliver(call, known.get(each)) for each, call in sorted(calls.items())})


async def _all_of(calls: Mapping[UUID, Coroutine[Any, Any, _Delivered]]) -> dict[UUID, _Delivered]:
    """Every answer. If one fails, wait for the others first: a retry must find no call in flight."""
    answers = await asyncio.gather(*calls.values(), return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return {
        commission: answer for commission, answer in zip(calls, answers, strict=True) if isinstance(answer, _Delivered)
    }


async def _write_down(tx: Tx, delivered: Mapping[UUID, _Delivered], now: datetime) -> None:
    if lost := [commission for commission, each in delivered.items() if each.lost]:
        await store.mark_workflows_lost(tx, lost, now)
    deliveries = [delivery for each in delivered.values() for delivery in each.deliveries]
    await store.add_deliveries(tx, deliveries)
    for delivery in deliveries:
        tx.touch(delivery.commission)
        if delivery.outcome in WITHOUT_EFFECT:
            log.warning("fact_without_effect", outcome=delivery.outcome, type=delivery.type, version=delivery.version)


def _by_commission(incoming: Sequence[IncomingFact]) -> Mapping[UUID, Sequence[IncomingFact]]:
    grouped: dict[UUID, list[IncomingFact]] = {}
    for each in incoming:
        grouped.setdefault(each.fact.commission, []).append(each)
    return grouped


def _envelopes(
    commission: UUID, incoming: Sequence[IncomingFact], delivered: Mapping[tuple[UUID, str], int]
) -> Sequence[FactEnvelope]:
    """Each names the version that was signalled before it, since types that are not handled leave gaps."""
    before = {topic: version for (whose, topic), version in delivered.items() if whose == commission}
    envelopes = []
    for each in incoming:
        topic = each.fact.topic.value
        envelopes.append(
            FactEnvelope(
                topic=topic,
                version=each.version,
                follows=before.get(topic, 0),
                type=each.fact.type(),
                at=each.fact.at,
                data=each.data.decode(),
            )
        )
        before[topic] = each.version
    return envelopes


@dataclass(frozen=True)
class _WorkflowCall:
    """One commission's facts on their way to its workflow."""

    gateway: TemporalGateway
    timeouts: Timeouts
    incoming: Sequence[IncomingFact]
    envelopes: Sequence[FactEnvelope]

    @property
    def commission(self) -> UUID:
        return self.incoming[0].fact.commission

    async def deliver(self, record: WorkflowRecord | None) -> _Delivered:
        """`record` is what is known of the workflow."""
        if record is not None and record.over:
            return self.too_late(record)
        with tracing.bind(self.incoming[-1].traceparent):
            return await (self._start() if record is None else self._signal())

    def too_late(self, record: WorkflowRecord) -> _Delivered:
        """A workflow that is over is sent nothing."""
        return _Delivered(
            [self._delivery(each, record.outcome_of(each.topic, each.version)) for each in self.envelopes]
        )

    async def _start(self) -> _Delivered:
        requests = [each.fact for each in self.incoming if isinstance(each.fact, CommissionConfirmed)]
        if not requests:
            return await self._signal_unknown()
        try:
            await self.gateway.start(start_of(requests[0], self.timeouts), self.envelopes)
        except NoWorkflowError:
            return self._lost()
        return _Delivered([self._first_delivery(each) for each in self.envelopes], known=True)

    def _first_delivery(self, envelope: FactEnvelope) -> FactDelivery:
        """Topics come in no order between them: the request need not be the first fact of the batch."""
        started = envelope.type == CommissionConfirmed.type()
        return self._delivery(envelope, DeliveryOutcome.STARTED if started else DeliveryOutcome.SIGNALLED)

    async def _signal(self) -> _Delivered:
        try:
            await self.gateway.signal(self.commission, self.envelopes)
        except NoWorkflowError:
            return self._lost()
        return _Delivered(self._all(DeliveryOutcome.SIGNALLED))

    async def _signal_unknown(self) -> _Delivered:
        """A workflow that this table does not know may still run; if not, ops see the facts that had no effect."""
        try:
            await self.gateway.signal(self.commission, self.envelopes)
        except NoWorkflowError:
            return _Delivered(self._all(DeliveryOutcome.NO_WORKFLOW))
        return _Delivered(self._all(DeliveryOutcome.SIGNALLED), known=True)

    def _lost(self) -> _Delivered:
        """Temporal says that it is over, and no end was recorded here: terminated, failed, or forgotten."""
        return _Delivered(self._all(DeliveryOutcome.AFTER_THE_END), known=True, lost=True)

    def _all(self, outcome: DeliveryOutcome) -> list[FactDelivery]:
        return [self._delivery(each, outcome) for each in self.envelopes]

    def _delivery(self, envelope: FactEnvelope, outcome: DeliveryOutcome) -> FactDelivery:
        return FactDelivery(
            commission=self.commission,
            topic=envelope.topic,
            version=envelope.version,
            type=envelope.type,
            at=envelope.at,
            outcome=outcome,
        )


def start_of(confirmed: CommissionConfirmed, timeouts: Timeouts) -> CommissionStart:
    """What a request's workflow is started with."""
    return CommissionStart(
        commission=confirmed.commission,
        customer=confirmed.customer,
        craft=confirmed.craft,
        offering=confirmed.offering,
        offering_version=confirmed.offering_version,
        brief_version=confirmed.brief_version,
        asked_at=confirmed.at,
        needed_by=confirmed.needed_by,
        timeouts=timeouts,
    )
