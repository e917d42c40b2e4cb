"""Strangers, as many as one machine takes, at a bounded pace: `python -m tests.attack.flood URL SECONDS VICTIM`.

A process of its own, and one that gives way, so that its work does not count as the customer's waiting. It joins, asks
for pieces, sends pictures and bodies, opens live pages, and says as JSON how each kind was answered.
"""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from time import monotonic
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from tests.support.studio import RING

PLACES = 6
"""Addresses that the strangers come from."""
_JUNK = os.urandom(2_000_000)
_DEEP = b'{"name":' + b"[" * 953 + b"]" * 953 + b"}"
_WIDE = json.dumps({f"k{each}": 0 for each in range(80_000)}).encode()


@dataclass
class Flood:
    """What the strangers did: how each kind of request was answered, and by how many streams they were joined."""

    url: str
    victim: str
    until: float
    answered: dict[str, Counter[str]] = field(default_factory=dict)
    joined: list[str] = field(default_factory=list)
    commissions: list[tuple[str, str]] = field(default_factory=list)
    _number: "count[int]" = field(default_factory=count)

    async def run(self, client: httpx.AsyncClient) -> None:
        """Everything at once, each kind at its own pace."""
        kinds: dict[str, tuple[float, Callable[[httpx.AsyncClient], Awaitable[str]]]] = {
            "joins": (0.2, self.join),
            "joins as somebody else": (0.5, self.join_as_the_victim),
            "requests": (0.25, self.submit),
            "sign-in links": (0.5, self.ask_for_a_link),
            "uploads": (1.0, self.upload),
            "uploads by nobody": (0.5, self.upload_as_nobody),
            "deep bodies": (0.2, self.deep),
            "wide bodies": (0.8, self.wide),
            "slow bodies": (0.4, self.trickle),
            "streams": (0.2, self.stream),
            "wrong names": (0.3, self.misdirect),
        }
        async with asyncio.TaskGroup() as group:
            for kind, (pause, act) in kinds.items():
                group.create_task(self._repeat(client, kind, pause, act))

    async def _repeat(
        self,
        client: httpx.AsyncClient,
        kind: str,
        pause: float,
        act: Callable[[httpx.AsyncClient], Awaitable[str]],
    ) -> None:
        """Begin one each `pause`, whether or not the one before was answered."""
        answers = self.answered.setdefault(kind, Counter())

        async def once() -> None:
            try:
                answers[await act(client)] += 1
            except httpx.HTTPError as error:
                answers[type(error).__name__] += 1

        async with asyncio.TaskGroup() as group:
            while monotonic() < self.until:
                group.create_task(once())
                await asyncio.sleep(pause)  # the pace is the bound of this flood

    def _from(self) -> dict[str, str]:
        return {"X-Forwarded-For": f"203.0.113.{next(self._number) % PLACES}"}

    def _as_somebody(self) -> dict[str, str]:
        token = self.joined[next(self._number) % len(self.joined)] if self.joined else "none"
        return {**self._from(), "Authorization": f"Bearer {token}"}

    async def join(self, client: httpx.AsyncClient, email: str = "") -> str:
        who = {"name": "A Stranger", "email": email or f"stranger-{uuid4().hex[:10]}@example.org"}
        answer = await client.post("/api/v1/intake/people", json=who, headers=self._from())
        if answer.status_code == httpx.codes.CREATED:
            self.joined.append(answer.json()["token"])
        return str(answer.status_code)

    async def join_as_the_victim(self, client: httpx.AsyncClient) -> str:
        return await self.join(client, self.victim)

    async def submit(self, client: httpx.AsyncClient) -> str:
        headers = {**self._as_somebody(), "Idempotency-Key": str(uuid4())}
        body = {"craft": "jewellery", "offering": "engraved-ring", "answers": dict(RING)}
        answer = await client.post("/api/v1/intake/commissions", json=body, headers=headers)
        if answer.status_code == httpx.codes.CREATED:
            self.commissions.append((answer.json()["commission"], headers["Authorization"]))
        return str(answer.status_code)

    async def ask_for_a_link(self, client: httpx.AsyncClient) -> str:
        """Both ways to have a mail sent to the victim: by the page where everybody signs in, by a commission's."""
        answer = await client.post("/sign-in", data={"email": self.victim}, headers=self._from())
        return str(answer.status_code)

    async def upload(self, client: httpx.AsyncClient) -> str:
        files = {"image": ("ring.jpg", b"\xff\xd8\xff" + _JUNK, "image/jpeg")}
        return str((await client.post("/api/v1/intake/images", files=files, headers=self._as_somebody())).status_code)

    async def upload_as_nobody(self, client: httpx.AsyncClient) -> str:
        files = {"image": ("ring.jpg", _JUNK, "image/jpeg")}
        return str((await client.post("/api/v1/intake/images", files=files, headers=self._from())).status_code)

    async def deep(self, client: httpx.AsyncClient) -> str:
        return await self._body(client, _DEEP)

    async def wide(self, client: httpx.AsyncClient) -> str:
        return await self._body(client, _WIDE)

    async def _body(self, client: httpx.AsyncClient, body: bytes) -> str:
        headers = {**self._as_somebody(), "Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        return str((await client.post("/api/v1/intake/commissions", content=body, headers=headers)).status_code)

    async def trickle(self, client: httpx.AsyncClient) -> str:
        async def slowly() -> AsyncIterator[bytes]:
            while monotonic() < self.until:
                yield b" "
                await asyncio.sleep(1)

        headers = {**self._from(), "Content-Type": "application/json"}
        return str((await client.post("/api/v1/intake/people", content=slowly(), headers=headers)).status_code)

    async def stream(self, client: httpx.AsyncClient) -> str:
        """A live page of a stranger's own request, held to the end."""
        if not self.commissions:
            return "none yet"
        commission, token = self.commissions[next(self._number) % len(self.commissions)]
        headers = {**self._from(), "Authorization": token}
        async with client.stream("GET", f"/commissions/{commission}/live", headers=headers) as answer:
            if answer.status_code != httpx.codes.OK:
                return str(answer.status_code)
            try:
                async with asyncio.timeout(max(0.1, self.until - monotonic())):
                    async for line in answer.aiter_lines():
                        if "gave-way" in line:
                            return "200, gave way"
            except TimeoutError:
                return "200, held"
            return "200, ended"

    async def misdirect(self, client: httpx.AsyncClient) -> str:
        return str((await client.get("/", headers={**self._from(), "Host": "evil.example"})).status_code)


async def main(url: str, seconds: float, victim: str) -> dict[str, dict[str, int]]:
    """Flood the site for so long; how each kind was answered."""
    assert urlsplit(url).hostname == "localhost", "for a site of one's own alone"
    limits = httpx.Limits(max_connections=400)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as client:
        flood = Flood(url, victim, monotonic() + seconds)
        await flood.run(client)
    return {kind: dict(answers) for kind, answers in flood.answered.items()}


if __name__ == "__main__":
    os.nice(19)  # strangers have machines of their own: here they get what is left of this one
    print(json.dumps(asyncio.run(main(sys.argv[1], float(sys.argv[2]), sys.argv[3]))))
