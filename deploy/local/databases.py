"""One database and one login a service: none can reach another's tables."""

import asyncpg

from deploy.local.plan import SERVICES
from deploy.local.refusal import Refusal
from deploy.local.secrets import Secrets
from deploy.local.words import _


async def create(dsn: str, secrets: Secrets) -> None:
    """Create what is missing, as the superuser of `dsn`. Doing so again changes nothing.

    Raises:
        Refusal: the server does not let us.
    """
    try:
        admin = await asyncpg.connect(dsn, timeout=10)
    except (OSError, asyncpg.PostgresError) as error:
        raise Refusal(
            _("PostgreSQL refuses the login: %(error)s. Check TOUCHMARK_POSTGRES_DSN.", error=error)
        ) from error
    try:
        for service in SERVICES:
            await _create(admin, f"touchmark_{service}", secrets.of(service))
    except asyncpg.InsufficientPrivilegeError as error:
        raise Refusal(
            _("PostgreSQL refuses: %(error)s. The user in TOUCHMARK_POSTGRES_DSN must be a superuser.", error=error)
        ) from error
    finally:
        await admin.close()


async def _create(admin: "asyncpg.Connection[asyncpg.Record]", name: str, password: str) -> None:
    # Neither statement takes parameters; the name is ours, and the password has no quote in it (URL-safe base64).
    if not await admin.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", name):
        await admin.execute(f"CREATE ROLE {name} LOGIN")
    await admin.execute(f"ALTER ROLE {name} PASSWORD '{password}'")
    if not await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
        await admin.execute(f"CREATE DATABASE {name} OWNER {name}")
    await admin.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
