"""All of intake in its own process: with no engine but PostgreSQL, with all of them, and killed after its commit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from shared.auth.keys import public_keys
from shared.contracts.commands.command import Done
from shared.contracts.commands.intake import CloseCommission
from shared.contracts.fact import Topic
from shared.contracts.lifecycle import Holder, Outcome, Phase, PhaseEntered
from shared.kafka.connection import Kafka
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from tests.conftest import MakeDatabase
from tests.support.intake import RING, SIGNING_KEY, mailed_right, opened
from tests.support.kafka import TestTopics, as_record
from tests.support.service import RunningService, running, settings
from tests.support.waiting import until

BUILD = "services.intake.main:build"
VERIFIED_BY = public_keys(SIGNING_KEY)
BODY = {"craft": "jewellery", "offering": "engraved-ring", "answers": dict(RING)}
WHO = {"name": "Ada", "email": "ada@example.org"}


@asynccontextmanager
async def signed_up(service: RunningService) -> AsyncIterator[httpx.AsyncClient]:
    """The program of somebody who has confirmed nothing yet."""
    async with httpx.AsyncClient(base_url=f"{await service.url()}/api/v1/intake", timeout=20) as client:
        said = (await client.post("/people", json=WHO)).raise_for_status().json()
        client.headers["Authorization"] = f"Bearer {said['token']}"
        yield client


@asynccontextmanager
async def joined(service: RunningService, dsn: str) -> AsyncIterator[httpx.AsyncClient]:
    """A customer's program, signed in."""
    async with signed_up(service) as client, opened(dsn) as database:
        async with database.statement() as tx:
            await tx.connection.execute("UPDATE person SET confirmed_at = now()")
        yield client


async def test_it_takes_commissions_with_kafka_and_temporal_away(make_database: MakeDatabase) -> None:
    """And has them confirmed: accepting work needs nothing but PostgreSQL."""
    dsn = await make_database("intake")
    async with running(BUILD, settings(database=dsn, token_keys=VERIFIED_BY, signing_key=SIGNING_KEY)) as service:
        await service.ready()
        async with signed_up(service) as ada, opened(dsn) as database:
            answer = await ada.post("/commissions", json=BODY, headers={"Idempotency-Key": "one"})
            commission = UUID(answer.json()["commission"])
            mailed = await mailed_right(database, commission)
            confirmed = await ada.post(f"/commissions/{commission}/confirmation", json={"code": mailed.code})
            ada.headers["Authorization"] = f"Bearer {confirmed.json()['token']}"
            page = await ada.get(f"/commissions/{commission}/timeline")

    assert (answer.status_code, confirmed.status_code) == (201, 201), confirmed.text
    assert page.json()["status"]["on_its_way"]


async def test_what_was_accepted_is_published_and_what_is_published_is_shown(
    make_database: MakeDatabase, kafka: Kafka, temporal: str, prefix: str
) -> None:
    topics = TestTopics(kafka, prefix)
    await topics.make(Topic.LIFECYCLE, Topic.PRODUCTION, Topic.QUOTES, Topic.PAYMENTS, Topic.NOTIFICATIONS)
    dsn = await make_database("intake")
    environment = settings(
        database=dsn,
        kafka=kafka,
        temporal=temporal,
        prefix=prefix,
        token_keys=VERIFIED_BY,
        signing_key=SIGNING_KEY,
    )
    async with running(BUILD, environment) as service:
        await service.ready()
        async with joined(service, dsn) as ada:
            answer = await ada.post("/commissions", json=BODY, headers={"Idempotency-Key": "one"})
            commission = UUID(answer.json()["commission"])
            [submitted] = await topics.shows(Topic.COMMISSIONS, 1)
            [brief] = await topics.shows(Topic.BRIEFS, 1)
            [person] = await topics.shows(Topic.PEOPLE, 1)

            at = system_clock()
            stage = PhaseEntered(
                number=1, at=at, commission=commission, phase=Phase.DESK, holder=Holder.STUDIO, since=at, due=at
            )
            await topics.put(Topic.LIFECYCLE, as_record(stage, 1), as_record(stage, 1))

            async def shown() -> bool:
                page = (await ada.get(f"/commissions/{commission}/timeline")).json()
                return bool(page["status"]["headline"].startswith("The studio is checking your quote"))

            await until("the stage is shown", shown, within=30)
            await close(temporal, prefix, commission)
            closed = (await ada.get(f"/commissions/{commission}")).json()

    assert (submitted.key, brief.key) == (commission, commission)
    assert submitted.type.endswith("CommissionConfirmed")
    assert person.data
    assert b"ada@example.org" in person.data
    assert submitted.data
    assert b"Ada" not in submitted.data
    assert (closed["state"], closed["outcome"]) == ("closed", "lapsed")


async def close(temporal: str, prefix: str, commission: UUID) -> None:
    """The command, as the commission's workflow would ask for it."""
    client = await Client.connect(temporal, data_converter=pydantic_data_converter)
    command = CloseCommission(id=new_id(), commission=commission, outcome=Outcome.LAPSED)
    await client.execute_activity(
        CloseCommission.activity(),
        command,
        id=f"{prefix}{command.id}",
        task_queue=f"{prefix}intake",
        result_type=Done,
        start_to_close_timeout=timedelta(seconds=30),
    )


async def test_a_kill_after_the_commit_loses_nothing_and_doubles_nothing(
    make_database: MakeDatabase, tmp_path: Path
) -> None:
    database, marker = await make_database("intake"), tmp_path / "killed"
    armed = settings(
        database=database, faults={"web.after_commit": marker}, token_keys=VERIFIED_BY, signing_key=SIGNING_KEY
    )
    async with running(BUILD, armed) as service:
        await service.ready()
        async with joined(service, database) as ada:
            authorization = ada.headers["Authorization"]
            with pytest.raises(httpx.TransportError):
                await ada.post("/commissions", json=BODY, headers={"Idempotency-Key": "one"})
        await service.ended()
    assert marker.exists()

    async with running(BUILD, settings(database=database, token_keys=VERIFIED_BY, signing_key=SIGNING_KEY)) as service:
        await service.ready()
        url = f"{await service.url()}/api/v1/intake"
        async with httpx.AsyncClient(base_url=url, headers={"Authorization": authorization}) as ada:
            again = await ada.post("/commissions", json=BODY, headers={"Idempotency-Key": "one"})
            listed = (await ada.get("/commissions")).json()["items"]

    assert again.status_code == 201
    assert [each["commission"] for each in listed] == [again.json()["commission"]]
