"""Every route of every service, as its app declares it."""

import os
from importlib import import_module
from unittest.mock import patch

from shared.postgres.database import Database
from shared.runtime.health import Health
from shared.runtime.service import Kernel
from shared.temporal.client import Temporal
from shared.web.access import RouteAccess, routes
from shared.web.live import Live
from tests.support.studio import Studio


async def routes_of(studio: Studio, service: str) -> list[RouteAccess]:
    """Read off an app that is built as in earnest, and never asked anything: it connects to nothing."""
    with patch.dict(os.environ, studio.environments[service]):
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
        return list(routes(built.web(kernel)))
    finally:
        await database.close()
