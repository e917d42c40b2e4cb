"""A service's process: what it does while engines are away, and how it ends."""

import asyncio
import re
import socket
import time
from urllib.parse import urlsplit

import httpx

from tests.integration.runtime.conftest import SAMPLE, through
from tests.support.forwarder import forwarder
from tests.support.service import NOBODY, RunningService, running, settings
from tests.support.waiting import until

AWAY = f"postgres://nobody@{NOBODY}/nothing"


async def parts(service: RunningService) -> dict[str, dict[str, str]]:
    report: dict[str, dict[str, dict[str, str]]] = (await service.health()).json()
    return report["parts"]


async def part_becomes(service: RunningService, part: str, state: str) -> None:
    async def is_so() -> bool:
        return (await parts(service)).get(part, {}).get("state") == state

    await until(f"{part} is {state}", is_so, within=20)


async def readiness_becomes(service: RunningService, status: int) -> None:
    async def is_so() -> bool:
        return (await service.health()).status_code == status

    await until(f"/health/ready answers {status}", is_so, within=20)


async def test_a_process_without_any_engine_lives_says_why_it_is_not_ready_and_stops_cleanly() -> None:
    async with running(SAMPLE, settings(database=AWAY)) as sample, httpx.AsyncClient() as client:
        url = await sample.url()
        await sample.logged("database_not_ready")

        live = await client.get(f"{url}/health/live")
        ready = await client.get(f"{url}/health/ready")
        api = await client.get(f"{url}/")
        page = await client.get(f"{url}/", headers={"Accept": "text/html,*/*;q=0.8"})
        metrics = await client.get(f"{url}/metrics")

        assert live.status_code == 200
        assert ready.status_code == 503
        assert ready.json()["parts"]["database"]["state"] == "starting"
        assert ready.json()["parts"]["database"]["reason"]
        assert api.status_code == page.status_code == 503
        assert api.headers["content-type"] == "application/problem+json"
        assert api.headers["retry-after"] == "1"
        assert api.json()["type"] == "urn:touchmark:problem:unavailable"
        assert api.json()["detail"] in page.text
        assert "process_resident_memory_bytes" in metrics.text
        assert await sample.stop() == 0


async def test_a_process_that_started_before_postgresql_migrates_and_goes_on_when_it_comes(sample_dsn: str) -> None:
    async with forwarder(urlsplit(sample_dsn).netloc.rpartition("@")[2]) as door:
        environment = settings(database=through(sample_dsn, door.address))
        async with running(SAMPLE, environment) as sample, httpx.AsyncClient() as client:
            await sample.logged("database_not_ready")

            await door.open()
            await sample.ready()

            assert (await client.get(await sample.url())).text == "0"


async def test_a_process_that_loses_postgresql_says_so_and_recovers(sample_dsn: str) -> None:
    async with forwarder(urlsplit(sample_dsn).netloc.rpartition("@")[2]) as door:
        await door.open()
        environment = settings(database=through(sample_dsn, door.address))
        async with running(SAMPLE, environment) as sample, httpx.AsyncClient() as client:
            await sample.ready()

            await door.shut()
            await readiness_becomes(sample, 503)
            assert (await parts(sample))["database"]["state"] == "degraded"

            await door.open()
            await readiness_becomes(sample, 200)
            assert (await client.get(await sample.url())).text == "0"


async def test_kafka_and_temporal_away_degrade_a_process_and_pages_go_on(sample_dsn: str) -> None:
    async with running(SAMPLE, settings(database=sample_dsn)) as sample, httpx.AsyncClient() as client:
        await sample.ready()
        await sample.logged("part_starts_again", part="worker")

        page = await client.get(await sample.url())
        health = await sample.health()

        assert page.status_code == 200
        assert health.status_code == 200
        assert health.json()["parts"]["kafka"]["state"] == "degraded"
        assert health.json()["parts"]["temporal"]["state"] == "degraded"
        assert sample.process.returncode is None


async def test_a_worker_that_started_before_temporal_works_when_it_comes(
    sample_dsn: str, temporal: str, prefix: str
) -> None:
    async with forwarder(temporal) as door:
        environment = settings(database=sample_dsn, temporal=door.address, prefix=prefix, roles="worker")
        async with running(SAMPLE, environment) as sample:
            await sample.logged("part_starts_again", part="worker")

            await door.open()

            await part_becomes(sample, "worker", "up")
            assert (await parts(sample))["temporal"]["state"] == "up"


async def test_a_part_that_fails_is_started_again_and_counted(sample_dsn: str) -> None:
    async with running(SAMPLE, settings(database=sample_dsn)) as sample, httpx.AsyncClient() as client:
        await sample.ready()
        failed = await sample.logged("part_failed", part="loop clumsy")

        await part_becomes(sample, "loop clumsy", "up")

        counted = (await client.get(f"{await sample.url()}/metrics")).text
        assert "RuntimeError: stumbled" in failed["exception"]
        assert re.search(r'touchmark_part_restarts_total\{part="loop clumsy"\} [12]\.0', counted)


async def test_a_process_runs_only_the_roles_it_is_given(sample_dsn: str) -> None:
    async with running(SAMPLE, settings(database=sample_dsn, roles="web")) as sample:
        await sample.ready()

        assert set(await parts(sample)) == {"database", "ended sessions"}


async def test_a_graceful_stop_ends_live_pages_first(sample_dsn: str) -> None:
    environment = settings(database=sample_dsn)
    async with running(SAMPLE, environment) as sample, httpx.AsyncClient(timeout=20) as client:
        await sample.ready()
        async with client.stream("GET", f"{await sample.url()}/live") as live:
            lines = live.aiter_lines()
            while await anext(lines) != "data: here":
                pass
            began = time.monotonic()

            sample.process.terminate()
            rest = [line async for line in lines]  # httpx raises if the stream is torn off

        assert await sample.ended() == 0
        assert time.monotonic() - began < 5
        assert "event: change" not in rest


async def test_a_request_that_does_not_end_is_cut_within_the_limit(sample_dsn: str) -> None:
    environment = settings(database=sample_dsn, stop_within="4")
    async with running(SAMPLE, environment) as sample, httpx.AsyncClient(timeout=20) as client:
        await sample.ready()
        request = asyncio.create_task(client.get(f"{await sample.url()}/stubborn"))
        taken = await sample.logged("request_taken")
        began = time.monotonic()

        code = await sample.stop()

        assert code == 0
        assert taken["role"] == "web"
        assert time.monotonic() - began < 4
        await asyncio.gather(request, return_exceptions=True)


async def test_a_part_that_does_not_end_is_left_behind_and_the_stop_is_clean(sample_dsn: str) -> None:
    environment = settings(database=sample_dsn, stop_within="3")
    async with running(f"{SAMPLE}_stubborn", environment) as sample:
        await sample.logged("loop_begun")

        code = await sample.stop()

        assert code == 0
        assert await sample.logged("part_left_behind", part="loop stubborn")


async def test_a_process_whose_loop_hangs_is_gone_at_the_limit(sample_dsn: str) -> None:
    environment = settings(database=sample_dsn, stop_within="2")
    async with running(SAMPLE, environment) as sample, httpx.AsyncClient(timeout=20) as client:
        await sample.ready()
        request = asyncio.create_task(client.get(f"{await sample.url()}/blocking"))
        await sample.logged("request_taken")
        began = time.monotonic()

        code = await sample.stop()

        assert code == 70
        assert time.monotonic() - began < 4
        await asyncio.gather(request, return_exceptions=True)


async def test_a_taken_port_ends_the_process_with_the_reason() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        async with running(SAMPLE, settings(database=AWAY, port=str(port))) as sample:
            said = await sample.logged("could_not_listen")

            assert said["port"] == port
            assert await sample.ended() == 1


async def test_a_setting_that_is_missing_is_named_and_no_value_is_shown() -> None:
    environment = settings(database="postgres://me:hunter2@db/x", roles="web,oven")
    del environment["TOUCHMARK_KAFKA"]

    async with running(SAMPLE, environment) as sample:
        code = await sample.ended()

    said = sample.tail()
    assert code == 78
    assert "TOUCHMARK_KAFKA: Field required" in said
    assert "TOUCHMARK_ROLES" in said
    assert "hunter2" not in said


async def test_a_fault_in_the_wiring_ends_the_process(sample_dsn: str) -> None:
    async with running(f"{SAMPLE}_miswired", settings(database=sample_dsn)) as sample:
        said = await sample.logged("process_failed")

        assert "a route without access" in said["exception"]
        assert await sample.ended() == 1
