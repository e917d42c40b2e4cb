"""Customers whom the studio records, finds, and gives an address."""

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.intake.domain.people import Person
from services.intake.domain.tablet import Handover
from shared.kernel.search import Beginning
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parent.parent / "sql" / "entering.sql")


async def enter_person(tx: Tx, person: Person, at: datetime) -> bool:
    """Whether they are recorded: not where another customer has the address."""
    added = await _QUERIES.enter_person.value_or_none(
        tx,
        UUID,
        person=person.person,
        name=person.name,
        email=person.email,
        language=person.language,
        recorded_at=at,
        entered_by=person.entered_by,
    )
    return added is not None


async def hold_customer(tx: Tx, person: UUID) -> Person | None:
    return await _QUERIES.hold_customer.row_or_none(tx, Person, person=person)


async def customer(tx: Tx, person: UUID) -> Person | None:
    return await _QUERIES.customer.row_or_none(tx, Person, person=person)


async def customer_with(tx: Tx, email: str) -> UUID | None:
    return await _QUERIES.customer_with.value_or_none(tx, UUID, email=email)


async def give_address(tx: Tx, person: UUID, email: str) -> None:
    await _QUERIES.give_address.run(tx, person=person, email=email)


async def confirm_entered(tx: Tx, person: UUID, at: datetime) -> None:
    await _QUERIES.confirm_entered.run(tx, person=person, at=at)


async def index_person(tx: Tx, person: UUID, words: Collection[str]) -> None:
    await _QUERIES.index_person.run(tx, person=person, words=sorted(words))


async def customers(tx: Tx, asked: Sequence[Beginning], at_most: int) -> tuple[Person, ...]:
    """Those who have a word with each of these beginnings, by name."""
    first, *rest = asked
    found = await _QUERIES.customers.rows(
        tx,
        Person,
        low=first.low,
        high=first.high,
        lows=[each.low for each in rest],
        highs=[each.high for each in rest],
        at_most=at_most,
    )
    return tuple(found)


async def add_handover(tx: Tx, handover: Handover) -> None:
    await _QUERIES.add_handover.run(
        tx,
        session=handover.session,
        commission=handover.commission,
        by=handover.by,
        name=handover.name,
        at=handover.at,
    )


async def handovers(tx: Tx, commission: UUID, now: datetime) -> tuple[Handover, ...]:
    """Newest first."""
    return tuple(await _QUERIES.handovers.rows(tx, Handover, commission=commission, now=now))
