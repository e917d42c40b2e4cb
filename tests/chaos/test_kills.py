"""SIGKILL at each fault point of each role: the commission still arrives, once."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from shared.runtime import faults
from tests.chaos import rounds
from tests.chaos.rounds import Round
from tests.support.studio import RING, Person, Studio
from tests.support.waiting import until

ROUNDS = rounds.together() + (rounds.alone() if os.environ.get("TOUCHMARK_CHAOS") == "long" else [])


def test_every_fault_point_there_is_belongs_to_a_round() -> None:
    armed = {point for one in rounds.together() for point in one.values()}

    assert armed == faults.POINTS


@pytest.mark.timeout(300)
@pytest.mark.parametrize("armed", ROUNDS, ids=lambda armed: "+".join(sorted(set(armed.values()))))
async def test_a_commission_arrives_once_whatever_is_killed(studio: Studio, armed: Round, tmp_path: Path) -> None:
    markers = {service: tmp_path / f"{service}.marker" for service in armed}
    for service, point in armed.items():
        await studio.restart(service, faults={point: markers[service]})

    async with raised_again(studio, armed, markers):
        customer = await patient_customer(studio)
        commission = await submit_until_taken(customer)
        await studio.until_stage(commission, "desk", within=120)
        # Who withdraws before the mail about the quote is written does not get it any more.
        await until("two mails", lambda: len(mailed(studio, commission)) >= 2, within=90)
        await withdraw_until_taken(customer, commission)
        await studio.until_ended(commission, within=120)
        await until("every armed point was reached", lambda: all(one.exists() for one in markers.values()), within=60)
        await settled(studio, commission)

    await happened_once(studio, commission)


@asynccontextmanager
async def raised_again(studio: Studio, armed: Round, markers: dict[str, Path]) -> AsyncIterator[None]:
    """Start again what is killed, as a supervisor does, with the proof that it died where it was armed to."""
    watching = [
        asyncio.create_task(_raise(studio, service, point, markers[service])) for service, point in armed.items()
    ]
    try:
        yield
    finally:
        for task in watching:
            task.cancel()
        ended = await asyncio.gather(*watching, return_exceptions=True)
        for service, marker in markers.items():
            if not marker.exists():
                await studio.restart(service)
    for failed in (one for one in ended if isinstance(one, Exception)):
        raise failed


async def _raise(studio: Studio, service: str, point: str, marker: Path) -> None:
    code = await studio.services[service].ended(within=240)
    assert code == -signal.SIGKILL, f"{service} ended with {code}\n{studio.services[service].tail()}"
    assert (await asyncio.to_thread(marker.read_text)).split()[0] == point
    await studio.kill(service)
    await studio.start(service)


async def patient_customer(studio: Studio) -> Person:
    """Joining is a write too: intake may be killed by it."""
    async with asyncio.timeout(60):
        while True:
            with suppress(AssertionError, httpx.TransportError):
                return await studio.customer()
            await asyncio.sleep(0.2)


async def submit_until_taken(customer: Person) -> UUID:
    """As a phone with a bad connection does it: the same key until there is an answer."""
    key = uuid4()
    async with asyncio.timeout(60):
        while True:
            with suppress(AssertionError, httpx.TransportError):
                return await customer.submit(RING, key)
            await asyncio.sleep(0.2)


async def withdraw_until_taken(customer: Person, commission: UUID) -> None:
    path, key = f"/api/v1/intake/commissions/{commission}/withdraw", str(uuid4())
    async with asyncio.timeout(60):
        while True:
            with suppress(httpx.TransportError):
                answer = await customer.client.post(path, json={"reason": "too_slow"}, headers={"Idempotency-Key": key})
                if answer.status_code == httpx.codes.OK:
                    return
                assert answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR, answer.text
            await asyncio.sleep(0.2)


def mailed(studio: Studio, commission: UUID) -> set[str]:
    """The different mails about a commission, by their Message-IDs."""
    return {str(mail["message-id"]) for mail in studio.mail_to(commission)}


async def settled(studio: Studio, commission: UUID) -> None:
    """Every outbox is empty and every mail is out: what should happen has happened."""

    async def empty() -> bool:
        left = [await studio.rows(service, "SELECT 1 FROM outbox LIMIT 1") for service in studio.dsn]
        return not any(left) and len(mailed(studio, commission)) >= 3

    await until("empty outboxes and three mails", empty, within=60)


async def happened_once(studio: Studio, commission: UUID) -> None:
    """One of each in every service; a mail may come twice, under one Message-ID (SMTP has no exactly-once)."""
    count = "SELECT count(*) AS n FROM {} WHERE commission = $1"
    for service, table in (("intake", "commission"), ("production", "promise"), ("quotes", "quote")):
        (row,) = await studio.rows(service, count.format(table), commission)
        assert row["n"] == 1, f"{row['n']} rows in {service}'s {table}"
    by_intent: dict[str, set[str]] = {}
    for mail in studio.mail_to(commission):
        by_intent.setdefault(str(mail["subject"]), set()).add(str(mail["message-id"]))
    assert len(by_intent) == 3
    assert all(len(ids) == 1 for ids in by_intent.values())
    for service in studio.dsn:
        assert await studio.rows(service, "SELECT * FROM parked") == [], f"{service} parked something"
