"""Intake's database on the run's PostgreSQL, and its app with every other engine away."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from shared.auth.roles import Role
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.conftest import MakeDatabase
from tests.support.intake import Program, app_of, browser, kernel_of, make_account, opened, person_of, tables, token
from tests.support.second_step import HandMovedClock, MovedIntake


@pytest.fixture(scope="session")
async def intake_dsn(make_database: MakeDatabase) -> str:
    return await tables(await make_database("intake"))


@pytest.fixture(scope="session")
async def database(intake_dsn: str) -> AsyncIterator[Database]:
    async with opened(intake_dsn) as found:
        yield found


@pytest.fixture(scope="session")
async def app(database: Database) -> FastAPI:
    return app_of(await kernel_of(database))


@pytest.fixture
async def ada(app: FastAPI) -> Program:
    """A customer, signed in at the API."""
    return await Program(app).join()


@pytest.fixture
async def ben(app: FastAPI) -> Program:
    """Another customer."""
    return await Program(app).join("Ben", f"ben-{new_id().hex[-12:]}@example.org")


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody with a browser who has never been here."""
    async with browser(app) as client:
        yield client


@pytest.fixture
async def customer(visitor: httpx.AsyncClient, app: FastAPI, database: Database) -> httpx.AsyncClient:
    """The same somebody, after joining, with an address that is confirmed."""
    who = {"name": "Ada Lovelace", "email": f"ada-{new_id().hex[-12:]}@example.org"}
    answer = await visitor.post("/sign-up", data=who)
    assert answer.status_code == 303, answer.text
    await make_account(database, person_of(app, visitor))
    return visitor


@pytest.fixture(scope="session")
async def database_ahead(make_database: MakeDatabase) -> AsyncIterator[Database]:
    """For tests that move the clock: what they leave behind is the newest for all others."""
    async with opened(await tables(await make_database("intake"))) as found:
        yield found


@pytest.fixture
async def moved(database_ahead: Database) -> MovedIntake:
    """Whose clock a test moves."""
    clock = HandMovedClock()
    return MovedIntake(app_of(await kernel_of(database_ahead, clock=clock)), clock)


@pytest.fixture
async def strict(database_ahead: Database) -> MovedIntake:
    """Where people of the studio need two steps."""
    clock = HandMovedClock()
    return MovedIntake(app_of(await kernel_of(database_ahead, clock=clock, ops_second_factor="required")), clock)


@pytest.fixture
def mark() -> str:
    """In a name, an address, a wish and a message of this test's person, and nowhere else."""
    return f"Quetzal{uuid4().hex[:10]}"


@pytest.fixture
async def quetzal(app: FastAPI, mark: str) -> Program:
    """Somebody who can be told from everybody else."""
    return await Program(app).join(f"{mark} Smith", f"{mark}@example.org")


@pytest.fixture
async def ops(app: FastAPI) -> Program:
    program = Program(app)
    program.http.headers["Authorization"] = f"Bearer {token(Role.OPS)}"
    return program
