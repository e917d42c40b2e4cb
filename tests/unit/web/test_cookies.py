"""What cookies are called, and where browsers take them."""

from typing import Annotated
from uuid import uuid4

import httpx
import pytest
from fastapi import APIRouter

from shared.auth.roles import Caller, Role
from shared.auth.tokens import Signer
from shared.web.access import Public
from shared.web.cookies import CookieRules
from tests.support.web import NOW, SIGNING_KEY, Kernel, Settings, app_with, client_of, token

NAMES = ("__Host-touchmark", "touchmark")


@pytest.mark.parametrize(
    ("address", "token", "session"),
    [
        ("https://studio.test", "__Host-touchmark", "__Host-touchmark-session"),
        ("http://studio.test", "touchmark", "touchmark-session"),
        ("http://localhost:8080", "touchmark", "touchmark-session"),
    ],
)
def test_cookies_have_the_prefix_that_browsers_take_only_over_https(address: str, token: str, session: str) -> None:
    rules = CookieRules.of(address)

    assert (rules.token, rules.session) == (token, session)


@pytest.mark.parametrize("cookie", ["touchmark", "touchmark-session"])
async def test_over_http_too_another_site_cannot_send_with_a_sign_in(cookie: str) -> None:
    headers = {"Cookie": f"{cookie}={token(Role.OPS)}"}

    async with client_of(app_with()) as client:
        answer = await client.post("/anything", headers=headers)

    assert answer.status_code == httpx.codes.FORBIDDEN


async def test_over_https_only_a_cookie_with_the_prefix_signs_in() -> None:
    router = APIRouter()

    @router.get("/")
    async def who(caller: Annotated[Caller | None, Public()]) -> str:
        return caller.role.value if caller else "anybody"

    app = app_with(pages=[router], kernel=Kernel(settings=Settings(public_url="https://studio.test")))
    signed = Signer.read(SIGNING_KEY, issuer="https://studio.test").token(Caller(uuid4(), Role.OPS, uuid4()), NOW)

    async with client_of(app) as client:
        answers = [(await client.get("/", headers={"Cookie": f"{name}={signed}"})).text for name in NAMES]

    assert answers == ['"ops"', '"anybody"']
