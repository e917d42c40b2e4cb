"""The bridge: facts become signals. A life begins by a request, hears what follows, and gets no second one.

It hears only of what it acts upon (`domain/hearing.py`): what merely echoes its own commands is passed over here.

The order makes a crash at any point harmless. The known lives are locked, then the workflows hear, then it is written
down, and all is committed with the inbox's mark. A crash before the commit has the same facts come again: the workflow
drops what it has heard, and Temporal refuses to start what has ended. While a life is locked it cannot record its end.
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.lifecycle import store
from services.lifecycle.actions.lives import Lives, NoSuchLifeError
from services.lifecycle.domain.heard import FactEnvelope
from services.lifecycle.domain.hearing import ACTED_UPON
from services.lifecycle.domain.life import CommissionStart, Patience
from services.lifecycle.domain.passing import Life, Passed, Passing
from shared.contracts.commissions import CommissionSubmitted
from shared.contracts.fact import CommissionFact
from shared.postgres.database import Tx
from shared.runtime import faults, tracing
from shared.runtime.logs import get_logger

log = get_logger(__name__)

_AT_ONCE: Final = 16
"""Calls to Temporal in flight, each for another commission."""

_BATCH_WITHIN: Final = 12.0
"""Seconds for all calls of a batch: less than PostgreSQL lets a transaction stand idle."""


@dataclass(frozen=True)
class Told:
    """One fact as it came, with the trace that it belongs to."""

    fact: CommissionFact
    version: int
    traceparent: str | None


@dataclass(frozen=True)
class _Spoken:
    """How a commission's facts ended up: each one's fate, and what that says about its life."""

    passings: Sequence[Passing]
    lives: bool
    lost: bool


async def pass_on(tx: Tx, told: Sequence[Told], *, lives: Lives, patience: Patience, now: datetime) -> None:
    """Let each commission's workflow hear its facts, all of one commission in one call.

    Raises:
        TemporalAwayError: nothing is written down; the same facts come again.
    """
    by_commission = _by_commission([each for each in told if each.fact.type() in ACTED_UPON])
    if not by_commission:
        return
    commissions = sorted(by_commission)
    known = await store.lock_lives(tx, commissions)
    passed = await store.last_passed(tx, commissions)
    gate = asyncio.Semaphore(_AT_ONCE)

    async def speak(speaker: _Speaker, life: Life | None) -> _Spoken:
        async with gate:
            return await speaker.speak(life)

    speakers = {
        commission: _Speaker(lives, patience, facts, _envelopes(commission, facts, passed))
        for commission, facts in by_commission.items()
    }
    faults.reach("bridge.before_signal")
    async with asyncio.timeout(_BATCH_WITHIN):
        spoken = await _all_of({each: speak(speakers[each], known.get(each)) for each in commissions})
    faults.reach("bridge.after_signal")
    if lost := [commission for commission, each in spoken.items() if each.lost]:
        # They may have ended properly since the first look: no row was there to lock.
        for life in (await store.lock_lives(tx, lost)).values():
            if life.over:
                spoken[life.commission] = speakers[life.commission].over(life)
    await _write_down(tx, spoken, now)


async def _all_of(calls: Mapping[UUID, Coroutine[Any, Any, _Spoken]]) -> dict[UUID, _Spoken]:
    """Every answer. Where one fails the others are waited for: whoever tries again finds no call in flight."""
    answers = await asyncio.gather(*calls.values(), return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return {
        commission: answer for commission, answer in zip(calls, answers, strict=True) if isinstance(answer, _Spoken)
    }


async def _write_down(tx: Tx, spoken: Mapping[UUID, _Spoken], now: datetime) -> None:
    await store.add_lives(tx, [commission for commission, each in spoken.items() if each.lives])
    if lost := [commission for commission, each in spoken.items() if each.lost]:
        await store.lose_lives(tx, lost, now)
    passings = [passing for each in spoken.values() for passing in each.passings]
    await store.add_passings(tx, passings)
    for passing in passings:
        tx.touch(passing.commission)
        if passing.passed in {Passed.AFTER_THE_END, Passed.NOBODY_THERE}:
            log.warning("fact_without_effect", passed=passing.passed, type=passing.type, version=passing.version)


def _by_commission(told: Sequence[Told]) -> Mapping[UUID, Sequence[Told]]:
    grouped: dict[UUID, list[Told]] = {}
    for each in told:
        grouped.setdefault(each.fact.commission, []).append(each)
    return grouped


def _envelopes(
    commission: UUID, told: Sequence[Told], passed: Mapping[tuple[UUID, str], int]
) -> Sequence[FactEnvelope]:
    """Each says which version was passed on before it, since types that are not known here leave gaps."""
    before = {topic: version for (whose, topic), version in passed.items() if whose == commission}
    envelopes = []
    for each in told:
        topic = each.fact.topic.value
        envelopes.append(
            FactEnvelope(
                topic=topic,
                version=each.version,
                follows=before.get(topic, 0),
                type=each.fact.type(),
                at=each.fact.at,
                data=each.fact.model_dump(mode="json"),
            )
        )
        before[topic] = each.version
    return envelopes


@dataclass(frozen=True)
class _Speaker:
    """Speaks to one commission's workflow."""

    lives: Lives
    patience: Patience
    told: Sequence[Told]
    envelopes: Sequence[FactEnvelope]

    async def speak(self, life: Life | None) -> _Spoken:
        """`life` is what is known of it."""
        if life is not None and life.over:
            return self.over(life)
        with tracing.bind(self.told[-1].traceparent):
            return await (self._begin() if life is None else self._tell(life))

    def over(self, life: Life) -> _Spoken:
        """Nothing is said to a life that is over."""
        passings = [self._passing(each, life.heard(each.topic, each.version)) for each in self.envelopes]
        return _Spoken(passings, lives=False, lost=False)

    async def _begin(self) -> _Spoken:
        requests = [each.fact for each in self.told if isinstance(each.fact, CommissionSubmitted)]
        if not requests:
            return await self._tell_a_stranger()
        try:
            await self.lives.start(start_of(requests[0], self.patience), self.envelopes)
        except NoSuchLifeError:
            return self._lost()
        return _Spoken([self._first_heard(each) for each in self.envelopes], lives=True, lost=False)

    def _first_heard(self, envelope: FactEnvelope) -> Passing:
        """Topics come in no order between them: the request need not be the first fact of the batch."""
        began = envelope.type == CommissionSubmitted.type()
        return self._passing(envelope, Passed.STARTED if began else Passed.SIGNALLED)

    async def _tell(self, life: Life) -> _Spoken:
        try:
            await self.lives.signal(life.commission, self.envelopes)
        except NoSuchLifeError:
            return self._lost()
        return _Spoken(self._all(Passed.SIGNALLED), lives=False, lost=False)

    async def _tell_a_stranger(self) -> _Spoken:
        """A life that this table does not know may run all the same; if not, ops see the facts that nobody heard."""
        try:
            await self.lives.signal(self.told[0].fact.commission, self.envelopes)
        except NoSuchLifeError:
            return _Spoken(self._all(Passed.NOBODY_THERE), lives=False, lost=False)
        return _Spoken(self._all(Passed.SIGNALLED), lives=True, lost=False)

    def _lost(self) -> _Spoken:
        """It is over on Temporal, and yet no end was recorded here: terminated, failed, or forgotten."""
        return _Spoken(self._all(Passed.AFTER_THE_END), lives=True, lost=True)

    def _all(self, passed: Passed) -> list[Passing]:
        return [self._passing(each, passed) for each in self.envelopes]

    def _passing(self, envelope: FactEnvelope, passed: Passed) -> Passing:
        return Passing(
            commission=self.told[0].fact.commission,
            topic=envelope.topic,
            version=envelope.version,
            type=envelope.type,
            at=envelope.at,
            passed=passed,
        )


def start_of(submitted: CommissionSubmitted, patience: Patience) -> CommissionStart:
    """What a request's workflow is started with."""
    return CommissionStart(
        commission=submitted.commission,
        customer=submitted.customer,
        craft=submitted.craft,
        offering=submitted.offering,
        offering_version=submitted.offering_version,
        brief_version=submitted.brief_version,
        asked_at=submitted.at,
        needed_by=submitted.needed_by,
        patience=patience,
    )
