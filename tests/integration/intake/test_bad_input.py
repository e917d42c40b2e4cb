"""What cannot be accepted: said with its field and its remedy, never a 5xx, and nothing of it is stored."""

import io
import json
import zlib
from collections.abc import Mapping
from struct import pack
from typing import Any

import httpx
import pytest

from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.intake import RING, Program, photo

LONG = "x" * 100_000
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><script>alert(1)</script></svg>'
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"

ANSWERS = [
    ({"size": "540"}, ["size"]),
    ({"size": "A", "size_system": "uk"}, ["size"]),
    ({"size": "fifty"}, ["size"]),
    ({"size_system": "martian"}, ["size_system"]),
    ({"metal": "kryptonite"}, ["metal"]),
    ({"finish": LONG}, ["finish"]),
    ({"needed_by": "2020-01-01"}, ["needed_by"]),
    ({"needed_by": "2027-02-30"}, ["needed_by"]),
    ({"needed_by": "9999-12-31"}, ["needed_by"]),
    ({"engraving": "as it\x07was"}, ["engraving"]),
    ({"engraving": "<b>日本</b>"}, ["engraving"]),
    ({"why": "for\x00her"}, ["why"]),
    ({"why": "\u202eevol"}, ["why"]),
    ({"why": LONG}, ["why"]),
    ({"why": " "}, ["why"]),
    ({"size": "", "metal": "", "why": ""}, ["size", "metal", "why"]),
]


def pixel_flood() -> bytes:
    """A small PNG that says it has 50,000 by 50,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack("!I", len(data)) + kind + data + pack("!I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", pack("!IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 10_000)) + chunk(b"IEND", b"")


FILES = [
    pytest.param("drawing.svg", SVG, id="an SVG"),
    pytest.param("scan.jpg", PDF, id="a PDF named .jpg"),
    pytest.param("flood.png", pixel_flood(), id="a pixel flood"),
    pytest.param("half.jpg", photo()[:400], id="half a photo"),
    pytest.param("nothing.jpg", b"\xff\xd8\xff", id="a JPEG's first bytes"),
    pytest.param("anything.jpg", b"what is this", id="no picture"),
]


async def stored(database: Database) -> Mapping[str, int]:
    """How much there is of everything that a request could leave behind."""
    tables = ("commission", "brief", "image", "idempotency", "outbox", "stream")
    async with database.transaction() as tx:
        return {table: await tx.connection.fetchval(f"SELECT count(*) FROM {table}") for table in tables}  # noqa: S608 (our own names)


def problem_of(answer: httpx.Response, status: int) -> Any:
    """The problem document; it has everything that somebody who has to correct a request needs."""
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert said["title"]
    assert said["remedy"]
    assert all(found["message"] and found["remedy"] for found in said["fields"])
    return said


@pytest.mark.parametrize(("changed", "fields"), ANSWERS, ids=lambda value: str(value)[:40])
async def test_the_api_names_each_answer_that_needs_another_look(
    ada: Program, database: Database, changed: dict[str, str], fields: list[str]
) -> None:
    before = await stored(database)
    answers = {**RING, **changed}

    answer = await ada.http.post(
        "/commissions",
        json={"craft": "jewellery", "offering": "engraved-ring", "answers": answers},
        headers={"Idempotency-Key": str(new_id())},
    )

    said = problem_of(answer, 422)
    assert [found["field"] for found in said["fields"]] == [f"/answers/{field}" for field in fields]
    assert await stored(database) == before


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ("{", 400, []),
        ("[]", 422, ["/"]),
        ("null", 422, ["/"]),
        ('"ring"', 422, ["/"]),
        ('{"craft": "jewellery", "offering": "engraved-ring"}', 422, ["/answers"]),
        ('{"craft": "spoons", "offering": "ladle", "answers": {}}', 422, ["/offering"]),
        ('{"craft": "../etc/passwd", "offering": "..", "answers": {}}', 422, ["/offering"]),
        ('{"craft": 7, "offering": "x", "answers": {}}', 422, ["/craft"]),
        ('{"craft": "jewellery", "offering": "engraved-ring", "answers": {"size": 54}}', 422, ["/answers/size"]),
        ('{"craft": "jewellery", "offering": "engraved-ring", "answers": []}', 422, ["/answers"]),
        ('{"craft": "jewellery", "offering": "engraved-ring", "answers": {}, "price": 1}', 422, ["/price"]),
        ('{"craft": "jewellery", "offering": "engraved-ring", "answers": {}, "images": ["x"]}', 422, ["/images/0"]),
        ('{"craft": "jewellery", "offering": "engraved-ring", "answers": {"why": "\\ud800"}}', 422, None),
        ('{"craft": "\\ud800", "offering": "x", "answers": {}}', 422, None),
        ("[" * 1000, 400, []),
        (json.dumps({"craft": LONG, "offering": "x", "answers": {}}), 422, ["/craft"]),
        (
            json.dumps(
                {"craft": "jewellery", "offering": "engraved-ring", "answers": {f"a{n}": "" for n in range(500)}}
            ),
            422,
            ["/answers"],
        ),
    ],
    ids=lambda value: str(value)[:50],
)
async def test_a_body_that_is_none_is_refused_with_what_is_wrong(
    ada: Program, database: Database, body: str, status: int, fields: list[str] | None
) -> None:
    before = await stored(database)
    headers = {"Idempotency-Key": str(new_id()), "Content-Type": "application/json"}

    answer = await ada.http.post("/commissions", content=body, headers=headers)

    said = problem_of(answer, status)
    assert fields is None or [found["field"] for found in said["fields"]] == fields
    assert await stored(database) == before


@pytest.mark.parametrize(("name", "content"), FILES)
async def test_the_api_refuses_what_is_no_picture(ada: Program, database: Database, name: str, content: bytes) -> None:
    before = await stored(database)

    answer = await ada.http.post("/images", files={"image": (name, content, "image/jpeg")})

    said = problem_of(answer, 422)
    assert [found["field"] for found in said["fields"]] == ["/image"]
    assert await stored(database) == before


async def test_fifty_megabytes_are_refused_before_they_are_read(ada: Program, database: Database) -> None:
    before = await stored(database)
    content = io.BytesIO(b"\xff\xd8\xff" + bytes(50 * 1024 * 1024))

    answer = await ada.http.post("/images", files={"image": ("huge.jpg", content, "image/jpeg")})

    problem_of(answer, 413)
    assert await stored(database) == before


@pytest.mark.parametrize(("changed", "fields"), ANSWERS, ids=lambda value: str(value)[:40])
async def test_the_page_says_it_beside_the_field_and_keeps_what_was_typed(
    customer: httpx.AsyncClient, database: Database, changed: dict[str, str], fields: list[str]
) -> None:
    before = await stored(database)
    typed = {**RING, **changed, "craft": "jewellery", "offering": "engraved-ring", "idempotency_key": str(new_id())}

    answer = await customer.post("/commissions", data=typed)

    assert answer.status_code == 422, answer.text[:300]
    for field in fields:
        assert f'id="{field}-problem"' in answer.text
        assert f'href="#{field}"' in answer.text
    if "engraving" not in changed:
        assert f'value="{RING["engraving"]}"' in answer.text
    if "why" not in changed:
        assert RING["why"] in answer.text
    assert typed["idempotency_key"] in answer.text
    assert await stored(database) == before


@pytest.mark.parametrize(("name", "content"), FILES)
async def test_the_page_says_what_is_wrong_with_a_picture(
    customer: httpx.AsyncClient, database: Database, name: str, content: bytes
) -> None:
    before = await stored(database)
    typed = {**RING, "craft": "jewellery", "offering": "engraved-ring", "idempotency_key": str(new_id())}

    answer = await customer.post("/commissions", data=typed, files={"reference": (name, content, "image/jpeg")})

    assert answer.status_code == 422, answer.text[:300]
    assert 'id="reference-problem"' in answer.text
    assert RING["why"] in answer.text
    assert await stored(database) == before


async def test_the_page_refuses_fifty_megabytes_and_says_what_to_do(
    customer: httpx.AsyncClient, database: Database
) -> None:
    before = await stored(database)
    content = io.BytesIO(bytes(50 * 1024 * 1024))

    answer = await customer.post("/commissions", data=RING, files={"reference": ("huge.jpg", content, "image/jpeg")})

    assert answer.status_code == 413
    assert "smaller picture" in answer.text
    assert await stored(database) == before


@pytest.mark.parametrize("typed", [{"why": "x"}, {"craft": "spoons"}, {"craft": "\x00"}, {"craft": LONG}], ids=str)
async def test_a_form_of_no_offering_is_refused(
    customer: httpx.AsyncClient, database: Database, typed: dict[str, str]
) -> None:
    before = await stored(database)

    answer = await customer.post("/commissions", data=typed)

    assert answer.status_code == 422
    assert "jewellery" in answer.text
    assert await stored(database) == before


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data", "multipart/form-data; boundary=x"])
async def test_a_form_that_is_none_is_no_fault_of_ours(customer: httpx.AsyncClient, content_type: str) -> None:
    answer = await customer.post("/commissions", content=b"\xff\xfe", headers={"Content-Type": content_type})

    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("key", ["", " ", "ü", "k" * 201, "a b"])
async def test_a_key_that_is_none_is_refused(ada: Program, key: str) -> None:
    body = {"craft": "jewellery", "offering": "engraved-ring", "answers": dict(RING)}

    answer = await ada.http.post("/commissions", json=body, headers=[(b"Idempotency-Key", key.encode())])

    assert answer.status_code in {400, 422}
    assert "Idempotency-Key" in answer.text


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"name": "", "email": "nowhere"}, ["/name", "/email"]),
        ({"name": "Ada", "email": "nowhere"}, ["/email"]),
        ({"name": "Ada\x00", "email": "ada@example.org"}, ["/name"]),
        ({"name": LONG[:10_000], "email": "ada@example.org"}, ["/name"]),
        ({"name": "Ada", "email": LONG[:10_000]}, ["/email"]),
        ({"email": "ada@example.org"}, ["/name"]),
        ({"name": "Ada", "email": "ada@example.org", "role": "ops"}, ["/role"]),
    ],
    ids=lambda value: str(value)[:50],
)
async def test_nobody_signs_up_with_what_is_no_name_and_no_address(
    ada: Program, database: Database, body: dict[str, str], fields: list[str]
) -> None:
    before = await stored(database)

    answer = await ada.http.post("/people", json=body)

    said = problem_of(answer, 422)
    assert [found["field"] for found in said["fields"]] == fields
    assert await stored(database) == before
