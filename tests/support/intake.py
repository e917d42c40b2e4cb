"""What tests do with intake: its tables, its app asked in process, and what a customer would write."""

import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from PIL import Image, ImageDraw

import services.intake
from services.intake import store
from services.intake.actions import commissions
from services.intake.domain import one_time
from services.intake.domain.one_time import Purpose
from services.intake.domain.sign_in import SIGN_IN_LIFE
from services.intake.main import INBOXES, web
from services.intake.settings import IntakeSettings
from shared.auth.keys import new_signing_key, public_keys
from shared.auth.mail_secrets import MailSecrets
from shared.auth.roles import Caller, Proof, Role
from shared.auth.tokens import LocalLink, Signer
from shared.contracts.commissions import ConfirmationAsked
from shared.contracts.fact import CommissionFact, Fact
from shared.kernel.clock import Clock, system_clock
from shared.kernel.ids import new_id
from shared.offerings.store import keep_catalogue
from shared.postgres.database import Database
from shared.postgres.migrate import migrate
from shared.runtime.health import Health
from shared.runtime.service import Kernel
from shared.temporal.client import Temporal
from shared.web.cookies import CookieRules
from shared.web.live import Live
from tests.support.service import MAIL_SECRET, NOBODY, STEP_SECRET

F = TypeVar("F", bound=Fact)

ORIGIN = "https://studio.test"
COOKIES = CookieRules.of(ORIGIN)
SIGNING_KEY = new_signing_key()
LOCAL_LINK_KEY = new_signing_key()
RING: Mapping[str, str] = {
    "size": "54",
    "size_system": "iso",
    "metal": "gold_750_yellow",
    "finish": "satin",
    "engraving": "as it was",
    "occasion": "wedding",
    "why": "For Ada, who counts on it.",
}
"""A ring as somebody would ask for it, by the names of the form."""


async def tables(dsn: str) -> str:
    """The same database with intake's tables; tests in it own only their own people."""
    await migrate(dsn, Path(services.intake.__file__).parent / "sql" / "migrations")
    return dsn


@asynccontextmanager
async def opened(dsn: str) -> AsyncIterator[Database]:
    database = await Database.open(dsn, application="intake")
    yield database
    await database.close(1)


async def kernel_of(database: Database, *, clock: Clock = system_clock, **changes: object) -> Kernel[IntakeSettings]:
    """The kernel of an intake that has no engine but its database."""
    usual = {
        "database": "unused",
        "kafka": NOBODY,
        "temporal": NOBODY,
        "port": 0,
        "public_url": ORIGIN,
        "token_keys": public_keys(SIGNING_KEY),
        "signing_key": SIGNING_KEY,
        "local_link_keys": public_keys(LOCAL_LINK_KEY),
        "mail_secret": MAIL_SECRET,
        "second_factor_secret": STEP_SECRET,
        "erase_after_hours": 0,
    }
    settings = IntakeSettings.model_validate({**usual, **changes})
    live = Live()
    database.on_commit(lambda committed: live.touch(*committed.touched))
    kernel = Kernel(
        name="intake",
        settings=settings,
        database=database,
        live=live,
        temporal=Temporal(settings),
        health=Health("intake"),
        inboxes=INBOXES,
        clock=clock,
    )
    await keep_catalogue(kernel)
    return kernel


def app_of(kernel: Kernel[IntakeSettings]) -> FastAPI:
    return web(kernel)


def token(
    role: Role = Role.CUSTOMER,
    person: UUID | None = None,
    *,
    issuer: str = ORIGIN,
    proof: Proof = Proof.ONE,
    at: datetime | None = None,
) -> str:
    """A sign-in token of a session that nobody has recorded, given now or then."""
    caller = Caller(person or uuid4(), role, uuid4(), proof=proof)
    return Signer.read(SIGNING_KEY, issuer=issuer).token(caller, at or system_clock())


def local_link(role: Role, *, issuer: str = ORIGIN) -> str:
    """What a one-time sign-in link holds, as the one-machine stack makes it."""
    return Signer.read(LOCAL_LINK_KEY, issuer=issuer).local_link(LocalLink(new_id(), role), system_clock())


async def sign_in_link(database: Database, person: UUID, *, asked_at: datetime | None = None) -> str:
    """What the link in a mail of `/sign-in` holds, for somebody who asked for it just now."""
    secrets, now = MailSecrets(MAIL_SECRET), asked_at or system_clock()
    made = new_id()
    right = one_time.make(
        made,
        Purpose.SIGN_IN,
        person,
        secret=secrets.link(made),
        code=secrets.code(made),
        now=now,
        expires_at=now + SIGN_IN_LIFE,
    )
    async with database.transaction() as tx:
        await store.add_right(tx, right)
    return secrets.link(made)


def browser(app: FastAPI, *, at: str = ORIGIN, **options: Any) -> httpx.AsyncClient:
    """Somebody with a browser: keeps cookies, sends forms as a page of ours does, does not follow redirects."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
    return httpx.AsyncClient(transport=transport, base_url=at, headers=headers, **options)


def signed_in(app: FastAPI, role: Role, person: UUID | None = None) -> httpx.AsyncClient:
    """Somebody with a browser who is signed in."""
    client = browser(app)
    client.cookies.set(COOKIES.token, token(role, person), domain="studio.test", path="/")
    return client


def person_of(app: FastAPI, client: httpx.AsyncClient) -> UUID:
    """Who is signed in in this browser."""
    caller: Caller = app.state.verifier.caller(client.cookies[COOKIES.token], app.state.clock())
    return caller.person


@dataclass(frozen=True)
class MailedRight:
    """What a mail about an unconfirmed request holds."""

    commission: UUID
    link: str
    code: str


async def mailed_right(database: Database, commission: UUID) -> MailedRight:
    """The link and the code of the newest mail, as notify makes them of the fact."""
    asked = await newest_fact(database, commission, ConfirmationAsked)
    secrets = MailSecrets(MAIL_SECRET)
    return MailedRight(commission, secrets.link(asked.right), secrets.code(asked.right))


async def make_account(database: Database, person: UUID) -> None:
    """As if whoever reads this person's mailbox had confirmed a request before."""
    async with database.statement() as tx:
        await tx.connection.execute("UPDATE person SET confirmed_at = now() WHERE person = $1", person)


class Program:
    """A program that uses the API, signed in as somebody who has joined."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url=f"{ORIGIN}/api/v1/intake"
        )
        self.person: UUID | None = None
        self.session = ""

    async def sign_up(self, name: str = "Ada Lovelace", email: str = "") -> "Program":
        """As somebody whose address nobody has confirmed; one of their own, unless it is given."""
        email = email or f"ada-{new_id().hex[-12:]}@example.org"
        answer = await self.http.post("/people", json={"name": name, "email": email})
        assert answer.status_code == httpx.codes.CREATED, answer.text
        said = answer.json()
        self.person, self.session = UUID(said["person"]), said["session"]
        self.http.headers["Authorization"] = f"Bearer {said['token']}"
        return self

    async def join(self, name: str = "Ada Lovelace", email: str = "") -> "Program":
        """As an account: as if they had confirmed a request before."""
        await self.sign_up(name, email)
        assert self.person
        await make_account(self.app.state.kernel.database, self.person)
        return self

    async def submit(
        self, *, key: str | None = None, images: list[str] | None = None, **changed: str
    ) -> httpx.Response:
        """Ask for a ring; `changed` are answers that differ, an empty one is left out."""
        answers = {name: value for name, value in {**RING, **changed}.items() if value}
        body = {"craft": "jewellery", "offering": "engraved-ring", "answers": answers, "images": images or []}
        return await self.http.post("/commissions", json=body, headers={"Idempotency-Key": key or str(new_id())})

    async def post(self, path: str, body: object = None, *, key: str | None = None) -> httpx.Response:
        """What a program sends, with an Idempotency-Key of its own."""
        return await self.http.post(path, json=body, headers={"Idempotency-Key": key or str(new_id())})

    async def send_image(self, content: bytes) -> str:
        """The id of a picture that now waits for its commission."""
        answer = await self.http.post("/images", files={"image": ("ring.jpg", content, "image/jpeg")})
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return str(answer.json()["image"])

    async def commission(self, **changed: str) -> UUID:
        answer = await self.submit(key=None, images=None, **changed)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return UUID(answer.json()["commission"])


def photo(kind: str = "JPEG", size: tuple[int, int] = (900, 700)) -> bytes:
    """A picture of a ring, drawn."""
    image = Image.new("RGB", size, "#e9dfcd")
    draw = ImageDraw.Draw(image)
    width, height = size
    draw.ellipse([width * 0.2, height * 0.2, width * 0.8, height * 0.85], outline="#b98a34", width=max(1, width // 14))
    sink = io.BytesIO()
    image.save(sink, kind)
    return sink.getvalue()


async def apply_facts(database: Database, *facts: CommissionFact, first: int = 1) -> None:
    """Intake receives these facts from their services, as versions from `first` on."""
    async with database.transaction() as tx:
        await commissions.apply_facts(tx, [(fact, version) for version, fact in enumerate(facts, first)])


async def facts_about(database: Database, key: UUID) -> list[str]:
    """The facts that are published under this key, oldest first, by class."""
    async with database.transaction() as tx:
        rows = await tx.connection.fetch("SELECT type FROM outbox WHERE key = $1 ORDER BY position", key)
    return [row["type"].rpartition(".")[2] for row in rows]


async def newest_fact(database: Database, key: UUID, kind: type[F]) -> F:
    """The newest published fact of this kind under this key."""
    async with database.transaction() as tx:
        data = await tx.connection.fetchval(
            "SELECT data FROM outbox WHERE key = $1 AND type = $2 ORDER BY position DESC LIMIT 1", key, kind.type()
        )
    return kind.model_validate_json(data)
