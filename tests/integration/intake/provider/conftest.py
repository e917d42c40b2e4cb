"""The studio's own provider, a real one, and an intake that trusts it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from shared.postgres.database import Database
from tests.support.intake import ORIGIN, app_of, browser, kernel_of
from tests.support.openid import RunningProvider, running_provider
from tests.support.provider import CALLBACK, Invited, back


@pytest.fixture(scope="module")
async def provider() -> AsyncIterator[RunningProvider]:
    async with running_provider(f"{ORIGIN}{CALLBACK}") as running:
        yield running


@pytest.fixture(scope="module")
async def app(database: Database, provider: RunningProvider) -> FastAPI:
    return app_of(await kernel_of(database, **provider.settings()))


@pytest.fixture
async def page(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(app) as client:
        yield client


@pytest.fixture
async def bo(app: FastAPI) -> Invited:
    """Who has never signed in by the provider."""
    return await Invited(app).come()


@pytest.fixture
async def bo_here(bo: Invited, page: httpx.AsyncClient, provider: RunningProvider) -> Invited:
    """The same, signed in by the provider in this browser."""
    await page.get(await back(page, provider, bo.account()))
    return bo
