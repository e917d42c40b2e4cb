"""A customer left: words go at once, the contract is sealed until the law lets it go, and then it erases itself."""

from datetime import date, timedelta
from uuid import UUID

import asyncpg
import pytest

from services.quotes.actions import leaving
from shared.kernel.clock import system_clock
from shared.kernel.retention import kept_until
from shared.postgres.database import Database
from tests.support.quotes import Quotes


async def released(database: Database, today: date) -> int:
    async with database.transaction() as tx:
        return await leaving.erase_released(tx, today, system_clock())


async def row(database: Database, query: str, commission: UUID) -> "asyncpg.Record":
    async with database.statement() as tx:
        found = await tx.connection.fetchrow(query, commission)
    assert found is not None
    return found


async def holds(database: Database, words: str) -> set[str]:
    """The tables that have these words in whatever column."""
    found = set()
    async with database.statement() as tx:
        for (table,) in await tx.connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            query = f'SELECT EXISTS (SELECT 1 FROM "{table}" AS t WHERE t::text ILIKE $1)'  # noqa: S608 (the catalogue's)
            if table != "outbox" and await tx.connection.fetchval(query, f"%{words}%"):
                found.add(table)
    return found


async def test_a_contract_is_sealed_to_the_end_of_the_eighth_year_and_then_erases_itself(
    quotes: Quotes, database: Database
) -> None:
    await released(database, date(9999, 1, 1))  # what other tests have sealed
    name = f"Quetzal{system_clock().timestamp():.0f}"
    customer, commission = await quotes.sent()
    await quotes.record_person(customer, name)
    await quotes.accept(customer, commission)
    await quotes.erase_person(customer)
    sealed = await row(database, "SELECT * FROM sealed_contract WHERE commission = $1", commission)
    last: date = sealed["until_day"]

    early = await released(database, last)
    kept = await holds(database, name)
    over = await released(database, last + timedelta(days=1))
    again = await released(database, last + timedelta(days=2))

    issued = await row(
        database, "SELECT issued_on, total_minor, customer_name FROM invoice WHERE commission = $1", commission
    )
    contract = await row(database, "SELECT address FROM contract WHERE commission = $1", commission)
    assert last == kept_until("DE", issued["issued_on"]) == date(issued["issued_on"].year + 8, 12, 31)
    assert (early, over, again) == (0, 1, 0)
    assert kept == {"invoice", "paper"}
    assert await holds(database, name) == set()
    assert (issued["total_minor"] > 0, issued["customer_name"], contract["address"]) == (True, "", "")
    assert (await quotes.overview(commission)).quote is not None


async def test_without_a_contract_nothing_is_sealed(quotes: Quotes, database: Database) -> None:
    customer, commission = await quotes.sent()
    await quotes.erase_person(customer)

    async with database.statement() as tx:
        assert (
            await tx.connection.fetchval("SELECT count(*) FROM sealed_contract WHERE commission = $1", commission) == 0
        )


async def test_what_never_changes_cannot_be_erased_by_anything_else(quotes: Quotes, database: Database) -> None:
    customer, commission = await quotes.sent()
    await quotes.accept(customer, commission)

    for statement in (
        "DELETE FROM paper WHERE commission = $1",
        "UPDATE contract SET address = '' WHERE commission = $1",
    ):
        with pytest.raises(asyncpg.RestrictViolationError):
            async with database.transaction() as tx:
                await tx.connection.execute(statement, commission)


async def test_the_answer_to_an_erased_customer_is_erased_with_the_question(quotes: Quotes, database: Database) -> None:
    customer, commission = await quotes.sent()
    asked = await quotes.ask(customer, commission)
    answered = await quotes.answer(commission, asked.question)

    await quotes.erase_person(customer)

    [question] = (await quotes.overview(commission)).questions
    async with database.statement() as tx:
        told = await tx.connection.fetch(
            "SELECT key FROM outbox WHERE data IS NULL AND key = ANY($1)", [asked.question, answered.answer]
        )
    assert (question.body, question.answer_body) == (None, None)
    assert {each["key"] for each in told} == {asked.question, answered.answer}


def test_a_country_that_is_not_in_the_table_keeps_longest() -> None:
    assert kept_until("XX", date(2026, 1, 2)) == date(2036, 12, 31)
