"""Who may use a route: declared once, or the app is not built; and where a stranger is led."""

from collections.abc import AsyncIterator
from typing import Annotated, Literal
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from fastapi import APIRouter, Form
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from shared.auth.roles import Caller, Proof, Role, only_owner
from shared.auth.tokens import Signer
from shared.kernel.problems import Problem, ProblemType
from shared.web.access import Allow, Public, RouteAccess, UndeclaredAccessError, routes, safe_next
from shared.web.forms import Sent
from tests.support.web import (
    COOKIES,
    NOW,
    ORIGIN,
    SIGNING_KEY,
    Kernel,
    Settings,
    app_with,
    bearer,
    client_of,
    cookie,
    token,
)


def pages() -> APIRouter:
    router = APIRouter()

    @router.get("/commissions/{commission}", name="page")
    async def page(commission: str, caller: Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="commission")]) -> str:
        return f"{commission} for {caller.role.value}"

    @router.post("/commissions")
    async def submit(caller: Annotated[Caller, Allow(Role.CUSTOMER)]) -> str:
        return caller.role.value

    @router.get("/")
    async def welcome(caller: Annotated[Caller | None, Public()]) -> str:
        return caller.role.value if caller else "anybody"

    return router


def test_every_route_is_listed_with_who_may_use_it() -> None:
    listed = routes(app_with(pages=[pages()]))

    assert (
        RouteAccess("GET", "/commissions/{commission}", "page", frozenset({Role.CUSTOMER, Role.OPS}), "commission")
        in listed
    )
    assert {(route.path, route.public) for route in listed} == {
        ("/commissions/{commission}", False),
        ("/commissions", False),
        ("/", True),
        ("/api/v1/intake/openapi.json", True),
    }


def test_a_route_that_does_not_say_who_may_use_it_is_refused() -> None:
    router = APIRouter()

    @router.get("/secret")
    async def secret() -> None: ...

    with pytest.raises(UndeclaredAccessError, match="/secret"):
        app_with([router])


FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


class Letter(BaseModel):
    words: str


def letters() -> APIRouter:
    """A form for ops."""
    router = APIRouter()

    @router.post("/letters")
    async def send(_: Annotated[Caller, Allow(Role.OPS)], sent: Annotated[Sent[Letter], Form()]) -> str:
        return sent.read().words

    return router


def test_a_route_that_says_it_twice_is_refused() -> None:
    router = APIRouter(dependencies=[Public()])

    @router.get("/secret")
    async def secret(caller: Annotated[Caller, Allow(Role.OPS)]) -> None: ...

    with pytest.raises(UndeclaredAccessError, match="2 times"):
        app_with([router])


def test_a_route_that_cannot_say_it_is_refused() -> None:
    async def bare(_: Request) -> PlainTextResponse:
        return PlainTextResponse("")

    with pytest.raises(UndeclaredAccessError, match="/bare"):
        app_with(pages=[APIRouter(routes=[Route("/bare", bare)])])


def test_allowing_nobody_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one role"):
        Allow()


async def test_only_the_roles_that_are_named_come_in() -> None:
    async with client_of(app_with(pages=[pages()])) as client:
        answers = {role: (await client.get("/commissions/x", headers=cookie(role))).status_code for role in Role}

    assert answers == {Role.CUSTOMER: 200, Role.OPS: 200, Role.MAKER: 403}


async def test_a_public_page_knows_who_is_there() -> None:
    async with client_of(app_with(pages=[pages()])) as client:
        assert (await client.get("/")).text == '"anybody"'
        assert (await client.get("/", headers=cookie(Role.MAKER))).text == '"maker"'
        assert (await client.get("/", headers={"Cookie": f"{COOKIES.token}=x"})).text == '"anybody"'


async def test_a_bearer_token_counts_before_a_cookie() -> None:
    async with client_of(app_with(pages=[pages()])) as client:
        answer = await client.get("/", headers={**cookie(Role.MAKER), **bearer(Role.OPS)})
        broken = await client.get("/", headers={**cookie(Role.MAKER), "Authorization": "Bearer x"})

    assert answer.text == '"ops"'
    assert broken.text == '"anybody"'


async def test_a_stranger_is_led_to_sign_in_and_back() -> None:
    async with client_of(app_with(pages=[pages()])) as client:
        answer = await client.get("/commissions/7?line=2&word=%C3%A9")

    assert answer.status_code == 303
    place = urlsplit(answer.headers["Location"])
    assert place.path == "/session/renew"
    assert parse_qs(place.query) == {"next": ["/commissions/7?line=2&word=%C3%A9"]}


async def test_a_form_that_was_sent_after_its_token_was_over_is_sent_again_by_the_browser() -> None:
    async with client_of(app_with(pages=[pages()])) as client:
        answer = await client.post("/commissions", data={"why": "x"})

    assert answer.status_code == 307
    assert answer.headers["Location"] == "/session/renew?next=%2Fcommissions"


def second_steps() -> APIRouter:
    """A page for everybody who works here, one for half a session too, and one for ops who have no second step yet."""
    router = APIRouter()

    @router.get("/desk")
    async def desk(caller: Annotated[Caller, Allow(Role.MAKER, Role.OPS)]) -> str:
        return caller.proof.value

    @router.get("/api/v1/intake/desk")
    async def api(caller: Annotated[Caller, Allow(Role.MAKER, Role.OPS)]) -> str:
        return caller.proof.value

    @router.get("/half")
    async def half(caller: Annotated[Caller, Allow(Role.MAKER, Role.OPS, least=Proof.HALF)]) -> str:
        return caller.proof.value

    @router.get("/set-up")
    async def set_up(caller: Annotated[Caller, Allow(Role.MAKER, Role.OPS, least=Proof.ONE)]) -> str:
        return caller.proof.value

    @router.get("/")
    async def welcome(caller: Annotated[Caller | None, Public()]) -> str:
        return caller.proof.value if caller else "anybody"

    return router


DOORS = ("/desk", "/api/v1/intake/desk", "/half", "/set-up", "/")
TO_STEP, NO = 303, 403


@pytest.mark.parametrize(
    ("setting", "role", "proof", "answers"),
    [
        ("off", Role.OPS, Proof.HALF, (TO_STEP, NO, 200, TO_STEP, "anybody")),
        ("off", Role.OPS, Proof.ONE, (200, 200, 200, 200, "one")),
        ("off", Role.OPS, Proof.TWO, (200, 200, 200, 200, "two")),
        ("required", Role.OPS, Proof.HALF, (TO_STEP, NO, 200, TO_STEP, "anybody")),
        ("required", Role.OPS, Proof.ONE, (TO_STEP, NO, 200, 200, "anybody")),
        ("required", Role.OPS, Proof.TWO, (200, 200, 200, 200, "two")),
        ("required", Role.MAKER, Proof.HALF, (TO_STEP, NO, 200, TO_STEP, "anybody")),
        ("required", Role.MAKER, Proof.ONE, (200, 200, 200, 200, "one")),
    ],
)
async def test_what_a_caller_has_proven_opens_what_it_is_enough_for(
    setting: Literal["off", "required"], role: Role, proof: Proof, answers: tuple[int | str, ...]
) -> None:
    app = app_with(pages=[second_steps()], kernel=Kernel(settings=Settings(ops_second_factor=setting)))
    async with client_of(app) as client:
        found = [await client.get(path, headers=bearer(role, proof=proof)) for path in DOORS]

    assert (*(answer.status_code for answer in found[:-1]), found[-1].json()) == answers


async def test_who_has_still_to_give_the_second_step_is_led_to_it_and_back() -> None:
    async with client_of(app_with(pages=[pages()])) as client:
        looked = await client.get("/commissions/7?line=2", headers=bearer(Role.OPS, proof=Proof.HALF))
        sent = await client.post("/commissions", headers=FROM_HERE | bearer(Role.CUSTOMER, proof=Proof.HALF))

    assert looked.headers["Location"] == "/second-step?next=%2Fcommissions%2F7%3Fline%3D2"
    assert (sent.status_code, sent.headers["Location"]) == (303, "/second-step?next=%2F")


@pytest.mark.parametrize("target", ["/", "/commissions/7?a=b#c", "/commissions/%2F%2Fevil", "/a//b"])
def test_a_path_of_ours_is_a_place_to_go(target: str) -> None:
    assert safe_next(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "commissions",
        "//evil.example",
        "/\\evil.example",
        "///evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n//evil.example",
        "/ok\r\nSet-Cookie: a=b",
        "/caf\u00e9",
        "/session/renew?next=/session/renew",
        "//[",
        "//[" + "a" * 100 + "]",
        "/" + "a" * 2000,
    ],
)
def test_anything_else_leads_to_the_first_page(target: str | None) -> None:
    assert safe_next(target) == "/"


def test_a_foreign_object_answers_as_a_missing_one() -> None:
    me, other = (Caller(uuid4(), Role.CUSTOMER, uuid4()) for _ in range(2))
    ops = Caller(uuid4(), Role.OPS, uuid4())

    only_owner(me, me.person)
    only_owner(ops, me.person)
    for caller, owner in ((other, me.person), (me, None), (ops, None)):
        with pytest.raises(Problem) as caught:
            only_owner(caller, owner)
        assert (caught.value.type, caught.value.detail) == (ProblemType.NOT_FOUND, None)


def test_the_tokens_of_tests_differ() -> None:
    assert token(Role.OPS) != token(Role.OPS)


@pytest.mark.parametrize("address", ["/letters", "/api/v1/intake/letters"])
async def test_nothing_is_read_of_what_a_stranger_sends(address: str) -> None:
    async def body() -> AsyncIterator[bytes]:
        read.append(True)
        yield b"words=x"

    read: list[bool] = []
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": "7"}

    async with client_of(app_with([letters()], [letters()])) as client:
        stranger = await client.post(address, content=body(), headers=headers)
        maker = await client.post(address, content=body(), headers={**headers, **cookie(Role.MAKER), **FROM_HERE})
        unread = not read
        ops = await client.post(address, content=body(), headers={**headers, **cookie(Role.OPS), **FROM_HERE})

    assert [stranger.status_code, maker.status_code] == [401 if address.startswith("/api") else 307, 403]
    assert unread
    assert (ops.status_code, read) == (200, [True])


@pytest.mark.parametrize("media", ["application/json", "text/plain", ""])
async def test_a_page_takes_forms_alone(media: str) -> None:
    headers = {"Content-Type": media, **cookie(Role.OPS), **FROM_HERE}

    async with client_of(app_with(pages=[letters()])) as client:
        answer = await client.post("/letters", content=b"{}", headers=headers)

    assert answer.status_code == 415


async def test_on_the_tablet_there_is_one_commission_alone() -> None:
    here, other = uuid4(), uuid4()
    caller = Caller(uuid4(), Role.CUSTOMER, uuid4(), witness=uuid4(), commission=here)
    signed = {"Authorization": f"Bearer {Signer.read(SIGNING_KEY, issuer=ORIGIN).token(caller, NOW)}"}
    asked = [("GET", f"/commissions/{here}"), ("GET", f"/commissions/{other}"), ("POST", "/commissions"), ("GET", "/")]

    async with client_of(app_with(pages=[pages()])) as client:
        answers = [await client.request(method, path, headers={**signed, **FROM_HERE}) for method, path in asked]

    assert [each.status_code for each in answers] == [200, 403, 403, 200]


@pytest.mark.parametrize("written", ["", "new", "../other", "0"])
def test_what_is_no_commission_is_out_of_the_tablets_reach(written: str) -> None:
    caller = Caller(uuid4(), Role.CUSTOMER, uuid4(), witness=uuid4(), commission=uuid4())

    assert not caller.may_act_on({"commission": written})
    assert Caller(uuid4(), Role.CUSTOMER, uuid4()).may_act_on({"commission": written})
