"""Somebody who leaves intake and can be told from everybody else, by a mark in all that is theirs."""

from uuid import UUID

from shared.contracts.texts import Subject
from shared.postgres.database import Database
from tests.support.intake import Program, photo
from tests.support.intake_facts import CommissionFacts


async def a_commission(quetzal: Program, database: Database, mark: str) -> tuple[UUID, CommissionFacts]:
    """With a picture, a wish and a message; and a note from the bench."""
    assert quetzal.person
    picture = await quetzal.send_image(photo())
    submitted = await quetzal.submit(images=[picture], why=f"For {mark}, who counts on it.")
    commission = UUID(submitted.json()["commission"])
    await quetzal.post(f"/commissions/{commission}/messages", {"words": f"I am {mark}."})
    record = CommissionFacts(database, commission, quetzal.person)
    await record.write(Subject.NOTE, f"Made for {mark}.")
    return commission, record


async def holders(database: Database, words: str) -> set[str]:
    """The tables in which these words are, in whatever column; but for what is on its way to Kafka."""
    found = set()
    async with database.statement() as tx:
        tables = await tx.connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for table in (row["tablename"] for row in tables):
            query = f'SELECT EXISTS (SELECT 1 FROM "{table}" AS t WHERE t::text ILIKE $1)'  # noqa: S608 (the catalogue's)
            if table != "outbox" and await tx.connection.fetchval(query, f"%{words}%"):
                found.add(table)
    return found
