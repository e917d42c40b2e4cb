"""The address of somebody for whom the studio entered a request: put right until it is proven."""

import asyncio
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from services.intake.domain.people import Person
from services.intake.store import add_person
from shared.auth.roles import Role
from shared.contracts.commissions import CommissionConfirmed
from shared.contracts.people import PersonRecorded
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.intake import RING, Program, browser, newest_fact, sign_in_link, token


@pytest.fixture
async def ops(app: FastAPI, database: Database) -> Program:
    """Somebody of the studio, at the API."""
    person = new_id()
    async with database.transaction() as tx:
        await add_person(tx, Person(person, Role.OPS, "Ida Ops", f"ida-{person.hex}@example.org"), system_clock())
    program = Program(app)
    program.http.headers["Authorization"] = f"Bearer {token(Role.OPS, person)}"
    return program


def address() -> str:
    return f"zoe-{new_id().hex[-12:]}@example.org"


async def customer(ops: Program, database: Database, email: str | None = None) -> UUID:
    """Somebody who asked for a ring at the counter."""
    body = {"craft": "jewellery", "offering": "engraved-ring", "answers": RING, "way": "counter"}
    answer = await ops.post("/requests", {**body, "for_name": "Zoë Quist", "for_email": email})
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return (await newest_fact(database, UUID(answer.json()["commission"]), CommissionConfirmed)).customer


async def is_account(database: Database, person: UUID) -> bool:
    async with database.statement() as tx:
        found: bool = await tx.connection.fetchval(
            "SELECT confirmed_at IS NOT NULL FROM person WHERE person = $1", person
        )
    return found


async def test_a_mistyped_address_is_put_right_and_its_mails_sign_nobody_in(
    ops: Program, database: Database, visitor: httpx.AsyncClient
) -> None:
    mistyped, right = address(), address()
    zoe = await customer(ops, database, mistyped)
    link_there = await sign_in_link(database, zoe)

    put_right = await ops.http.put(f"/customers/{zoe}/address", json={"email": right})
    by_a_stranger = await visitor.post("/sign-in/link", data={"link": link_there})
    before = await is_account(database, zoe)
    await visitor.post("/sign-in/link", data={"link": await sign_in_link(database, zoe)})

    assert put_right.status_code == httpx.codes.NO_CONTENT
    assert (await newest_fact(database, zoe, PersonRecorded)).email == right
    assert by_a_stranger.status_code != httpx.codes.SEE_OTHER
    assert (before, await is_account(database, zoe)) == (False, True)


async def test_an_address_is_put_right_or_proven_but_never_both(ops: Program, database: Database, app: FastAPI) -> None:
    mistyped, right = address(), address()
    zoe = await customer(ops, database, mistyped)
    link = await sign_in_link(database, zoe)

    async with browser(app) as there:
        put_right, signed = await asyncio.gather(
            ops.http.put(f"/customers/{zoe}/address", json={"email": right}),
            there.post("/sign-in/link", data={"link": link}),
        )

    proven = signed.status_code == httpx.codes.SEE_OTHER
    assert put_right.status_code == (httpx.codes.CONFLICT if proven else httpx.codes.NO_CONTENT)
    assert (await newest_fact(database, zoe, PersonRecorded)).email == (mistyped if proven else right)
    assert await is_account(database, zoe) == proven


async def test_an_address_is_never_somebody_elses_and_stays_once_it_is_proven(
    ops: Program, database: Database, app: FastAPI, visitor: httpx.AsyncClient
) -> None:
    taken = address()
    await Program(app).join("Ada", taken)
    zoe = await customer(ops, database)

    of_another = await ops.http.put(f"/customers/{zoe}/address", json={"email": taken})
    await ops.http.put(f"/customers/{zoe}/address", json={"email": address()})
    await visitor.post("/sign-in/link", data={"link": await sign_in_link(database, zoe)})
    changed = await ops.http.put(f"/customers/{zoe}/address", json={"email": address()})

    assert (of_another.status_code, of_another.json()["fields"][0]["field"]) == (422, "/email")
    assert changed.status_code == httpx.codes.CONFLICT
