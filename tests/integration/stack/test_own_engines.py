"""The stack on engines of one's own: here those of the test run."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from deploy.local.plan import SERVICES
from shared.kafka.connection import Kafka
from tests.support.stack import Stack


@pytest_asyncio.fixture(scope="module")
async def stack(
    postgres: str, kafka: Kafka, temporal: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stack]:
    stack = Stack.somewhere(
        tmp_path_factory.mktemp("own"),
        TOUCHMARK_POSTGRES_DSN=postgres,
        TOUCHMARK_KAFKA=kafka.servers,
        TOUCHMARK_KAFKA_USER=kafka.user,
        TOUCHMARK_KAFKA_PASSWORD=kafka.password.get_secret_value(),
        TOUCHMARK_TEMPORAL=temporal,
        # For the services: other tests use the same engines.
        TOUCHMARK_PREFIX=f"own-{uuid4().hex[:8]}-",
    )
    try:
        stack.do("up")
        yield stack
    finally:
        stack.touchmark("down")
        admin = await asyncpg.connect(postgres)
        for service in SERVICES:
            await admin.execute(f"DROP DATABASE IF EXISTS touchmark_{service} WITH (FORCE)")
            await admin.execute(f"DROP ROLE IF EXISTS touchmark_{service}")
        await admin.close()


def test_only_what_is_not_ones_own_is_started(stack: Stack) -> None:
    assert list(stack.state.programs) == ["mail", *SERVICES, "edge"]


def test_a_commission_passes_through_them(stack: Stack) -> None:
    assert "QuoteDrafted" in stack.do("demo")


async def test_no_service_can_enter_anothers_database(stack: Stack) -> None:
    server, _, database = stack.plan.services[1].environment["TOUCHMARK_DATABASE"].rpartition("/")
    assert database == "touchmark_quotes"

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(f"{server}/touchmark_intake")


def test_no_service_knows_the_superuser(stack: Stack, postgres: str) -> None:
    environments = [
        Path(f"/proc/{one.identity.pid}/environ").read_bytes()
        for name, one in stack.state.programs.items()
        if name in SERVICES and one.identity
    ]

    assert len(environments) == len(SERVICES)
    assert [one for one in environments if postgres.encode() in one] == []


def test_an_engine_of_ones_own_that_is_away_is_a_refusal(tmp_path: Path) -> None:
    away = Stack.somewhere(tmp_path, TOUCHMARK_POSTGRES_DSN="postgresql://postgres:x@127.0.0.1:1/postgres")

    done = away.touchmark("up")

    assert done.returncode == 1
    assert "TOUCHMARK_POSTGRES_DSN" in done.stderr
    assert "Traceback" not in done.stderr
    assert away.processes() == set()
