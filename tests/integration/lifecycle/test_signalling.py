"""The bridge signals, then writes about it: no transaction is open meanwhile, and a life may end in between."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from datetime import timedelta
from uuid import UUID

import pytest

from services.lifecycle import actions, store
from services.lifecycle.actions.bridge import IncomingFact
from services.lifecycle.actions.temporal_gateway import NoWorkflowError, TemporalGateway
from services.lifecycle.workflow.sequencing import FactEnvelope
from services.lifecycle.workflow.state import CommissionStart, Timeouts
from shared.contracts.fact import CommissionFact, Topic
from shared.contracts.lifecycle import Outcome
from shared.inbox import Transient
from shared.kernel.ids import new_id
from shared.postgres.database import Database, Limits
from tests.support.lifecycle import NOW, kernel_of, submitted, withdrawn
from tests.support.waiting import until

TIMEOUTS = Timeouts(step=timedelta(minutes=15), desk=timedelta(days=14))
COMMISSIONS = Topic.COMMISSIONS.value
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
_OPEN = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"


class Temporal(TemporalGateway):
    """A gateway that does something of a test's while it is called."""

    def __init__(self, database: Database, meanwhile: Callable[[], Awaitable[None]]) -> None:
        super().__init__(kernel_of(database).temporal, "")
        object.__setattr__(self, "_meanwhile", meanwhile)

    async def start(self, start: CommissionStart, facts: Sequence[FactEnvelope]) -> None:  # noqa: ARG002 (as the real one)
        await self._meanwhile()  # type: ignore[attr-defined]

    async def signal(self, commission: UUID, facts: Sequence[FactEnvelope]) -> None:  # noqa: ARG002 (likewise)
        await self._meanwhile()  # type: ignore[attr-defined]


def incoming(*facts: CommissionFact) -> Sequence[IncomingFact]:
    return [
        IncomingFact(fact, fact.model_dump_json().encode(), version, None)
        for version, fact in enumerate(facts, start=1)
    ]


async def passed(database: Database, commission: UUID) -> list[tuple[int, str]]:
    async with database.transaction() as tx:
        query = "SELECT version, outcome FROM fact_delivery WHERE commission = $1 ORDER BY version"
        return [tuple(row) for row in await tx.connection.fetch(query, commission)]


async def ended(database: Database, commission: UUID, counted: dict[str, int]) -> None:
    async with database.transaction() as tx:
        await store.end_workflow(tx, commission, Outcome.WITHDRAWN, counted, NOW)
        await store.mark_too_late(tx, commission)


async def test_neither_transaction_nor_connection_is_kept_while_temporal_is_called(database: Database) -> None:
    """A transaction begins with its first write, so that one that only read would not be seen: the pool has one."""
    only_one = await Database.open(database._dsn, application="lifecycle", size=1, limits=Limits(acquire=2))
    commission, opened = new_id(), list[int]()

    async def look() -> None:
        async with only_one.statement() as tx:
            opened.append(await tx.connection.fetchval(_OPEN))

    facts = incoming(submitted(commission))
    await actions.signal_facts(only_one, facts, gateway=Temporal(only_one, look), timeouts=TIMEOUTS)
    async with only_one.transaction() as tx:
        await actions.deliver_facts(tx, facts, now=NOW)
    await only_one.close(1)

    assert opened == [0]
    assert await passed(database, commission) == [(1, "started")]


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_life_that_ends_before_its_facts_are_written_down_says_which_of_them_counted(
    database: Database, *, is_known: bool
) -> None:
    commission = new_id()
    facts = incoming(submitted(commission), withdrawn(commission), withdrawn(commission))
    if is_known:
        async with database.transaction() as tx:
            await store.add_workflows(tx, [commission])

    async def ends() -> None:
        await ended(database, commission, {COMMISSIONS: 2})

    await actions.signal_facts(database, facts, gateway=Temporal(database, ends), timeouts=TIMEOUTS)
    async with database.transaction() as tx:
        await actions.deliver_facts(tx, facts, now=NOW)

    first = "signalled" if is_known else "started"
    assert await passed(database, commission) == [(1, first), (2, "signalled"), (3, "after_the_end")]


async def test_a_life_that_ended_just_before_the_signal_is_not_lost(database: Database) -> None:
    commission = new_id()
    facts = incoming(withdrawn(commission))
    async with database.transaction() as tx:
        await store.add_workflows(tx, [commission])

    async def has_ended() -> None:
        await ended(database, commission, {COMMISSIONS: 1})
        raise NoWorkflowError

    await actions.signal_facts(database, facts, gateway=Temporal(database, has_ended), timeouts=TIMEOUTS)
    async with database.transaction() as tx:
        await actions.deliver_facts(tx, facts, now=NOW)
        record = (await store.workflows(tx, [commission])).get(commission)

    assert await passed(database, commission) == [(1, "signalled")]
    assert record is not None
    assert record.lost_at is None


async def test_a_life_does_not_record_its_end_between_the_look_at_it_and_what_is_written_of_its_facts(
    database: Database,
) -> None:
    commission = new_id()
    facts = incoming(withdrawn(commission), withdrawn(commission))
    async with database.transaction() as tx:
        await store.add_workflows(tx, [commission])

    async def nothing() -> None:
        """Temporal takes it."""

    async def waits_or_is_over() -> bool:
        async with database.statement() as tx:
            return ending.done() or bool(await tx.connection.fetchval(_WAITING))

    await actions.signal_facts(database, facts, gateway=Temporal(database, nothing), timeouts=TIMEOUTS)
    async with database.transaction() as tx:
        await actions.deliver_facts(tx, facts, now=NOW)
        ending = asyncio.create_task(ended(database, commission, {COMMISSIONS: 1}))
        await until("the end waits for the facts, or is recorded", waits_or_is_over)
    await ending

    assert await passed(database, commission) == [(1, "signalled"), (2, "after_the_end")]


async def test_facts_that_were_not_signalled_are_not_written_down(database: Database) -> None:
    commission = new_id()

    async def nothing() -> None:
        """Temporal takes it."""

    facts = incoming(submitted(commission), withdrawn(commission))
    await actions.signal_facts(database, facts[:1], gateway=Temporal(database, nothing), timeouts=TIMEOUTS)

    with pytest.raises(Transient):
        async with database.transaction() as tx:
            await actions.deliver_facts(tx, facts, now=NOW)
    assert await passed(database, commission) == []


async def test_what_could_not_be_signalled_is_tried_again_and_not_parked(database: Database) -> None:
    """Another copy had the parked record while facts were signalled, and has given it back since."""
    commission = new_id()

    async def deliver() -> None:
        async with database.transaction() as tx:
            await actions.deliver_facts(tx, incoming(withdrawn(commission)), now=NOW)

    with pytest.raises(Transient):
        await asyncio.create_task(deliver(), context=Context())
    assert await passed(database, commission) == []
