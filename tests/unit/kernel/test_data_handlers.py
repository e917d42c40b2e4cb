"""What an inbox takes from the functions it is given, and what it calls them with."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from shared.contracts.commissions import CommissionConfirmed, CommissionWithdrawn, WithdrawalReason
from shared.contracts.fact import CommissionFact, Fact, Topic
from shared.contracts.people import PersonRecorded
from shared.contracts.quotes import QuoteDeclined, QuoteExpired
from shared.inbox import Inbox, Record
from shared.inbox.dispatcher import Dispatcher
from shared.inbox.record import UnreadableError
from shared.postgres.database import Tx
from shared.runtime.service import Kernel

KEY = UUID("0f9d6a3e-1111-4222-8333-444455556666")
AT = datetime(2026, 11, 23, tzinfo=UTC)
WITHDRAWN = CommissionWithdrawn(at=AT, commission=KEY, customer=KEY, reason=WithdrawalReason.OTHER)
TX: Any = object()
KERNEL: Any = object()


def record(
    fact: Fact | None = WITHDRAWN, *, type_: str | None = None, key: UUID = KEY, data: bytes | None = None
) -> Record:
    return Record(
        topic=Topic.COMMISSIONS,
        key=key,
        version=1,
        id=KEY,
        type=type_ or (fact.type() if fact else "touchmark.commissions.Tombstone"),
        source="any",
        time=AT,
        data=data or (fact.model_dump_json().encode() if fact else None),
        traceparent=None,
        partition=0,
        offset=0,
    )


async def dispatched(inbox: Inbox, *records: Record) -> list[bool]:
    dispatcher = Dispatcher(inbox, TX, KERNEL)
    handled = [await dispatcher.dispatch(each) for each in records]
    await dispatcher.finish()
    return handled


async def test_a_handler_is_chosen_by_the_type_and_gets_what_it_asks_for_in_any_order() -> None:
    inbox, seen = Inbox("any", Topic.COMMISSIONS), list[Any]()

    @inbox.handler
    async def withdrawn(kernel: Kernel, record: Record, fact: CommissionWithdrawn, tx: Tx) -> None:
        seen.append((kernel, record, fact, tx))

    @inbox.handler
    async def submitted(_fact: CommissionConfirmed) -> None:
        seen.append("another")

    assert await dispatched(inbox, record()) == [True]
    assert seen == [(KERNEL, record(), WITHDRAWN, TX)]


async def test_one_handler_takes_a_union_of_facts() -> None:
    inbox = Inbox("any", Topic.QUOTES)

    @inbox.handler
    async def over(_fact: QuoteDeclined | QuoteExpired) -> None:
        """Take both."""

    assert set(inbox.facts) == {QuoteDeclined, QuoteExpired}


async def test_what_nobody_handles_is_passed_over_unread() -> None:
    inbox = Inbox("any", Topic.COMMISSIONS)

    @inbox.handler
    async def submitted(_fact: CommissionConfirmed) -> None:
        raise AssertionError("not this one")

    strange = record(type_="touchmark.commissions.FromTheFuture")
    assert await dispatched(inbox, record(), strange, record(None)) == [False, False, False]


async def test_a_tombstone_goes_to_the_handler_of_tombstones() -> None:
    inbox, seen = Inbox("any", Topic.PEOPLE), list[Any]()

    @inbox.tombstone
    async def erased(record: Record, tx: Tx) -> None:
        seen.append((record, tx))

    assert await dispatched(inbox, record(None)) == [True]
    assert seen == [(record(None), TX)]


async def test_data_of_another_key_or_another_shape_is_unreadable() -> None:
    inbox = Inbox("any", Topic.COMMISSIONS)

    @inbox.handler
    async def withdrawn(_fact: CommissionWithdrawn) -> None:
        raise AssertionError("not this one")

    with pytest.raises(UnreadableError, match="another key"):
        await dispatched(inbox, record(key=UUID(int=1)))
    with pytest.raises(
        UnreadableError,
        match=r"the data is no touchmark\.commissions\.CommissionWithdrawn: at, commission, customer, reason",
    ):
        await dispatched(inbox, record(WITHDRAWN, data=b"{}"))


async def test_a_batch_handler_is_called_once_with_all_facts_in_order() -> None:
    inbox, seen = Inbox("any", Topic.COMMISSIONS, Topic.PEOPLE), list[Any]()

    @inbox.batch
    async def project(batch: Sequence[tuple[CommissionFact, Record]], tx: Tx) -> None:
        seen.append(([fact for fact, _ in batch], tx))

    strange = record(type_="touchmark.commissions.FromTheFuture")
    assert await dispatched(inbox, record(), strange, record(), record(None)) == [True, False, True, False]
    assert seen == [([WITHDRAWN, WITHDRAWN], TX)]
    assert PersonRecorded not in inbox.facts


async def test_a_batch_handler_that_allows_none_gets_tombstones() -> None:
    inbox, seen = Inbox("any", Topic.COMMISSIONS), list[Any]()

    @inbox.batch
    async def project(batch: Sequence[tuple[Fact | None, Record]]) -> None:
        seen.extend(fact for fact, _ in batch)

    assert await dispatched(inbox, record(), record(None)) == [True, True]
    assert seen == [WITHDRAWN, None]


async def test_a_batch_handler_is_not_called_for_nothing() -> None:
    inbox = Inbox("any", Topic.COMMISSIONS)

    @inbox.batch
    async def project(_batch: Sequence[tuple[CommissionFact, Record]]) -> None:
        raise AssertionError("there was nothing")

    assert await dispatched(inbox, record(None)) == [False]


async def person_recorded(_person: PersonRecorded) -> None:
    """Handle nothing."""


async def erased(_record: Record) -> None:
    """Erase nothing."""


async def all_at_once(_batch: Sequence[tuple[Fact, Record]]) -> None:
    """Handle nothing."""


async def unannotated(person) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 (that is what is wrong with it)
    """Handle nothing."""


async def of_two(_person: PersonRecorded, _other: PersonRecorded) -> None:
    """Handle nothing."""


async def of_no_fact(_person: str) -> None:
    """Handle nothing."""


def test_an_inbox_handles_only_what_it_reads() -> None:
    with pytest.raises(ValueError, match="PersonRecorded is on none of the topics"):
        Inbox("any", Topic.QUOTES).handler(person_recorded)


@pytest.mark.parametrize(
    ("function", "why"),
    [
        (unannotated, "does not annotate person"),
        (of_two, "more than a fact"),
        (of_no_fact, "is no fact"),
        (erased, "is no fact"),
    ],
)
def test_a_handler_says_which_fact_it_takes(function: Any, why: str) -> None:
    with pytest.raises(TypeError, match=why):
        Inbox("any", Topic.PEOPLE).handler(function)


def test_a_fact_has_one_handler_and_so_have_tombstones() -> None:
    inbox = Inbox("any", Topic.PEOPLE)
    inbox.handler(person_recorded)
    inbox.tombstone(erased)

    with pytest.raises(ValueError, match="PersonRecorded has a handler already"):
        inbox.handler(person_recorded)
    with pytest.raises(ValueError, match="one handler of tombstones"):
        inbox.tombstone(erased)


def test_an_inbox_handles_one_by_one_or_all_at_once() -> None:
    one_by_one, at_once = Inbox("any", Topic.PEOPLE), Inbox("any", Topic.PEOPLE)
    one_by_one.handler(person_recorded)
    at_once.batch(all_at_once)

    with pytest.raises(ValueError, match="either"):
        one_by_one.batch(all_at_once)
    with pytest.raises(ValueError, match="either"):
        at_once.handler(person_recorded)
    with pytest.raises(ValueError, match="either"):
        at_once.batch(all_at_once)
    with pytest.raises(ValueError, match="one handler of tombstones"):
        at_once.tombstone(erased)


async def test_what_comes_ahead_of_a_batch_gets_the_same_facts_and_no_transaction() -> None:
    inbox, seen = Inbox("any", Topic.COMMISSIONS), list[Any]()

    @inbox.batch
    async def write_down(batch: Sequence[tuple[CommissionWithdrawn, Record]], tx: Tx) -> None:
        seen.append((batch[0][0], tx))

    @inbox.ahead
    async def tell_others(batch: Sequence[tuple[CommissionWithdrawn, Record]], kernel: Kernel) -> None:
        seen.append((batch[0][0], kernel))

    dispatcher = Dispatcher(inbox, TX, KERNEL)
    await dispatcher.go_ahead()
    await dispatcher.dispatch(record())
    await dispatcher.go_ahead()
    await dispatcher.finish()

    assert seen == [(WITHDRAWN, KERNEL), (WITHDRAWN, TX)]


def test_what_comes_ahead_of_a_batch_cannot_ask_for_its_transaction() -> None:
    inbox = Inbox("any", Topic.COMMISSIONS)
    inbox.batch(_of_a_batch)

    async def writes(batch: Sequence[tuple[CommissionWithdrawn, Record]], tx: Tx) -> None:
        """There is nothing to write in yet."""

    with pytest.raises(TypeError):
        inbox.ahead(writes)


def test_a_batch_handler_cannot_ask_for_one_record() -> None:
    inbox = Inbox("any", Topic.COMMISSIONS)

    async def reads(batch: Sequence[tuple[CommissionWithdrawn, Record]], record: Record) -> None:
        """There are many."""

    with pytest.raises(TypeError, match="beside its fact"):
        inbox.batch(reads)
    inbox.batch(_of_a_batch)
    with pytest.raises(TypeError, match="beside its fact"):
        inbox.ahead(reads)


def test_a_handler_that_is_not_asynchronous_is_refused_when_it_is_declared() -> None:
    inbox = Inbox("any", Topic.COMMISSIONS)

    def withdrawn(fact: CommissionWithdrawn) -> None:
        """The record would be parked."""

    with pytest.raises(TypeError, match="no coroutine function"):
        inbox.handler(withdrawn)  # type: ignore[type-var]  # what a type checker sees, if there is one


def test_nothing_comes_ahead_of_an_inbox_without_a_batch_handler() -> None:
    """It would never be called, and nobody would notice."""
    undeclared, one_by_one = Inbox("undeclared", Topic.COMMISSIONS), Inbox("one", Topic.COMMISSIONS)
    one_by_one.handler(_of_one)

    for inbox in (undeclared, one_by_one):
        with pytest.raises(ValueError, match="ahead of a batch"):
            inbox.ahead(_of_a_batch)


def test_one_function_comes_ahead_of_a_batch() -> None:
    inbox = Inbox("any", Topic.COMMISSIONS)
    inbox.batch(_of_a_batch)
    inbox.ahead(_of_a_batch)

    with pytest.raises(ValueError, match="ahead of a batch"):
        inbox.ahead(_of_a_batch)


async def _of_a_batch(batch: Sequence[tuple[CommissionWithdrawn, Record]]) -> None:
    """Nothing to do."""


async def _of_one(fact: CommissionWithdrawn) -> None:
    """Nothing to do."""
