"""What tests do with lifecycle: as its doors would, without the engines around it; or with the real Temporal."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import services.lifecycle
from services.lifecycle import actions
from services.lifecycle.settings import LifecycleSettings
from shared import offerings
from shared.contracts.briefs import BriefAnswer, BriefWritten
from shared.contracts.commissions import CommissionConfirmed, CommissionWithdrawn, WithdrawalReason
from shared.contracts.fact import Fact
from shared.contracts.lifecycle import Holder, Phase, PhaseEntered
from shared.contracts.people import PersonRecorded, Role
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id
from shared.offerings.store import record
from shared.postgres.database import Database
from shared.postgres.migrate import migrate
from shared.runtime.health import Health
from shared.runtime.service import Kernel
from shared.temporal.client import Temporal
from shared.web.live import Live
from tests.support import web
from tests.support.service import NOBODY

NOW = web.NOW
_NUMBERS = count(1)


@asynccontextmanager
async def opened(dsn: str) -> AsyncIterator[Database]:
    """An empty database with lifecycle's tables and crafts; tests in it own only their own commissions."""
    await migrate(dsn, Path(services.lifecycle.__file__).parent / "sql" / "migrations")
    database = await Database.open(dsn, application="lifecycle")
    async with database.transaction() as tx:
        await record(tx, offerings.catalogue())
    try:
        yield database
    finally:
        await database.close(1)


def settings_of(**changes: object) -> LifecycleSettings:
    """Settings without engines."""
    usual = {
        "database": "unused",
        "kafka": NOBODY,
        "temporal": NOBODY,
        "port": 0,
        "public_url": web.ORIGIN,
        "token_keys": web.Settings().token_keys,
    }
    return LifecycleSettings.model_validate({**usual, **changes})


def kernel_of(database: Database, clock: Clock = lambda: NOW, **changes: object) -> Kernel[LifecycleSettings]:
    """The kernel of a process that has no engine but its database; its clock is fixed unless one is given."""
    settings = settings_of(**changes)
    live = Live()
    database.on_commit(lambda committed: live.touch(*committed.touched))
    return Kernel(
        name="lifecycle",
        settings=settings,
        database=database,
        live=live,
        temporal=Temporal(settings),
        health=Health("lifecycle"),
        clock=clock,
    )


def submitted(commission: UUID, at: datetime = NOW) -> CommissionConfirmed:
    document = offerings.load("jewellery", "engraved-ring")
    return CommissionConfirmed(
        at=at,
        commission=commission,
        customer=new_id(),
        craft="jewellery",
        offering="engraved-ring",
        offering_version=document.version,
        offering_sha256=document.sha256,
        brief_version=1,
    )


def wished(request: CommissionConfirmed, size: str = "54", version: int = 1) -> BriefWritten:
    """The brief of this request: a ring of 14 ct with an engraving."""
    return BriefWritten(
        at=request.at,
        commission=request.commission,
        brief_version=version,
        craft=request.craft,
        offering=request.offering,
        offering_version=request.offering_version,
        offering_sha256=request.offering_sha256,
        answers=(
            BriefAnswer(field="size", value=size, written=f"iso {size}"),
            BriefAnswer(field="metal", value="gold_585_yellow"),
            BriefAnswer(field="engraving", value="Ada forever"),
        ),
    )


def withdrawn(commission: UUID, at: datetime = NOW) -> CommissionWithdrawn:
    return CommissionWithdrawn(at=at, commission=commission, customer=new_id(), reason=WithdrawalReason.CHANGED_MIND)


def entered(
    commission: UUID,
    phase: Phase,
    holder: Holder = Holder.PROCESS,
    *,
    since: datetime = NOW,
    due: timedelta | None = None,
    number: int | None = None,
) -> PhaseEntered:
    """`due` is after `since`. What is made later has a higher number, if none is given."""
    until = None if due is None else since + due
    return PhaseEntered(
        number=number or next(_NUMBERS),
        at=since,
        commission=commission,
        phase=phase,
        holder=holder,
        since=since,
        due=until,
    )


class Room:
    """The ops room's read model, fed as its inbox feeds it."""

    def __init__(self, database: Database, step: timedelta = timedelta(minutes=15)) -> None:
        self.database = database
        self._step = step
        self._versions: dict[tuple[str, UUID], int] = {}

    async def receives(self, *facts: Fact) -> None:
        """Project facts, each with the next version of its stream."""
        versioned = []
        for fact in facts:
            stream = (fact.topic.value, fact.key)
            self._versions[stream] = version = self._versions.get(stream, 0) + 1
            versioned.append((fact, version))
        async with self.database.transaction() as tx:
            await actions.project(tx, versioned, step=self._step, zone=ZoneInfo("Europe/Berlin"))

    async def knows(self, person: UUID, name: str, email: str = "", *, version: int = 1) -> None:
        """Somebody's record arrives, in this version."""
        record = PersonRecorded(
            at=NOW, person=person, role=Role.CUSTOMER, name=name, email=email or f"{person}@example.org"
        )
        async with self.database.transaction() as tx:
            await actions.record_person(tx, record, version)

    async def forgets(self, person: UUID, version: int = 1000) -> None:
        """The tombstone of somebody's record arrives."""
        async with self.database.transaction() as tx:
            await actions.erase_person(tx, person, version)

    async def reads(self, brief: BriefWritten, version: int | None = None) -> None:
        """A brief arrives; its record has the version of the brief, unless another is given."""
        async with self.database.transaction() as tx:
            await actions.record_brief(tx, brief, version or brief.brief_version)

    async def unreads(self, commission: UUID, version: int = 1000) -> None:
        """The tombstone of a brief arrives."""
        async with self.database.transaction() as tx:
            await actions.erase_brief(tx, commission, version)

    async def rows(self, query: str, *arguments: object) -> list[dict[str, Any]]:
        """What is in the database."""
        async with self.database.transaction() as tx:
            return [dict(row) for row in await tx.connection.fetch(query, *arguments)]

    async def facts(self, commission: UUID) -> list[tuple[str, dict[str, Any]]]:
        """The facts that are published about a commission, oldest first, by class and what they say."""
        rows = await self.rows(
            "SELECT type, data::jsonb - 'commission' AS data FROM outbox WHERE key = $1 ORDER BY position", commission
        )
        return [(row["type"].rpartition(".")[2], json.loads(row["data"])) for row in rows]


def now() -> datetime:
    return datetime.now(UTC)
