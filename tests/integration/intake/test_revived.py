"""A backup knows people who have left since: they are erased again, and nobody else is."""

from uuid import UUID

import pytest
from fastapi import FastAPI

from services.intake.actions import erasure
from services.intake.store import erasure as leavers
from shared.contracts.fact import Topic
from shared.contracts.lifecycle import Outcome
from shared.kernel.clock import system_clock
from shared.postgres.database import Database
from tests.support.intake import Program, mailed_right
from tests.support.intake_facts import CommissionFacts, close
from tests.support.intake_leaving import a_commission, holders


async def test_somebody_whom_a_restored_database_revives_is_erased_again(
    quetzal: Program, database: Database, mark: str
) -> None:
    commission, _ = await a_commission(quetzal, database, mark)
    await close(database, commission, Outcome.WITHDRAWN)
    assert quetzal.person
    async with database.transaction() as tx:  # the list of erased keys knows better than the backup
        await tx.connection.execute(
            "INSERT INTO erased_key (topic, key, own, erased_at) VALUES ('touchmark.people', $1, true, now())",
            quetzal.person,
        )

    await erasure.carry_out_due(database, system_clock())

    assert await holders(database, mark) == set()


async def test_however_many_are_revived_all_are_erased_before_anybody_is_answered(
    app: FastAPI, database: Database, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leavers, "_AT_ONCE", 1)
    revived = [await Program(app).join(mark, f"{mark}{number}@example.org") for number in range(3)]

    await revive(database, *((Topic.PEOPLE, each.person) for each in revived if each.person))

    assert await holders(database, mark) == set()


async def revive(database: Database, *keys: tuple[Topic, UUID]) -> None:
    """The list of erased keys knows better than the backup that this database comes from."""
    async with database.transaction() as tx:
        for topic, key in keys:
            await tx.connection.execute(
                "INSERT INTO erased_key (topic, key, own, erased_at) VALUES ($1, $2, true, now())", topic.value, key
            )
    await erasure.erase_revived(database, system_clock())


async def erased_keys(database: Database, *keys: UUID) -> set[tuple[str, UUID]]:
    async with database.statement() as tx:
        rows = await tx.connection.fetch("SELECT topic, key FROM erased_key WHERE own AND key = any($1)", list(keys))
    return {(row["topic"], row["key"]) for row in rows}


async def test_a_maker_whom_a_backup_revives_waits_for_no_piece(
    ada: Program, ops: Program, database: Database, mark: str
) -> None:
    """What was open then is made by somebody else since."""
    invited = {"name": f"{mark} Hammer", "email": f"{mark}@example.org", "role": "maker"}
    maker = UUID((await ops.post("/people/colleagues", invited)).json()["person"])
    commission = await ada.commission()
    assert ada.person
    await CommissionFacts(database, commission, ada.person, maker=maker).until_making()

    await revive(database, (Topic.PEOPLE, maker))

    assert await holders(database, mark) == set()


async def test_a_request_that_was_taken_back_or_denied_before_it_was_confirmed_is_not_revived(
    app: FastAPI, database: Database, mark: str
) -> None:
    async def asked() -> tuple[Program, UUID, UUID]:
        stranger = await Program(app).sign_up(mark, f"{mark}@example.org")
        commission = UUID((await stranger.submit(why=f"For {mark}.")).json()["commission"])
        assert stranger.person
        return stranger, stranger.person, commission

    leaving, left, taken_back = await asked()
    await leaving.post("/people/me/erasure")
    stranger, denying, denied = await asked()
    link = (await mailed_right(database, denied)).link
    await stranger.http.post(f"/commissions/{denied}/confirmation/no", json={"link": link})
    gone = await holders(database, mark)
    _, revived, request = await asked()
    _, confirmed_since, _ = await asked()
    await revive(database, (Topic.PEOPLE, revived), (Topic.BRIEFS, request), (Topic.PEOPLE, confirmed_since))

    assert gone == set()
    assert await erased_keys(database, left, taken_back, denying, denied) == {
        *((Topic.PEOPLE, each) for each in (left, denying)),
        *((Topic.BRIEFS, each) for each in (taken_back, denied)),
    }
    async with database.statement() as tx:
        there = await tx.connection.fetch("SELECT person FROM person WHERE name = $1", mark)
    assert [row["person"] for row in there] == [confirmed_since]


async def test_a_key_that_was_erased_long_ago_is_not_looked_at_again(
    quetzal: Program, database: Database, mark: str
) -> None:
    async with database.transaction() as tx:  # its tombstones were all repeated
        await tx.connection.execute(
            "INSERT INTO erased_key (topic, key, own, erased_at, repeats) "
            "VALUES ('touchmark.people', $1, true, now() - interval '3 days', 2)",
            quetzal.person,
        )

    await erasure.carry_out_due(database, system_clock())

    assert await holders(database, mark) == {"person"}
