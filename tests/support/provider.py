"""Whom ops invited, with an account at the studio's own provider; and the way there and back, as browsers go it."""

from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

from shared.auth.roles import Role
from shared.postgres.database import Database
from tests.support.intake import Program, token
from tests.support.openid import RunningProvider

CALLBACK = "/sign-in/provider/callback"


class Invited:
    """Somebody whom ops invited, with an account at the provider that has another name there each time."""

    def __init__(self, app: FastAPI, role: Role = Role.MAKER) -> None:
        self.address = f"bo.{uuid4().hex}@example.org"
        self.subject = uuid4().hex
        self.person = UUID(int=0)
        self.role = role
        self._desk = Program(app)
        self._desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS)}"

    async def come(self) -> "Invited":
        who = {"name": "Bo Hammer", "email": self.address, "role": self.role.value}
        said = await self._desk.post("/people/colleagues", who)
        self.person = UUID(said.json()["person"])
        return self

    def account(self, *, subject: str = "", email: str = "", verified: str = "verified") -> str:
        return f"{subject or self.subject}|{email or self.address}|{verified}|pwd"

    async def end_access(self) -> None:
        answer = await self._desk.http.delete(f"/people/colleagues/{self.person}/access")
        assert answer.status_code == 204

    async def new_link(self) -> None:
        answer = await self._desk.post(f"/people/{self.person}/links")
        assert answer.status_code == 201


async def begin(page: httpx.AsyncClient, to: str = "") -> str:
    """The address at the provider that the button leads to."""
    answer = await page.get("/sign-in/provider", params={"next": to})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def back(page: httpx.AsyncClient, provider: RunningProvider, account: str, to: str = "") -> str:
    """What the provider sends the browser back to."""
    return await provider.sign_in(await begin(page, to), account)


async def accounts_of(database: Database, person: UUID) -> list[str]:
    async with database.transaction() as tx:
        rows = await tx.connection.fetch("SELECT subject FROM provider_account WHERE person = $1", person)
    return [row["subject"] for row in rows]
