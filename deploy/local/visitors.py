"""Two people who use a running stack from outside, over its public addresses only: a customer, and ops."""

import io
import random
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import httpx
from PIL import Image, ImageDraw

from deploy.local.refusal import Refusal

_PATIENCE = 30.0  # seconds for one answer
_KEY = re.compile(r'name="idempotency_key" value="([^"]+)"')
_PEOPLE = ("Ada", "Grace", "Emmy", "Lise", "Hedy", "Rosalind", "Katherine", "Mary")
_ENGRAVINGS = ("as it was", "and so we did", "12 . 5 . 2018", "home is here", "still, you")
_WHYS = (
    "We met at the harbour, and it should look a little like the sea.",
    "My grandmother wore one like it every day of her life.",
    "It is to say that we mean it.",
)


@dataclass(frozen=True)
class Wish:
    """What the customer asks for: the answers to the ring's form, and one picture."""

    answers: Mapping[str, str]
    picture: bytes

    @classmethod
    def new(cls, random_source: random.Random) -> "Wish":
        """Another one each time."""
        pick = random_source.choice
        needed_by = datetime.now(UTC).date() + timedelta(days=random_source.randint(75, 120))
        answers = {
            "size": str(random_source.randint(48, 62)),
            "size_system": "iso",
            "metal": pick(("silver_925", "gold_585_yellow", "gold_750_rose", "platinum_950")),
            "finish": pick(("polished", "satin", "hammered")),
            "engraving": pick(_ENGRAVINGS),
            "occasion": pick(("wedding", "engagement", "anniversary")),
            "needed_by": needed_by.isoformat(),
            "why": pick(_WHYS),
        }
        return cls(answers, _picture())


class Customer:
    """A browser that belongs to somebody new."""

    def __init__(self, url: str) -> None:
        # As a browser says of a form on the studio's own page.
        self._http = _client(url, {"Origin": url, "Sec-Fetch-Site": "same-origin"})
        self.name = random.choice(_PEOPLE)  # noqa: S311 (a name, not a secret)

    def join(self) -> None:
        """Join with a name and an address that belongs to nobody."""
        who = {"name": f"{self.name} Example", "email": f"{self.name.lower()}@example.org"}
        answer = _expect(self._http.post("/join", data=who), 303)
        # By hand: the cookies are for https, which a browser waives for localhost, and this client does not.
        self._http.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())

    def open_form(self) -> str:
        """Look at the ring's form; its key."""
        page = _expect(self._http.get("/commissions/new/jewellery"), 200).text
        key = _KEY.search(page)
        if key is None:
            raise Refusal("The form at /commissions/new/jewellery has no key: `touchmark logs intake` may say more.")
        return unescape(key[1])

    def send(self, wish: Wish, key: str) -> UUID:
        """Send the form; the commission that it has become."""
        fields = {"craft": "jewellery", "idempotency_key": key, **wish.answers}
        files = {"reference": ("ring.jpg", wish.picture, "image/jpeg")}
        answer = _expect(self._http.post("/commissions", data=fields, files=files), 303)
        return UUID(answer.headers["Location"].rpartition("/")[2])

    @contextmanager
    def live(self, commission: UUID) -> Iterator[Iterator[str]]:
        """The commission's page as it changes: each event's text, as it comes."""
        with self._http.stream("GET", f"/commissions/{commission}/live") as stream:
            _expect(stream, 200)
            yield _events(stream.iter_lines())


class Ops:
    """An app in the hands of the studio."""

    def __init__(self, url: str, ticket: str) -> None:
        self._http = _client(url, {})
        answer = _expect(self._http.post("/api/v1/intake/session/ticket", json={"ticket": ticket}), 201)
        self._http.headers["Authorization"] = f"Bearer {answer.json()['token']}"

    def story(self, commission: UUID) -> Mapping[str, Any] | None:
        """The commission's row in the ops room with all that happened; None while it is not known there."""
        return self._get(f"/api/v1/lifecycle/commissions/{commission}")

    def quote(self, commission: UUID) -> Mapping[str, Any] | None:
        """The drafted quote; None while there is none."""
        desk = self._get(f"/api/v1/quotes/commissions/{commission}/quote")
        return desk["quote"] if desk else None

    def mails(self, commission: UUID) -> list[Mapping[str, Any]]:
        """The log of mails about it."""
        found = self._get(f"/api/v1/notify/commissions/{commission}/mails")
        return list(found["items"]) if found else []

    def _get(self, path: str) -> Mapping[str, Any] | None:
        answer = self._http.get(path)
        # On its way (503) and not known yet (404) are answers as well: ask again.
        if answer.status_code in {404, 503}:
            return None
        found: Mapping[str, Any] = _expect(answer, 200).json()
        return found


def _client(url: str, headers: Mapping[str, str]) -> httpx.Client:
    # No proxy of the machine's stands between this and its own loopback.
    return httpx.Client(base_url=url, headers=headers, timeout=_PATIENCE, trust_env=False)


def _expect(answer: httpx.Response, status: int) -> httpx.Response:
    if answer.status_code != status:
        answer.read()
        asked = f"{answer.request.method} {answer.request.url.path}"
        raise Refusal(
            f"{asked} answered {answer.status_code} instead of {status}: {' '.join(answer.text.split())[:300]}"
        )
    return answer


def _events(lines: Iterator[str]) -> Iterator[str]:
    said: list[str] = []
    for line in lines:
        if line.startswith("data:"):
            said.append(line.removeprefix("data:").strip())
        elif not line and said:
            yield "\n".join(said)
            said = []


def _picture() -> bytes:
    """A ring, roughly: what somebody might sketch."""
    image = Image.new("RGB", (900, 700), "#faf7f2")
    ImageDraw.Draw(image).ellipse((200, 100, 700, 600), outline="#8a5a12", width=46)
    written = io.BytesIO()
    image.save(written, "JPEG")
    return written.getvalue()
