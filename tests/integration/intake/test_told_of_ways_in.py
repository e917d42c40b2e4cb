"""Whoever's ways in change, or whose recovery code is used, is told: each change is a fact, of ids and codes alone."""

from uuid import UUID

from fastapi import FastAPI

from shared.auth.roles import Proof, Role
from shared.contracts.access import SignInChange, SignInChanged
from shared.postgres.database import Database
from tests.integration.intake.test_passkeys import DeviceKey, add, invited
from tests.support.intake import Program, token
from tests.support.second_step import MovedIntake, keep


async def test_of_an_app_and_of_recovery_codes(moved: MovedIntake, database_ahead: Database) -> None:
    dee, phone, codes = await moved.with_app()
    half = await moved.by_mail(dee)
    wrong = await half.http.post("/second-step", json={"code": "AAAAA-AAAAA"})
    before = await told(database_ahead, dee)

    keep(dee, (await half.http.post("/second-step", json={"code": codes[0]})).json())
    await dee.http.post("/recovery-codes", json={"code": phone.shows(moved.clock.now)})
    [app] = (await dee.http.get("/second-step")).json()["authenticators"]
    moved.clock.move(seconds=30)
    await dee.http.post(f"/authenticators/{app['authenticator']}/removal", json={"code": phone.shows(moved.clock.now)})

    assert (wrong.status_code, before) == (422, [SignInChange.AUTHENTICATOR_ADDED])
    assert await told(database_ahead, dee) == [
        SignInChange.AUTHENTICATOR_ADDED,
        SignInChange.RECOVERY_CODE_USED,
        SignInChange.RECOVERY_CODES_MADE,
        SignInChange.AUTHENTICATOR_REMOVED,
    ]


async def test_of_a_passkey(app: FastAPI, database: Database) -> None:
    maker = await invited(app)

    passkey = (await add(maker, DeviceKey())).json()["passkey"]
    await maker.http.delete(f"/passkeys/{passkey}")

    assert await told(database, maker) == [SignInChange.PASSKEY_ADDED, SignInChange.PASSKEY_REMOVED]


async def test_of_a_reset_by_the_studio_if_it_took_anything_away(moved: MovedIntake, database_ahead: Database) -> None:
    (dee, _, _), plain = await moved.with_app(), await moved.invited()
    moved.desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS, proof=Proof.TWO, at=moved.clock.now)}"

    for somebody in (dee, plain):
        await moved.desk.post(f"/people/{somebody.person}/links", {"second_step": "lost"})

    assert await told(database_ahead, dee) == [SignInChange.AUTHENTICATOR_ADDED, SignInChange.RESET]
    assert await told(database_ahead, plain) == []


async def told(database: Database, whom: Program) -> list[SignInChange]:
    """Of what a person is told, in this order; each is another change."""
    async with database.transaction() as tx:
        rows = await tx.connection.fetch(
            "SELECT data FROM outbox WHERE key = $1 AND type = $2 ORDER BY position", whom.person, SignInChanged.type()
        )
    facts = [SignInChanged.model_validate_json(row["data"]) for row in rows]
    changes: set[UUID] = {fact.change_id for fact in facts}
    assert len(changes) == len(facts)
    return [fact.change for fact in facts]
