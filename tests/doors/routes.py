"""Every route of every service, as its app declares it."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from unittest.mock import patch

from fastapi import FastAPI

from shared.postgres.database import Database
from shared.runtime.health import Health
from shared.runtime.service import Kernel
from shared.temporal.client import Temporal
from shared.web.access import RouteAccess, routes
from shared.web.live import Live
from tests.support.studio import Studio


async def routes_of(studio: Studio, service: str) -> list[RouteAccess]:
    """Read off an app that is built as in earnest, and never asked anything."""
    async with app_of(studio, service) as app:
        return list(routes(app))


@asynccontextmanager
async def app_of(studio: Studio, service: str, **changed: str) -> AsyncIterator[FastAPI]:
    """An app that is built as in earnest, with its database alone; `changed` are settings by name."""
    variables = {f"TOUCHMARK_{name.upper()}": value for name, value in changed.items()}
    with patch.dict(os.environ, studio.environments[service] | variables):
        built = import_module(f"services.{service}.main").build()
    database = await Database.open(studio.dsn[service], application=service)
    kernel = Kernel(
        name=service,
        settings=built.settings,
        database=database,
        live=Live(),
        temporal=Temporal(built.settings),
        health=Health(service),
    )
    try:
        yield built.web(kernel)
    finally:
        await database.close()
