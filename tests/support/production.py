"""What tests do with production: as its doors would, without the engines around it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import services.production
from services.production.actions import promises as actions
from services.production.domain.promise import Promise, PromiseState
from services.production.settings import Settings
from shared import crafts
from shared.auth.keys import new_signing_key
from shared.auth.roles import Caller, Role
from shared.contracts.commands.command import Result
from shared.contracts.commands.production import HeldPromise, HoldPromise, ReleasePromise
from shared.contracts.production import PromiseEnd
from shared.crafts.store import record
from shared.kernel.ids import new_id
from shared.postgres.database import Database, Tx
from shared.postgres.migrate import migrate
from shared.runtime.health import Health
from shared.runtime.service import Kernel
from shared.temporal.activities import once
from shared.temporal.client import Temporal
from shared.web.live import Live
from tests.support import web
from tests.support.service import NOBODY

MAKER = Caller(new_id(), Role.MAKER, new_id())
NOW = web.NOW
CERTIFICATE_KEY = new_signing_key()


@asynccontextmanager
async def opened(dsn: str) -> AsyncIterator[Database]:
    """An empty database with the tables and the crafts of production; tests in it own only their own commissions."""
    await migrate(dsn, Path(services.production.__file__).parent / "sql" / "migrations")
    database = await Database.open(dsn, application="production")
    async with database.transaction() as tx:
        await record(tx, crafts.catalogue())
    try:
        yield database
    finally:
        await database.close(1)


def settings_of(**changes: object) -> Settings:
    """Settings without engines."""
    usual = {
        "database": "unused",
        "kafka": NOBODY,
        "temporal": NOBODY,
        "port": 0,
        "public_url": web.ORIGIN,
        "token_keys": web.Settings().token_keys,
        "certificate_key": CERTIFICATE_KEY,
    }
    return Settings.model_validate({**usual, **changes})


def kernel_of(database: Database, **changes: object) -> Kernel[Settings]:
    """The kernel of a process that has no engine but its database; its clock stands still."""
    settings = settings_of(**changes)
    live = Live()
    database.on_commit(lambda committed: live.touch(*committed.touched))
    return Kernel(
        name="production",
        settings=settings,
        database=database,
        live=live,
        temporal=Temporal(settings),
        health=Health("production"),
        clock=lambda: NOW,
    )


class Production:
    """What tests do with production: as its doors would."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.settings = settings_of()

    async def hold(
        self, commission: UUID, *, command: UUID | None = None, craft_version: int = 1, needed_by: date | None = None
    ) -> HeldPromise:
        """The command, by a fresh id unless one is given."""
        asked = HoldPromise(
            id=command or new_id(),
            commission=commission,
            craft="jewellery",
            craft_version=craft_version,
            asked_at=NOW,
            needed_by=needed_by,
        )

        async def action(tx: Tx, given: HoldPromise) -> Result:
            return await actions.hold_promise(tx, given, new_id=new_id, now=NOW, settings=self.settings)

        result = await once(self.database, asked, action, NOW)
        assert isinstance(result, HeldPromise)
        return result

    async def release(
        self, commission: UUID, promise: UUID, reason: PromiseEnd = PromiseEnd.LAPSED, *, command: UUID | None = None
    ) -> None:
        asked = ReleasePromise(id=command or new_id(), commission=commission, promise=promise, reason=reason)

        async def action(tx: Tx, given: ReleasePromise) -> Result:
            return await actions.release_promise(tx, given, now=NOW)

        await once(self.database, asked, action, NOW)

    async def promise(self, promise: UUID, state: PromiseState | None = None) -> Promise:
        """One promise as the bench sees it."""
        async with self.database.transaction() as tx:
            page = await actions.read_promises(tx, MAKER, state=state, at_most=10_000)
        return next(each for each in page.promises if each.promise == promise)

    async def facts(self, commission: UUID) -> list[tuple[str, dict[str, Any]]]:
        """The facts that are staged about a commission, oldest first, by class and what they say."""
        async with self.database.transaction() as tx:
            rows = await tx.connection.fetch(
                "SELECT type, data::jsonb - 'at' - 'commission' AS data FROM outbox WHERE key = $1 ORDER BY position",
                commission,
            )
        return [(row["type"].rpartition(".")[2], json.loads(row["data"])) for row in rows]
