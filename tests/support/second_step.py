"""Somebody with an authenticator app on a phone, as tests set it up and type its codes."""

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

from fastapi import FastAPI

from services.intake.domain.second_step import code_at
from shared.auth.roles import Role
from shared.kernel.clock import system_clock
from tests.support.intake import Program, sign_in_link, token


@dataclass
class HandMovedClock:
    """It stands still until a test moves it."""

    now: datetime = field(default_factory=system_clock)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(frozen=True)
class Phone:
    """What an app knows: the secret that it was told by a QR code, or by hand."""

    secret: bytes

    @classmethod
    def scan(cls, address: str) -> "Phone":
        """Told by an `otpauth://` address."""
        return cls.typed(parse_qs(urlsplit(address).query)["secret"][0])

    @classmethod
    def typed(cls, key: str) -> "Phone":
        """Told by the key in groups."""
        return cls(base64.b32decode(key.replace(" ", "")))

    def shows(self, at: datetime) -> str:
        """Six digits."""
        return code_at(self.secret, at)

    def first(self, offer: dict[str, Any], at: datetime) -> dict[str, str]:
        """What is sent to add the app."""
        return {"sealed": offer["sealed"], "code": self.shows(at), "name": "Fairphone"}


@dataclass
class MovedIntake:
    """An intake whose clock a test moves, and somebody of the studio who invites."""

    app: FastAPI
    clock: HandMovedClock
    desk: Program = field(init=False)

    def __post_init__(self) -> None:
        self.desk = Program(self.app)
        self.desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS)}"

    async def invited(self, role: Role = Role.OPS) -> Program:
        """Somebody who came by their invitation."""
        who = {"name": "Dee Anvil", "email": f"dee.{uuid4().hex}@example.org", "role": role.value}
        said = (await self.desk.post("/people/colleagues", who)).json()
        return await self.by_invitation(said["secret"])

    async def by_invitation(self, secret: str) -> Program:
        came = Program(self.app)
        return keep(came, (await came.post("/session/invitation", {"secret": secret})).json())

    async def with_app(self, role: Role = Role.OPS) -> tuple[Program, Phone, list[str]]:
        """Somebody who has set up an app; a new code is due."""
        dee = await self.invited(role)
        offer = (await dee.post("/authenticators/offers")).json()
        phone = Phone.scan(offer["address"])
        added = await dee.http.post("/authenticators", json=phone.first(offer, self.clock.now))
        assert added.status_code == 201, added.text
        keep(dee, added.json()["session"])
        self.clock.move(seconds=30)
        return dee, phone, added.json()["recovery_codes"]

    async def by_mail(self, dee: Program) -> Program:
        """In a new browser, by the link in a mail."""
        assert dee.person
        database, now = self.app.state.kernel.database, self.clock.now
        came, link = Program(self.app), await sign_in_link(database, dee.person, asked_at=now)
        answer = await came.http.post("/sign-in/link", json={"link": link})
        assert answer.status_code == 201, answer.text
        return keep(came, answer.json())

    async def events(self, dee: Program) -> list[tuple[str, str | None]]:
        """What happened to somebody's access, the oldest first."""
        self.desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS, at=self.clock.now)}"
        found = (await self.desk.http.get("/security-events?limit=100")).json()["items"]
        return [(each["kind"], each["way"]) for each in reversed(found) if each["person"] == str(dee.person)]


def keep(program: Program, session: dict[str, Any]) -> Program:
    program.http.headers["Authorization"] = f"Bearer {session['token']}"
    program.person, program.session = UUID(session["person"]), session["session"]
    return program


async def proof_of(program: Program) -> str:
    """What a program's session is good for, as it is renewed."""
    return str((await program.http.post("/session/renew", json={"session": program.session})).json()["proof"])


def session_of(studio: MovedIntake, program: Program) -> UUID:
    written = program.http.headers["Authorization"].removeprefix("Bearer ")
    found: UUID = studio.app.state.verifier.caller(written, studio.clock.now).session
    return found
