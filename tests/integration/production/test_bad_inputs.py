"""Twice, by somebody else, broken off, and too late at the bench: what people read on the page then."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from services.production.actions import parcels
from services.production.domain.tasks import TaskState
from services.production.main import web
from shared.auth.roles import Role
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.production import MAKER, Production, kernel_of
from tests.support.web import client_of, cookie

EMPTY = {"then": ""}
"""A form without answers, which a browser still sends as one."""


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


def _maker() -> dict[str, str]:
    return {**cookie(Role.MAKER, MAKER.person), "Sec-Fetch-Site": "same-origin"}


async def test_a_step_that_is_finished_twice_shows_the_same_finished_step(
    production: Production, client: httpx.AsyncClient
) -> None:
    commission = await production.booked()
    await production.open_gate(commission, "cut")
    task = (await production.start(commission)).task

    sent = [await client.post(f"/bench/tasks/{task}/finish", data=EMPTY, headers=_maker()) for _ in range(2)]

    assert [(each.status_code, each.headers["location"]) for each in sent] == [(303, f"/bench/tasks/{task}")] * 2
    page = await client.get(f"/bench/tasks/{task}", headers=_maker())
    assert "<p>Finished " in page.text
    assert (await production.fact_names(commission)).count("StageFinished") == 1


async def test_a_step_of_another_maker_is_a_missing_page_however_it_is_asked_for(
    production: Production, client: httpx.AsyncClient
) -> None:
    commission = await production.booked()
    await production.open_gate(commission, "cut")
    task = await production.start(commission)
    other = {**cookie(Role.MAKER, new_id()), "Sec-Fetch-Site": "same-origin"}

    sent = [
        await client.post(f"/bench/tasks/{task.task}/{step}", data=EMPTY, headers=other)
        for step in ("start", "pause", "finish")
    ]

    assert [each.status_code for each in sent] == [404, 404, 404]
    assert all("not on your bench" in each.text for each in sent)
    assert (await production.current(commission)).state is TaskState.RUNNING


async def test_a_photo_that_breaks_off_is_said_on_the_page_and_can_be_sent_again(
    production: Production, client: httpx.AsyncClient
) -> None:
    commission = await production.booked()
    task = await production.current(commission)
    cut_off = b'--edge\r\nContent-Disposition: form-data; name="photo"; filename="ring.png"\r\n\r\n\x89PNG and no end'
    headers = _maker() | {"Content-Type": "multipart/form-data; boundary=edge"}

    answer = await client.post(f"/bench/tasks/{task.task}/photos", content=cut_off, headers=headers)
    page = await client.get(f"/bench/tasks/{task.task}/photos", headers=_maker())

    assert answer.status_code == 422
    assert "No photo was received" in answer.text
    assert "send it again" in answer.text
    assert f"/bench/commissions/{commission}/photos/" not in page.raise_for_status().text


async def test_two_who_take_the_last_free_hours_at_once_read_a_day_each(
    production: Production, client: httpx.AsyncClient
) -> None:
    commissions = [new_id(), new_id()]

    held = await asyncio.gather(*(production.hold(each) for each in commissions))

    assert held[0].promise != held[1].promise
    hours = [{(slot.day, slot.stretch) for slot in (await production.promise(each.promise)).slots} for each in held]
    assert hours[0].isdisjoint(hours[1])
    page = await client.get("/bench/promises", headers=cookie(Role.OPS))
    assert all(str(each.promise) in page.text for each in held)


async def test_a_parcel_of_a_cancelled_commission_stays_and_the_page_says_why(
    production: Production, client: httpx.AsyncClient
) -> None:
    commission = await production.booked()
    await production.make_until(commission)
    await production.act(parcels.pack, commission)
    await production.paid(commission)
    await production.stop(commission)

    sent = {"carrier": "other", "tracking": "A-1234"}
    piece = (await production.piece(commission)).piece
    answer = await client.post(f"/bench/pieces/{piece}/hand-over", data=sent, headers=_maker())

    assert answer.status_code == 409
    assert "cancelled" in answer.text
    assert "ParcelHandedOver" not in await production.fact_names(commission)
