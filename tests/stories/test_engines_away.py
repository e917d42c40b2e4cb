"""What is accepted is never lost: engines and services go away while three commissions come in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from deploy.local.engines.engine import Engine, start
from deploy.local.engines.temporal import TemporalEngine
from deploy.local.plan import SERVICES
from deploy.local.ports import free_ports
from deploy.local.processes import Identity, stop_tree
from shared.contracts.people import Role
from tests.support.kafka_logins import as_admin, kafka_engine
from tests.support.studio import MakeDatabase, Studio, open_studio

PAGES = {"/": None, "/commissions": Role.CUSTOMER, "/quotes": Role.OPS, "/bench/promises": Role.MAKER, "/ops": Role.OPS}


class OwnEngine:
    """An engine of this test alone, since it is there to be stopped."""

    def __init__(self, engine: Engine, log: Path) -> None:
        self.engine = engine
        self._log = log
        self._identity: Identity | None = None

    async def start(self) -> None:
        self._identity = await asyncio.to_thread(start, self.engine, self._log)

    async def stop(self) -> None:
        if self._identity:
            await asyncio.to_thread(stop_tree, self._identity)
        self._identity = None


@asynccontextmanager
async def own(engine: Engine, log: Path) -> AsyncIterator[OwnEngine]:
    running = OwnEngine(engine, log)
    await running.start()
    try:
        yield running
    finally:
        await running.stop()


@pytest.mark.timeout(420)
async def test_three_commissions_are_taken_while_something_is_away_and_then_arrive(
    make_database: MakeDatabase, tmp_path: Path
) -> None:
    kafka_port, controller, temporal_port, ui = free_ports(4)
    async with (
        own(kafka_engine(tmp_path / "kafka", kafka_port, controller), tmp_path / "kafka.log") as kafka,
        own(TemporalEngine(tmp_path / "temporal", temporal_port, ui), tmp_path / "temporal.log") as temporal,
        open_studio(
            make_database, as_admin(kafka.engine.address), temporal.engine.address, f"a{uuid4().hex[:8]}-"
        ) as studio,
    ):
        await kafka.stop()
        without_kafka = await three_taken(studio)
        await pages_answer(studio)
        nobody_ended(studio)
        await kafka.start()

        await temporal.stop()
        without_temporal = await three_taken(studio)
        nobody_ended(studio)
        await temporal.start()

        await arrive(studio, without_kafka + without_temporal)

        without_services: list[UUID] = []
        for service in SERVICES[1:]:
            await studio.stop(service)
            without_services += await three_taken(studio)
            await studio.start(service)
        await arrive(studio, without_services)


async def three_taken(studio: Studio) -> list[UUID]:
    """Three customers submit one each, and all get their 201."""
    customers = [await studio.customer() for _ in range(3)]
    return [await customer.submit() for customer in customers]


async def arrive(studio: Studio, commissions: list[UUID]) -> None:
    await asyncio.gather(*(studio.until_stage(commission, "desk", within=120) for commission in commissions))


async def pages_answer(studio: Studio) -> None:
    for path, role in PAGES.items():
        client = studio.as_role(role).client if role else httpx.AsyncClient(base_url=studio.url)
        answer = await client.get(path)
        assert answer.status_code == httpx.codes.OK, f"{path}: {answer.status_code}"


def nobody_ended(studio: Studio) -> None:
    assert [name for name, one in studio.services.items() if one.process.returncode is not None] == []
