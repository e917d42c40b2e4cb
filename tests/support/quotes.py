"""What tests do with quotes: as its doors would, without the engines around it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import services.quotes
from services.quotes import actions
from services.quotes.actions import Desk
from services.quotes.settings import Settings
from shared import crafts
from shared.auth.roles import Caller, Role
from shared.contracts.briefs import BriefWritten
from shared.contracts.commands.command import Result
from shared.contracts.commands.quotes import DraftQuote, ExpireQuote, QuoteDraft
from shared.contracts.quotes import QuoteEnd
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

OPS = Caller(new_id(), Role.OPS, new_id())
NOW = web.NOW
RING = crafts.load("jewellery")


@asynccontextmanager
async def opened(dsn: str) -> AsyncIterator[Database]:
    """An empty database with the tables and the crafts of quotes; tests in it own only their own commissions."""
    await migrate(dsn, Path(services.quotes.__file__).parent / "sql" / "migrations")
    database = await Database.open(dsn, application="quotes")
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
    }
    return Settings.model_validate({**usual, **changes})


def kernel_of(database: Database, **changes: object) -> Kernel[Settings]:
    """The kernel of a process that has no engine but its database; its clock stands still."""
    settings = settings_of(**changes)
    live = Live()
    database.on_commit(lambda committed: live.touch(*committed.touched))
    return Kernel(
        name="quotes",
        settings=settings,
        database=database,
        live=live,
        temporal=Temporal(settings),
        health=Health("quotes"),
        clock=lambda: NOW,
    )


def brief(commission: UUID, *, version: int = 1, at: datetime = NOW, **changed: str) -> BriefWritten:
    """What a customer asked for, as intake tells it."""
    typed = {
        "size": "54",
        "size_system": "iso",
        "metal": "gold_750_yellow",
        "finish": "satin",
        "engraving": "For ever",
        "occasion": "wedding",
        "why": "For her.",
        **changed,
    }
    return BriefWritten(
        at=at,
        commission=commission,
        customer=new_id(),
        brief_version=version,
        craft="jewellery",
        craft_version=RING.version,
        craft_sha256=RING.sha256,
        answers=crafts.validate_answers(RING.craft, typed, at.date()),
    )


class Quotes:
    """What tests do with quotes: as its doors would."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.settings = settings_of()

    async def learn(self, written: BriefWritten) -> None:
        async with self.database.transaction() as tx:
            await actions.keep_brief(tx, written)

    async def forget(self, commission: UUID) -> None:
        async with self.database.transaction() as tx:
            await actions.forget_brief(tx, commission, NOW)

    async def draft(self, commission: UUID, *, brief_version: int = 1, command: UUID | None = None) -> QuoteDraft:
        """The command, by a fresh id unless one is given."""
        asked = DraftQuote(id=command or new_id(), commission=commission, brief_version=brief_version)

        async def action(tx: Tx, given: DraftQuote) -> Result:
            return await actions.draft_quote(tx, given, new_id=new_id, at=NOW, vat_percent=Decimal(19))

        result = await once(self.database, asked, action, NOW)
        assert isinstance(result, QuoteDraft)
        return result

    async def expire(
        self, commission: UUID, draft: QuoteDraft, reason: QuoteEnd = QuoteEnd.LAPSED, *, command: UUID | None = None
    ) -> None:
        asked = ExpireQuote(
            id=command or new_id(),
            commission=commission,
            quote=draft.quote,
            quote_version=draft.quote_version,
            reason=reason,
        )

        async def action(tx: Tx, given: ExpireQuote) -> Result:
            return await actions.expire_quote(tx, given, at=NOW)

        await once(self.database, asked, action, NOW)

    async def desk(self, commission: UUID) -> Desk:
        async with self.database.transaction() as tx:
            return await actions.read_desk(tx, OPS, commission, now=NOW, settings=self.settings)

    async def facts(self, commission: UUID) -> list[tuple[str, dict[str, Any]]]:
        """The facts that are staged about a commission, oldest first, by class and what they say."""
        async with self.database.transaction() as tx:
            rows = await tx.connection.fetch(
                "SELECT type, data::jsonb - 'at' - 'commission' AS data FROM outbox WHERE key = $1 ORDER BY position",
                commission,
            )
        return [(row["type"].rpartition(".")[2], json.loads(row["data"])) for row in rows]
