"""Photos from the bench: re-encoded, in the journal, published, and shown to those whose piece it is."""

import hashlib
from collections.abc import AsyncIterator
from io import BytesIO
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image

from services.production.actions import photos
from services.production.domain import photos as domain
from services.production.main import web
from services.production.store import journal as store
from shared.auth.roles import Caller, Role
from shared.certificates.canonical import read
from shared.contracts.commissions import CommissionConfirmed
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.production import MAKER, NOW, Production, kernel_of
from tests.support.web import bearer, client_of, cookie


def browser(role: Role, person: UUID | None = None) -> dict[str, str]:
    """The headers of a form that a page of ours sends."""
    return {**cookie(role, person), "Sec-Fetch-Site": "same-origin"}


def picture(shade: str = "#8a5a12") -> bytes:
    made = BytesIO()
    Image.new("RGB", (640, 480), shade).save(made, "PNG")
    return made.getvalue()


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


class Piece:
    """A piece at its first step, and its customer."""

    def __init__(self, piece: UUID, commission: UUID, customer: UUID, task: UUID) -> None:
        self.piece, self.commission, self.customer, self.task = piece, commission, customer, task


@pytest.fixture
async def piece(production: Production, database: Database) -> Piece:
    commission, customer = new_id(), new_id()
    submitted = CommissionConfirmed(
        at=NOW,
        commission=commission,
        customer=customer,
        craft="jewellery",
        offering="engraved-ring",
        offering_version=1,
        offering_sha256="0" * 64,
        brief_version=1,
    )
    async with database.transaction() as tx:
        await photos.record_customer(tx, submitted)
        await photos.record_customer(tx, submitted)
    await production.booked(commission)
    found = await production.piece(commission)
    return Piece(found.piece, commission, customer, found.tasks[0].task)


async def send(
    client: httpx.AsyncClient, task: UUID, content: bytes, key: str | None = None, **form: str
) -> httpx.Response:
    headers = {**bearer(Role.MAKER, MAKER.person), "Idempotency-Key": key or str(uuid4())}
    return await client.post(
        f"/api/v1/production/tasks/{task}/photos", files={"photo": ("ring.png", content)}, data=form, headers=headers
    )


async def test_a_photo_is_reencoded_and_published_and_in_the_journal(
    client: httpx.AsyncClient, piece: Piece, database: Database, production: Production
) -> None:
    answer = await send(client, piece.task, picture(), public="true")

    assert answer.status_code == httpx.codes.CREATED, answer.text
    photo = answer.json()["photo"]
    address = f"/commissions/{piece.commission}/photos/{photo}"
    page = await client.get(f"/bench{address}", headers=cookie(Role.CUSTOMER, piece.customer))
    program = await client.get(f"/api/v1/production{address}", headers=bearer(Role.OPS))
    assert page.headers["content-type"] == "image/jpeg"
    assert page.content == program.content
    assert page.content.startswith(b"\xff\xd8"), "a JPEG, whatever was sent"
    async with database.transaction() as tx:
        last = (await store.entries(tx, piece.piece))[-1]
    assert (last.entry, last.by) == ("photo_taken", MAKER.person)
    digest = hashlib.sha256(page.content).hexdigest()
    said = {"photo": photo, "sha256": digest, "stage": "prepare", "public": True}
    assert read(last.said) == {**said, "taken_at": "2026-11-23T09:30:00.000000Z"}
    assert ("PhotoTaken", {"photo": photo, "stage": "prepare"}) in await production.facts(piece.commission)


async def test_a_photo_that_is_sent_twice_is_kept_once(client: httpx.AsyncClient, piece: Piece) -> None:
    key = str(uuid4())

    answers = [await send(client, piece.task, picture(), key) for _ in range(2)]
    other = await send(client, piece.task, picture("#2f6f62"), key)

    assert answers[0].json() == answers[1].json()
    assert other.json()["type"].endswith("idempotency-key-reused")
    assert await listed(client, piece) == [answers[0].json()["photo"]]


async def listed(client: httpx.AsyncClient, piece: Piece) -> list[str]:
    answer = await client.get(f"/api/v1/production/tasks/{piece.task}/photos", headers=bearer(Role.MAKER, MAKER.person))
    return [one["photo"] for one in answer.raise_for_status().json()["photos"]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (picture()[:600], "damaged or incomplete"),
        (b"", "This file is empty"),
        (b"%PDF-1.7", "This is a PDF document"),
        (b"#!/bin/sh", "not a picture, even if its name says so"),
    ],
)
async def test_a_photo_that_is_no_good_stores_nothing_and_says_so(
    client: httpx.AsyncClient, piece: Piece, database: Database, content: bytes, said: str
) -> None:
    by_program = await send(client, piece.task, content)
    by_page = await client.post(
        f"/bench/tasks/{piece.task}/photos",
        files={"photo": ("ring.png", content)},
        data={"public": "yes"},
        headers=browser(Role.MAKER, MAKER.person),
    )

    assert by_program.status_code == by_page.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert said in by_program.json()["fields"][0]["message"]
    assert said in by_page.text
    assert 'value="yes" aria-describedby="public-help" checked' in by_page.text, "what was ticked stays so"
    assert await listed(client, piece) == []
    async with database.transaction() as tx:
        assert "photo_taken" not in [entry.entry for entry in await store.entries(tx, piece.piece)]


async def test_an_upload_that_breaks_off_stores_nothing(client: httpx.AsyncClient, piece: Piece) -> None:
    body = (
        b'--edge\r\nContent-Disposition: form-data; name="photo"; filename="ring.png"\r\n\r\n' + picture()[:1000]
    )  # and no end

    answer = await client.post(
        f"/bench/tasks/{piece.task}/photos",
        content=body,
        headers={**browser(Role.MAKER, MAKER.person), "Content-Type": "multipart/form-data; boundary=edge"},
    )

    assert httpx.codes.BAD_REQUEST <= answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR
    assert await listed(client, piece) == []


async def test_nothing_chosen_is_said(client: httpx.AsyncClient, piece: Piece) -> None:
    answer = await client.post(
        f"/bench/tasks/{piece.task}/photos", data={"public": "yes"}, headers=browser(Role.MAKER, MAKER.person)
    )

    assert answer.status_code in {httpx.codes.UNPROCESSABLE_ENTITY, httpx.codes.UNSUPPORTED_MEDIA_TYPE}
    assert "No photo was received" in answer.text


async def test_a_photo_of_somebody_elses_piece_is_not_there(client: httpx.AsyncClient, piece: Piece) -> None:
    photo = (await send(client, piece.task, picture())).json()["photo"]

    for headers in (cookie(Role.CUSTOMER), cookie(Role.MAKER)):
        answer = await client.get(f"/bench/commissions/{piece.commission}/photos/{photo}", headers=headers)
        assert answer.status_code == httpx.codes.NOT_FOUND
    mixed = await client.get(f"/bench/commissions/{new_id()}/photos/{photo}", headers=cookie(Role.OPS))
    assert mixed.status_code == httpx.codes.NOT_FOUND


async def test_another_maker_cannot_add_a_photo(client: httpx.AsyncClient, piece: Piece) -> None:
    answer = await client.post(
        f"/api/v1/production/tasks/{piece.task}/photos",
        files={"photo": ("ring.png", picture())},
        headers={**bearer(Role.MAKER), "Idempotency-Key": "1"},
    )

    assert answer.status_code == httpx.codes.NOT_FOUND


async def test_a_piece_has_so_many_photos_and_no_more(
    client: httpx.AsyncClient, piece: Piece, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain, "AT_MOST", 1)
    await send(client, piece.task, picture())

    answer = await send(client, piece.task, picture("#2f6f62"))

    assert answer.status_code == httpx.codes.CONFLICT
    assert "photo already" in answer.json()["detail"]
    assert len(await listed(client, piece)) == 1


async def test_the_page_leads_back_to_itself_with_the_photo_on_it(client: httpx.AsyncClient, piece: Piece) -> None:
    headers = browser(Role.MAKER, MAKER.person)

    sent = await client.post(
        f"/bench/tasks/{piece.task}/photos", files={"photo": ("ring.png", picture())}, headers=headers
    )
    page = await client.get(sent.headers["location"], headers=headers)

    (photo,) = await listed(client, piece)
    assert f"/bench/commissions/{piece.commission}/photos/{photo}" in page.raise_for_status().text
    assert "Only the customer sees it" in page.text


async def test_a_customer_sees_no_task(client: httpx.AsyncClient, piece: Piece) -> None:
    caller = Caller(piece.customer, Role.CUSTOMER, new_id())

    answer = await client.get(f"/bench/tasks/{piece.task}/photos", headers=cookie(caller.role, caller.person))

    assert answer.status_code == httpx.codes.FORBIDDEN
