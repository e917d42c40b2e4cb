"""A real OpenID provider, and one that forges what a real one never would.

async with running_provider("https://studio.test/sign-in/provider/callback") as provider:
    back = await provider.sign_in(address, "bo-7|bo@example.org|verified")
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

import httpx
import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from deploy.local.ports import free_ports
from shared.auth.provider.client import Provider
from shared.auth.provider.fetching import AnswerLimits
from shared.auth.provider.model import ProviderSettings
from tests.support.node import install, program

_FOLDER = Path(__file__).parent / "oidc_provider"
PUBLIC_CLIENT: Final = "touchmark-public"
SECRET: Final = "as it is: +/%&? and 100 % of it"
"""With all that an encoding may lose."""
_CALLBACK, _DONE = "/sign-in/provider/callback", "/sign-out/provider/done"
ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
"""The provider knows a client for each, by the name of `client_of`."""


@dataclass(frozen=True)
class RunningProvider:
    """`issuer` is its address."""

    issuer: str

    def settings(self, client: str = "touchmark-RS256") -> dict[str, Any]:
        """Intake's, by name."""
        known = {"oidc_issuer": self.issuer, "oidc_client_id": client, "oidc_name": "Kiln ID"}
        return known | ({} if client == PUBLIC_CLIENT else {"oidc_client_secret": SECRET})

    async def knows(self, account: str) -> str:
        """Have it know an account from now on, `subject|address|verified|methods`; returns what one types there."""
        async with httpx.AsyncClient(base_url=self.issuer, timeout=10) as desk:
            answer = await desk.post("/accounts", params={"account": account})
            assert answer.status_code == httpx.codes.NO_CONTENT, answer.text
        return account.partition("|")[0]

    async def sign_out(self, address: str) -> str:
        """Where the provider sends somebody back to who was sent to this address, and says yes there."""
        async with httpx.AsyncClient(base_url=self.issuer, timeout=10) as browser:
            answer = await browser.get(address)
            secret = re.search(r'name="xsrf" value="([^"]+)"', answer.text)
            assert secret, answer.text
            yes = {"xsrf": secret[1], "logout": "yes"}
            answer = await browser.post(f"{self.issuer}/session/end/confirm", data=yes)
            assert answer.is_redirect, answer.text
            return answer.headers["location"]

    async def sign_in(self, address: str, account: str) -> str:
        """Where the provider sends somebody back to who was sent to this address, and has this account."""
        async with httpx.AsyncClient(base_url=self.issuer, timeout=10) as browser:
            subject = await self.knows(account)
            answer = await _followed(browser, await browser.get(address), self.issuer)
            form = re.search(r'<form[^>]* action="([^"]+)"', answer.text)
            assert form, answer.text
            typed = {"prompt": "login", "login": subject, "password": "any"}
            answer = await browser.post(urljoin(self.issuer, form[1]), data=typed)
            answer = await _followed(browser, answer, self.issuer)
            assert answer.is_redirect, answer.text
            return answer.headers["location"]


async def _followed(browser: httpx.AsyncClient, answer: httpx.Response, issuer: str) -> httpx.Response:
    """What a redirect leads to, as long as it stays there."""
    while answer.is_redirect and urljoin(issuer, answer.headers["location"]).startswith(issuer):
        answer = await browser.get(answer.headers["location"])
    return answer


def client_of(algorithm: str) -> str:
    """The client whose tokens are signed so."""
    return f"touchmark-{algorithm}"


@asynccontextmanager
async def running_provider(redirect_uri: str) -> AsyncIterator[RunningProvider]:
    """Started in a second, for clients with a secret and one without."""
    await asyncio.to_thread(install, _FOLDER)
    issuer = f"http://127.0.0.1:{free_ports(1)[0]}"
    known = {
        "redirect_uris": [redirect_uri],
        "post_logout_redirect_uris": [f"{redirect_uri.removesuffix(_CALLBACK)}{_DONE}"],
    }
    public = {**known, "client_id": PUBLIC_CLIENT, "token_endpoint_auth_method": "none"}
    clients = [
        {**known, "client_id": client_of(each), "client_secret": SECRET, "id_token_signed_response_alg": each}
        for each in ALGORITHMS
    ]
    keys: list[Key] = [RSAKey.generate_key(2048), ECKey.generate_key("P-256"), OKPKey.generate_key("Ed25519")]
    private = [each.as_dict(private=True) | {"use": "sig"} for each in keys]
    about = {"issuer": issuer, "clients": [*clients, public], "jwks": {"keys": private}}
    process = await asyncio.create_subprocess_exec(
        *program("node"),
        "provider.mjs",
        json.dumps(about),
        cwd=_FOLDER,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdin
    assert process.stdout
    said = b""
    try:
        async with asyncio.timeout(20):
            while b"listening" not in said:
                line = await process.stdout.readline()
                assert line, f"the provider ended: {said.decode(errors='replace')}"
                said += line
        reading = asyncio.create_task(process.stdout.read())  # what it warns of must not fill the pipe
        yield RunningProvider(issuer)
        process.stdin.close()
        await reading
    finally:
        process.stdin.close()
        await process.wait()


@dataclass(frozen=True)
class Asked:
    """What binds an answer to a browser, of a test."""

    state: str = "of-this-browser"
    nonce: str = "of-this-sign-in"
    verifier: str = "a" * 43
    since: datetime | None = None


ASKED = Asked()
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


@cache
def first_key() -> Key:
    """Made once: it takes a moment."""
    return RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})


@dataclass
class Forger:
    """A provider that says what a test wants. `claims` are those of its token, `asked` the paths that were fetched."""

    issuer: str = "https://login.example"
    key: Key = field(default_factory=first_key)
    algorithm: str = "RS256"
    header: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    keys: list[dict[str, Any]] | None = None
    userinfo: object = None
    token: str | None = None
    """In the place of one that is made of the above."""
    replies: dict[str, Callable[[], httpx2.Response]] = field(default_factory=dict)
    """In the place of what a path would answer."""
    asked: list[str] = field(default_factory=list)

    def provider(self, *, seconds: float = 1.0, size: int = 64 * 1024) -> Provider:
        """One that asks this forger alone."""
        settings = ProviderSettings(self.issuer, "touchmark", "https://studio.test/back", SECRET)
        return Provider(settings, limits=AnswerLimits(seconds, size), transport=self.wire())

    def wire(self) -> httpx2.MockTransport:
        """What leads to this forger alone."""
        return httpx2.MockTransport(self._answer)

    def signed(self) -> str:
        """The token."""
        now = int(NOW.timestamp())
        claims = {
            "iss": self.issuer,
            "aud": "touchmark",
            "sub": "bo-7",
            "nonce": ASKED.nonce,
            "iat": now,
            "exp": now + 300,
            "email": "bo@example.org",
            "email_verified": True,
            **self.claims,
        }
        header = {"alg": self.algorithm, "kid": "first", **self.header}
        said = {name: value for name, value in claims.items() if value is not None}
        kept = {name: value for name, value in header.items() if value is not None}
        return jwt.encode(kept, said, self.key, algorithms=[self.algorithm])

    def described(self) -> dict[str, Any]:
        """What it says about itself."""
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/me",
            "id_token_signing_alg_values_supported": ["RS256"],
            **self.metadata,
        }
        return {name: value for name, value in said.items() if value is not None}

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        """As it comes from a wire: nothing of it is read yet."""
        self.asked.append(request.url.path)
        said = self._said(request.url.path)
        if not said.is_stream_consumed:
            return said
        return httpx2.Response(said.status_code, headers=said.headers, stream=httpx2.ByteStream(said.content))

    def _said(self, path: str) -> httpx2.Response:
        if path in self.replies:
            return self.replies[path]()
        match path:
            case "/.well-known/openid-configuration":
                return httpx2.Response(200, json=self.described())
            case "/keys":
                own = [self.key.as_dict(private=False)]
                return httpx2.Response(200, json={"keys": own if self.keys is None else self.keys})
            case "/token":
                said = {"access_token": "of-bo", "token_type": "Bearer", "id_token": self.token or self.signed()}
                return httpx2.Response(200, json=said)
            case "/me":
                return httpx2.Response(200, json=self.userinfo)
            case _:
                return httpx2.Response(404)
