"""The web kernel without engines: an app with keys of its own, served on a free port or asked in process."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from uuid import UUID, uuid4

import httpx
import uvicorn
from fastapi import APIRouter, FastAPI

from shared.auth.ended_sessions import EndedSessions
from shared.auth.keys import new_signing_key, public_keys
from shared.auth.roles import Caller, Proof, Role
from shared.auth.tokens import Signer
from shared.kernel.clock import Clock
from shared.kernel.ids import Ids, new_id
from shared.web.app import create_app
from shared.web.cookies import CookieRules
from shared.web.live import Live

SIGNING_KEY = new_signing_key()
ORIGIN = "http://studio.test"
COOKIES = CookieRules.of(ORIGIN)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Settings:
    public_url: str = ORIGIN
    studio_name: str = "Kiln & Anvil"
    studio_zone: str = "Europe/Berlin"
    studio_language: str = "en"
    ops_second_factor: Literal["off", "required"] = "off"
    token_keys: str = public_keys(SIGNING_KEY)
    imprint: str = ""
    privacy: str = ""
    terms: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Kernel:
    """As much of a process's kernel as the web role needs. `now` may be moved."""

    name: str = "intake"
    settings: Settings = field(default_factory=Settings)
    live: Live = field(default_factory=Live)
    ended: EndedSessions = field(default_factory=EndedSessions)
    ids: Ids = new_id
    clock: Clock = lambda: NOW


def app_with(
    routers: Sequence[APIRouter] = (),
    pages: Sequence[APIRouter] = (),
    *,
    templates: Sequence[Path] = (),
    kernel: Kernel | None = None,
) -> FastAPI:
    """An app of the service `intake` with these routes."""
    return create_app(kernel or Kernel(), title="Intake", routers=routers, pages=pages, templates=templates)


def client_of(app: FastAPI) -> httpx.AsyncClient:
    """A program that asks the app, in process."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN)


@asynccontextmanager
async def served(app: FastAPI, port: int = 0) -> AsyncIterator[str]:
    """The address of the app on a port of this machine, by default a free one, by uvicorn in this event loop."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", port))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none"))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://localhost:{listening.getsockname()[1]}"
        finally:
            await app.state.live.close()
            server.should_exit = True
            await serving


def token(
    role: Role,
    person: UUID | None = None,
    now: Callable[[], datetime] = lambda: NOW,
    *,
    proof: Proof = Proof.ONE,
) -> str:
    """A sign-in token for somebody in this role."""
    caller = Caller(person or uuid4(), role, uuid4(), proof=proof)
    return Signer.read(SIGNING_KEY, issuer=ORIGIN).token(caller, now())


def bearer(role: Role, person: UUID | None = None, *, proof: Proof = Proof.ONE) -> dict[str, str]:
    """The headers of a program that is signed in."""
    return {"Authorization": f"Bearer {token(role, person, proof=proof)}"}


def cookie(role: Role, person: UUID | None = None) -> dict[str, str]:
    """The cookie header of a browser that is signed in."""
    return {"Cookie": f"{COOKIES.token}={token(role, person)}"}
