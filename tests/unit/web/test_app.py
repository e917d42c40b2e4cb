"""What comes before every route: how each kind of bad request is answered, by the API and by pages."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import APIRouter, Form, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from shared.auth.roles import Caller, Role
from shared.kernel.problems import NotYet, Problem, ProblemType
from shared.kernel.text import Line
from shared.postgres.database import DatabaseUnavailableError
from shared.web import app as module
from shared.web import bounds
from shared.web.access import Allow, Public
from shared.web.answers import MEDIA_TYPE
from shared.web.forms import MULTIPART, Sent
from shared.web.reasons import RequestReason
from shared.web.templates import Pages
from tests.support.web import COOKIES, app_with, bearer, client_of, cookie, token

API = "/api/v1/intake"
Anybody = Annotated[Caller | None, Public()]


FAULTS = {
    "bug": ZeroDivisionError("a secret"),
    "conflict": Problem(ProblemType.CONFLICT, RequestReason.STOPPING),
    "not-yet": NotYet(RequestReason.STOPPING),
    "database": DatabaseUnavailableError("10.0.0.7"),
}


class Ring(BaseModel):
    name: Annotated[str, Line(longest=40)]
    size: int


def api() -> APIRouter:
    router = APIRouter()

    @router.post("/rings")
    async def make(ring: Ring, _: Anybody) -> Ring:
        return ring

    @router.get("/rings/{ring}")
    async def read(ring: UUID, _: Anybody, limit: Annotated[int, Query(ge=1, le=9)] = 1) -> dict[str, str]:
        return {"ring": f"{ring} {limit}"}

    @router.get("/rings/{ring}/picture", response_class=Response)
    async def show(ring: UUID, _: Anybody) -> Response:  # noqa: ARG001
        return Response(b"\xff\xd8", media_type="image/jpeg")

    @router.post("/pictures")
    async def upload(sent: Annotated[Sent[Ring], Form(media_type=MULTIPART)], _: Anybody) -> dict[str, list[str]]:
        return {"fields": sorted(sent.form.values)}

    @router.get("/faults/{fault}")
    async def fail(fault: str, _: Anybody) -> None:
        if fault in FAULTS:
            raise FAULTS[fault]
        await asyncio.Event().wait()

    return router


def pages() -> APIRouter:
    router = APIRouter()

    @router.get("/rings")
    async def page(request: Request, templates: Pages, _: Anybody) -> HTMLResponse:
        return templates.page(request, "layout.html")

    @router.post("/rings")
    async def send(_: Anybody) -> dict[str, str]:
        return {}

    @router.get("/late")
    async def late(_: Anybody) -> None:
        raise NotYet(RequestReason.STOPPING)

    return router


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app_with([api()], [pages()])) as client:
        yield client


def problem(answer: httpx.Response) -> str:
    """The name of the problem that was answered; every member is there, and the number of the request."""
    assert answer.headers["content-type"] == MEDIA_TYPE
    document = answer.json()
    assert document["status"] == answer.status_code
    assert document["request"] == answer.headers["X-Request-Id"]
    assert document["title"]
    assert document["detail"]
    assert document["remedy"]
    return str(document["type"]).removeprefix("urn:touchmark:problem:")


async def test_broken_json_is_malformed(client: httpx.AsyncClient) -> None:
    for body in (b'{"name', b"\xff\xfe", b"[" * 1000, b"9" * 5000):
        answer = await client.post(f"{API}/rings", content=body, headers={"Content-Type": "application/json"})

        assert answer.status_code in {400, 422}, body[:9]
        assert problem(answer) in {"malformed-request", "validation-failed"}


async def test_each_wrong_field_is_named_with_a_remedy(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"{API}/rings", json={"name": "a\x00b", "size": "large"})

    assert problem(answer) == "validation-failed"
    assert [(field["field"], bool(field["message"]), bool(field["remedy"])) for field in answer.json()["fields"]] == [
        ("/name", True, True),
        ("/size", True, True),
    ]


@pytest.mark.parametrize("name", ["\x00", "\x1b[31m", "\ud800", "x" * 2_000, " ", "\u202eevil", ""])
async def test_text_that_cannot_be_kept_is_named(client: httpx.AsyncClient, name: str) -> None:
    body = ('{"size": 1, "name": "' + "".join(f"\\u{ord(letter):04x}" for letter in name) + '"}').encode()

    answer = await client.post(f"{API}/rings", content=body, headers={"Content-Type": "application/json"})

    assert problem(answer) == "validation-failed"
    assert answer.json()["fields"][0]["field"] == "/name"


async def test_a_field_whose_name_is_half_a_surrogate_pair_does_not_break_the_answer() -> None:
    class Strict(Ring):
        model_config = {"extra": "forbid"}

    router = APIRouter()

    @router.post("/strict")
    async def make(ring: Strict, _: Anybody) -> None:
        pass

    async with client_of(app_with([router])) as client:
        body = b'{"name": "a", "size": 1, "\\ud800": 1}'
        answer = await client.post(f"{API}/strict", content=body, headers={"Content-Type": "application/json"})

    assert problem(answer) == "validation-failed"


async def test_another_format_than_the_route_reads_is_unsupported(client: httpx.AsyncClient) -> None:
    for media in ("text/plain", "application/xml", "multipart/form-data; boundary=x", ""):
        answer = await client.post(f"{API}/rings", content=b'{"name":"a","size":1}', headers={"Content-Type": media})

        assert problem(answer) == "unsupported-media", media


async def test_what_only_says_it_is_a_form_is_malformed(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    for body in (b"--y\r\n\r\n--y--", b"--x\r\nno\r\n", b"no form at all"):
        answer = await client.post(f"{API}/pictures", content=body, headers=headers)

        assert problem(answer) == "malformed-request"


async def test_an_id_that_cannot_be_answers_as_one_that_is_not(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{API}/rings/7")

    assert problem(answer) == "not-found"


async def test_a_query_is_checked_as_well(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{API}/rings/{uuid4()}?limit=99")

    assert problem(answer) == "validation-failed"
    assert answer.json()["fields"] == [
        {"field": "limit", "code": "more_than", "message": "This is too large.", "remedy": "Choose 9 or less."}
    ]


async def test_an_unknown_address_and_an_unknown_method_are_problems_too(client: httpx.AsyncClient) -> None:
    assert problem(await client.get(f"{API}/nothing")) == "not-found"
    answer = await client.put(f"{API}/rings")
    assert problem(answer) == "method-not-allowed"
    assert answer.headers["Allow"] == "POST"


async def test_a_page_and_a_form_at_one_address_are_both_allowed(client: httpx.AsyncClient) -> None:
    answer = await client.delete("/rings")

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, POST"


async def test_an_accept_header_that_cannot_be_served_is_refused_before_anything_is_done(
    client: httpx.AsyncClient,
) -> None:
    for accept in ("application/xml", "application/json;q=0", "image/*"):
        answer = await client.post(f"{API}/rings", json={"name": "a", "size": 1}, headers={"Accept": accept})

        assert problem(answer) == "not-acceptable", accept


async def test_a_picture_is_given_to_who_accepts_pictures_only(client: httpx.AsyncClient) -> None:
    address = f"{API}/rings/{uuid4()}/picture"

    assert (await client.get(address, headers={"Accept": "image/*"})).content == b"\xff\xd8"
    assert problem(await client.get(address, headers={"Accept": "text/html"})) == "not-acceptable"


async def test_a_body_beyond_the_limit_is_refused_unread(client: httpx.AsyncClient) -> None:
    async def upload() -> AsyncIterator[bytes]:
        read.append(True)
        yield b""

    read: list[bool] = []
    headers = {"Content-Length": str(50 * 1024 * 1024), "Content-Type": "multipart/form-data; boundary=x"}

    assert problem(await client.post(f"{API}/pictures", content=upload(), headers=headers)) == "too-large"
    assert not read


async def test_a_body_that_hides_its_length_is_counted_while_it_comes(client: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield b"\r\n" * 32_768

    for address, media, limit in (
        (f"{API}/rings", "application/json", bounds.PLAIN_BYTES),
        (f"{API}/pictures", "multipart/form-data; boundary=x", bounds.UPLOAD_BYTES),
    ):
        sent = 0
        answer = await client.post(address, content=endless(), headers={"Content-Type": media})

        assert problem(answer) == "too-large", media
        assert sent <= limit + 2 * 65_536


async def test_a_fault_of_ours_is_answered_by_its_number_only(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{API}/faults/bug")

    assert problem(answer) == "internal"
    assert "secret" not in answer.text


async def test_what_an_action_raises_is_answered_as_such(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{API}/faults/conflict")
    assert problem(answer) == "conflict"
    assert answer.json()["detail"] == "The service is about to stop."

    answer = await client.get(f"{API}/faults/not-yet")
    assert problem(answer) == "not-yet"
    assert answer.headers["Retry-After"] == "1"

    answer = await client.get(f"{API}/faults/database")
    assert problem(answer) == "unavailable"
    assert "10.0.0.7" not in answer.text


async def test_a_request_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REQUEST_SECONDS", 0.05)
    async with client_of(app_with([api()])) as client:
        assert problem(await client.get(f"{API}/faults/slow")) == "timed-out"


async def test_a_page_of_a_problem_says_what_to_do(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nowhere")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Page not found" in answer.text
    assert "go to the home page" in answer.text


async def test_a_page_of_a_problem_knows_who_is_there(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nowhere", headers=cookie(Role.OPS))

    assert "Sign out" in answer.text


async def test_a_page_that_lags_says_that_it_is_on_its_way(client: httpx.AsyncClient) -> None:
    answer = await client.get("/late")

    assert answer.status_code == 503
    assert "The service is about to stop." in answer.text
    assert answer.headers["Retry-After"] == "1"


async def test_head_is_answered_like_get_without_the_body(client: httpx.AsyncClient) -> None:
    answer = await client.head("/rings")

    assert (answer.status_code, answer.content) == (200, b"")


async def test_an_error_page_for_somebody_signed_in_has_their_links(client: httpx.AsyncClient) -> None:
    anybody = (await client.get("/rings")).text
    ops = (await client.get("/rings", headers={"Cookie": f"{COOKIES.token}={token(Role.OPS)}"})).text

    assert 'href="/sign-up"' in anybody
    assert 'href="/ops"' in ops
    assert "Sign out" in ops


async def test_the_access_log_names_routes_and_no_person(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await client.get(f"{API}/rings/{uuid4()}?limit=2&who=ada@example.org", headers={"Cookie": "a=b"})

    written = capsys.readouterr().out
    assert "/api/v1/intake/rings/{ring}" in written
    assert "ada@example.org" not in written


async def test_the_trace_of_a_request_is_carried_on() -> None:
    from shared.runtime import tracing  # noqa: PLC0415 (only here)

    router = APIRouter()

    @router.get("/trace")
    async def trace(_: Anybody) -> dict[str, str | None]:
        return {"trace": tracing.current()}

    traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    async with client_of(app_with([router])) as client:
        known = await client.get(f"{API}/trace", headers={"traceparent": traceparent})
        broken = await client.get(f"{API}/trace", headers={"traceparent": "00-\r\n"[:3]})

    assert known.json() == {"trace": traceparent}
    assert broken.json()["trace"] not in {None, "00-"}


async def test_roles_are_checked_before_the_request_is_validated() -> None:
    router = APIRouter()

    @router.get("/secrets/{secret}")
    async def read(secret: UUID, caller: Annotated[Caller, Allow(Role.OPS)], limit: int = 1) -> None:
        pass

    async with client_of(app_with([router])) as client:
        assert problem(await client.get(f"{API}/secrets/7?limit=x")) == "not-signed-in"
        assert problem(await client.get(f"{API}/secrets/7?limit=x", headers=bearer(Role.MAKER))) == "not-allowed"
