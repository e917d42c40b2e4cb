"""A customer: somebody new, with a browser."""

import random
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import httpx

from deploy.local.refusal import Refusal
from deploy.local.simulated_users.client import Client, expect
from deploy.local.simulated_users.drawings import sketch

_INTAKE = "/api/v1/intake/commissions"
_QUOTES = "/api/v1/quotes/commissions"
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
    """What the customer asks for: the answers to an offering's form, and one picture."""

    answers: Mapping[str, str]
    picture: bytes
    craft: str = "jewellery"
    offering: str = "engraved-ring"

    @property
    def form(self) -> str:
        """The address of the form."""
        return f"/commissions/new/{self.craft}/{self.offering}"

    @classmethod
    def new(cls, random_source: random.Random) -> "Wish":
        """Another ring each time."""
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
        return cls(answers, sketch())


class SimulatedCustomer:
    """A browser that belongs to somebody new."""

    def __init__(self, url: str, language: str = "en") -> None:
        # As a browser says of a form on the studio's own page.
        headers = {"Origin": url, "Sec-Fetch-Site": "same-origin", "Accept-Language": language}
        self._client = Client(url, headers)
        self._http = self._client.http
        self.name = random.choice(_PEOPLE)  # noqa: S311 (a name, not a secret)
        self.email = f"{self.name.lower()}.{uuid4().hex[:8]}@example.org"

    def join(self) -> None:
        """Join with a name and an address that belongs to nobody."""
        self._keep(self._client.submit("/sign-up", {"name": f"{self.name} Example", "email": self.email}))

    def open_form(self, wish: Wish) -> str:
        """Look at the form of what is wished; its key."""
        key = _KEY.search(self._client.read(wish.form))
        if key is None:
            raise Refusal(f"The form at {wish.form} has no key: `touchmark logs intake` may say more.")
        return unescape(key[1])

    def read(self, path: str) -> str:
        """A page, in this customer's language."""
        return self._client.read(path)

    def send(self, wish: Wish, key: str) -> UUID:
        """Send the form; the commission that it has become."""
        fields = {"craft": wish.craft, "offering": wish.offering, "idempotency_key": key, **wish.answers}
        files = {"reference": ("ring.jpg", wish.picture, "image/jpeg")}
        answer = self._client.submit("/commissions", fields, files)
        return UUID(answer.headers["Location"].rpartition("/")[2])

    def confirm_address(self, commission: UUID, code: str) -> None:
        """Enter the code from the mail in the browser that sent the form."""
        self._keep(self._client.submit(f"/commissions/{commission}/confirm/code", {"code": code}))

    def _keep(self, answer: httpx.Response) -> None:
        """Keep the session. By hand: the cookies are for https, which a browser waives for localhost alone."""
        self._http.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())

    def page(self, commission: UUID) -> Mapping[str, Any]:
        """What the commission's page says; empty while there is none."""
        return self._client.get(f"{_INTAKE}/{commission}") or {}

    def offer(self, commission: UUID) -> Mapping[str, Any] | None:
        """The quote, once it was sent."""
        found = self._client.get(f"{_QUOTES}/{commission}/offer")
        return found["quote"] if found else None

    def accept(self, commission: UUID) -> Mapping[str, Any]:
        """Agree to the quote, its terms and how the piece will differ."""
        version = self._version(commission)
        agreed = {"version": version, "terms": True, "variation": True}
        accepted: Mapping[str, Any] = self._client.post(f"{_QUOTES}/{commission}/offer/accept", agreed)
        return accepted

    def decline(self, commission: UUID) -> None:
        body = {"version": self._version(commission), "reason": "price", "words": "It is more than we have."}
        self._client.post(f"{_QUOTES}/{commission}/offer/decline", body)

    def sign(self, commission: UUID, gate: str) -> bool:
        """Sign this gate off, if it is asked for; whether it was."""
        approvals = self.page(commission).get("approvals", ())
        approval = next((one for one in approvals if one["gate"] == gate and one["state"] == "open"), None)
        if approval is None:
            return False
        where = f"{_INTAKE}/{commission}/approvals/{approval['approval']}"
        sheet = self._client.get(where)
        signed = {"brief_version": sheet["brief_version"], "signed": [each["id"] for each in sheet["signed"]]}
        self._client.post(f"{where}/sign", signed)
        return True

    def cancel_after_a_gate(self, commission: UUID) -> Mapping[str, Any] | None:
        """Cancel on the terms that the page names, which are returned; None while the page knows of no gate passed."""
        found = self._client.get(f"{_INTAKE}/{commission}/cancel")
        terms: Mapping[str, Any] | None = found["terms"] if found and found["blocked_by"] is None else None
        if terms is None or not terms["percent"]:
            return None
        body = {"owed_percent": terms["percent"], "reason": "changed_mind"}
        self._client.post(f"{_INTAKE}/{commission}/cancel", body)
        return terms

    def say_where(self, commission: UUID) -> None:
        """Where the piece goes: by parcel, to an address."""
        to = {"name": f"{self.name} Example", "street": "Lindenweg 4", "postcode": "10115", "city": "Berlin"}
        self._client.put(f"{_INTAKE}/{commission}/delivery", {"way": "parcel", **to})

    def confirm(self, commission: UUID) -> None:
        """The parcel has arrived."""
        self._client.post(f"{_INTAKE}/{commission}/receipt")

    def write(self, commission: UUID, words: str) -> None:
        """A message to the maker."""
        self._client.post(f"{_INTAKE}/{commission}/messages", {"words": words}, status=201)

    def _version(self, commission: UUID) -> int:
        found = self.offer(commission)
        if found is None:
            raise Refusal(f"There is no quote for commission {commission} yet.")
        return int(found["version"])

    @contextmanager
    def live(self, commission: UUID) -> Iterator[Iterator[str]]:
        """The commission's page as it changes: each event's text, as it comes."""
        with self._http.stream("GET", f"/commissions/{commission}/live") as stream:
            expect(stream, 200)
            yield _events(stream.iter_lines())


def _events(lines: Iterator[str]) -> Iterator[str]:
    said: list[str] = []
    for line in lines:
        if line.startswith("data:"):
            said.append(line.removeprefix("data:").strip())
        elif not line and said:
            yield "\n".join(said)
            said = []
