"""All five services at once, each in a process of its own, behind the edge, on the run's engines.

    async with open_studio(make_database, kafka, temporal, prefix) as studio:
        customer = await studio.customer()
        commission = await customer.submit()
        await studio.until_stage(commission, "desk")

For stories, for the test of every route, and for kills: `await studio.restart("quotes", faults={…})`.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
from PIL import Image

from deploy.local.demo import Demo
from deploy.local.engines.edge import Edge
from deploy.local.engines.engine import start
from deploy.local.engines.mail import MailSink
from deploy.local.plan import SERVICES
from deploy.local.ports import free_ports
from deploy.local.processes import stop_tree
from shared.auth.keys import new_signing_key, public_keys
from shared.auth.roles import Caller, Proof, Role
from shared.auth.tokens import LocalLink, Signer, Verifier
from shared.kafka.connection import Kafka
from shared.kernel.ids import new_id
from tests.support.service import RunningService, running, settings
from tests.support.waiting import until

MakeDatabase = Callable[[str], Awaitable[str]]
Faults = Mapping[str, Path]

RING: Mapping[str, str] = {
    "size": "54",
    "size_system": "iso",
    "metal": "gold_585_yellow",
    "finish": "satin",
    "engraving": "as it was",
    "occasion": "wedding",
    "why": "It is to say that we mean it.",
}
"""A brief that the jewellery craft takes."""


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in and asks over HTTP, through the edge, as an app would."""

    caller: Caller
    client: httpx.AsyncClient

    async def get(self, path: str) -> Any:
        """The JSON at this address. Fails on anything but 200."""
        answer = await self.client.get(path)
        assert answer.status_code == httpx.codes.OK, f"{path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    async def submit(
        self, answers: Mapping[str, str] = RING, key: UUID | None = None, images: Sequence[UUID] = ()
    ) -> UUID:
        """Ask for a ring; the commission."""
        headers = {"Idempotency-Key": str(key or uuid4())}
        body = {
            "craft": "jewellery",
            "offering": "engraved-ring",
            "answers": dict(answers),
            "images": [str(image) for image in images],
        }
        answer = await self.client.post("/api/v1/intake/commissions", json=body, headers=headers)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return UUID(answer.json()["commission"])

    async def send_picture(self) -> UUID:
        """Send a reference picture; it waits for its commission."""
        picture = BytesIO()
        Image.new("RGB", (64, 48), "#8a5a12").save(picture, "PNG")
        answer = await self.client.post("/api/v1/intake/images", files={"image": ("ring.png", picture.getvalue())})
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return UUID(answer.json()["image"])


@dataclass
class Studio:
    """What runs. `dsn` are the services' databases by name, `url` is the edge's."""

    url: str
    dsn: Mapping[str, str]
    environments: Mapping[str, dict[str, str]]
    signer: Signer
    local_links: Signer
    mails: Path
    prefix: str
    services: dict[str, RunningService] = field(default_factory=dict)
    _stacks: dict[str, AsyncExitStack] = field(default_factory=dict)

    async def start(self, service: str, faults: Faults | None = None, **changed: str) -> RunningService:
        """Start a service, and wait until it is ready; one with `faults` (see `settings`) may die before it is.

        `changed` are settings by name.
        """
        environment = {**self.environments[service], **_variables(changed), **_armed(faults)}
        stack = AsyncExitStack()
        process = await stack.enter_async_context(running(f"services.{service}.main:build", environment))
        self._stacks[service], self.services[service] = stack, process
        if not faults:
            await process.ready(60)
        return process

    async def stop(self, service: str) -> None:
        """Stop it as an operator does."""
        await self.services[service].stop()
        await self._stacks.pop(service).aclose()

    async def kill(self, service: str) -> None:
        """End it as a power cut does."""
        self.services[service].kill()
        await self._stacks.pop(service).aclose()

    async def restart(self, service: str, faults: Faults | None = None, **changed: str) -> RunningService:
        await self.stop(service)
        return await self.start(service, faults, **changed)

    async def close(self) -> None:
        await asyncio.gather(*(self.stop(service) for service in list(self._stacks)))

    def as_role(self, role: Role, person: UUID | None = None, *, proof: Proof = Proof.ONE) -> Person:
        """Somebody in this role, with a token that the studio's key signed."""
        caller = Caller(person or new_id(), role, new_id(), proof=proof)
        token = self.signer.token(caller, datetime.now(UTC))
        client = httpx.AsyncClient(base_url=self.url, headers={"Authorization": f"Bearer {token}"}, timeout=30)
        return Person(caller, client)

    def as_token(self, token: str) -> Person:
        """Whoever has this token."""
        client = httpx.AsyncClient(base_url=self.url, headers={"Authorization": f"Bearer {token}"}, timeout=30)
        keys = self.environments["intake"]["TOUCHMARK_TOKEN_KEYS"]
        return Person(Verifier.read(keys, issuer=self.url).caller(token, datetime.now(UTC)), client)

    async def customer(self) -> Person:
        """A new customer, joined over the API, as if they had confirmed a request before."""
        async with httpx.AsyncClient(base_url=self.url, timeout=30) as nobody:
            who = {"name": "A customer of the studio", "email": f"customer-{uuid4().hex[:8]}@example.org"}
            joined = await nobody.post("/api/v1/intake/people", json=who)
            assert joined.status_code == httpx.codes.CREATED, joined.text
        person = UUID(joined.json()["person"])
        await self.rows("intake", "UPDATE person SET confirmed_at = now() WHERE person = $1", person)
        return self.as_role(Role.CUSTOMER, person)

    def local_link(self, role: Role) -> str:
        """A one-time sign-in for the seeded person of this role, as `touchmark sign-in` makes it."""
        return self.local_links.local_link(LocalLink(new_id(), role), datetime.now(UTC))

    def demo(self) -> Demo:
        """The demo's customer, maker and ops, who play over this studio's public addresses."""
        return Demo(self.url, self.local_link(Role.OPS), self.local_link(Role.MAKER))

    async def stage(self, commission: UUID) -> str | None:
        """The commission's phase in lifecycle's projection; None while it does not know it."""
        rows = await self.rows("lifecycle", "SELECT phase FROM commission WHERE commission = $1", commission)
        return str(rows[0]["phase"]) if rows else None

    async def until_stage(self, commission: UUID, stage: str, within: float = 60.0) -> None:
        """Wait until the commission is in this phase."""

        async def there() -> bool:
            return await self.stage(commission) == stage

        try:
            await until(f"{commission} at {stage}", there, within)
        except AssertionError as error:
            tails = "\n".join(f"--- {name}\n{one.tail(8)}" for name, one in self.services.items())
            raise AssertionError(f"{error}; it is at {await self.stage(commission)}\n{tails}") from None

    async def until_ended(self, commission: UUID, within: float = 60.0) -> None:
        """Wait until its life is over and all that it had to undo is undone."""

        async def over() -> bool:
            query = "SELECT 1 FROM commission_workflow WHERE commission = $1 AND ended_at IS NOT NULL"
            return bool(await self.rows("lifecycle", query, commission))

        await until(f"the end of {commission}", over, within)

    async def rows(self, service: str, query: str, *arguments: object) -> list[asyncpg.Record]:
        """What is in a service's database."""
        connection = await asyncpg.connect(self.dsn[service])
        try:
            return await connection.fetch(query, *arguments)
        finally:
            await connection.close()

    def mailed(self) -> list[EmailMessage]:
        """Every mail that was sent."""
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in self.mails.glob("*.eml")]

    async def mailed_right(self, commission: UUID) -> tuple[str, str]:
        """The link and the code of the newest mail that asks to confirm this request, once it has come."""

        def texts() -> list[str]:
            parts = [mail.get_body(("plain",)) for mail in self.mail_to(commission)]
            return [text for part in parts if part and "/confirm?link=" in (text := part.get_content())]

        await until(f"the mail that asks to confirm {commission}", lambda: bool(texts()))
        text = texts()[-1]
        link = re.search(rf"{re.escape(self.url)}\S+/confirm\?link=\S+", text)
        code = re.search(r"(?<!\d)(\d{4})\s(\d{4})(?!\d)", text)
        assert link, text
        assert code, text
        return link[0], code[1] + code[2]

    def mail_to(self, commission: UUID) -> list[EmailMessage]:
        """Every mail to the customer about a commission, by its link: those to the studio lead to the ops room."""
        mails = [mail for mail in self.mailed() if str(commission) in mail.as_string()]
        return [mail for mail in mails if "/ops/" not in mail.as_string()]


@asynccontextmanager
async def open_studio(
    make_database: MakeDatabase, kafka: Kafka, temporal: str, prefix: str, host: str = "localhost", **changed: str
) -> AsyncIterator[Studio]:
    """Start everything, hand it over, stop everything. `host` is in its public address."""
    key, local_link_key = new_signing_key(), new_signing_key()
    edge_port, smtp_port, mail_port, *ports = free_ports(3 + len(SERVICES))
    url = f"http://{host}:{edge_port}"
    dsn = {service: await make_database(service) for service in SERVICES}
    only = {
        "intake": {"signing_key": key, "local_link_keys": public_keys(local_link_key)},
        "production": {"certificate_key": new_signing_key(), "publish_after_seconds": "1"},
        "notify": {"smtp": f"127.0.0.1:{smtp_port}", "smtp_security": "none"},
    }
    shared = settings(database="", kafka=kafka, temporal=temporal, prefix=prefix, token_keys=public_keys(key))
    environments = {
        service: shared
        | _variables({"database": dsn[service], "port": str(port), "public_url": url, "instance": f"{service}-1"})
        | _variables({**only.get(service, {}), **changed})
        for service, port in zip(SERVICES, ports, strict=True)
    }
    with TemporaryDirectory(prefix="touchmark-studio-") as folder:
        root = Path(folder)
        token = uuid4().hex
        erased = Path(changed["erased_keys"]) if "erased_keys" in changed else None
        sink = MailSink(root / "mail", smtp_port, mail_port, token, erased_keys=erased, sweep_every=1)
        addresses = {service: f"127.0.0.1:{port}" for service, port in zip(SERVICES, ports, strict=True)}
        edge = Edge(root / "edge", edge_port, addresses, None, f"127.0.0.1:{mail_port}", token)
        signer, local_links = Signer.read(key, issuer=url), Signer.read(local_link_key, issuer=url)
        studio = Studio(url, dsn, environments, signer, local_links, root / "mail", prefix)
        async with AsyncExitStack() as stack:
            for engine in (sink, edge):
                identity = await asyncio.to_thread(start, engine, root / f"{engine.name}.log")
                stack.callback(stop_tree, identity)
            stack.push_async_callback(studio.close)
            await asyncio.gather(*(studio.start(service) for service in SERVICES))
            yield studio


def _variables(changed: Mapping[str, str]) -> dict[str, str]:
    return {f"TOUCHMARK_{name.upper()}": value for name, value in changed.items()}


def _armed(faults: Faults | None) -> dict[str, str]:
    given = settings(database="", faults=faults)
    return {"TOUCHMARK_TEST_FAULTS": given["TOUCHMARK_TEST_FAULTS"]}
