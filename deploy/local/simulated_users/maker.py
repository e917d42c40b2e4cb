"""A maker, with a phone at the bench."""

import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from deploy.local.refusal import Refusal
from deploy.local.simulated_users.client import Client
from deploy.local.simulated_users.drawings import bench_photo

_BENCH = "/api/v1/production"
_OPEN = frozenset({"ready", "running", "paused"})
_METALS = ("#d9b44a", "#c9c6c0", "#cf9a7b")


class SimulatedMaker:
    """Somebody at a bench, signed in by a one-time link."""

    def __init__(self, url: str, link: str) -> None:
        self._client = Client(url, {})
        self._client.sign_in(link)
        self._metal = random.choice(_METALS)  # noqa: S311 (not a secret)

    def piece(self, commission: UUID) -> Mapping[str, Any] | None:
        """The piece as the board has it; None while it is not booked."""
        found = self._client.get(f"{_BENCH}/commissions/{commission}/piece")
        return found["piece"] if found else None

    def next_task(self, commission: UUID) -> Mapping[str, Any] | None:
        """The task that can be worked on, if there is one."""
        piece = self.piece(commission)
        tasks = piece["tasks"] if piece else ()
        return next((task for task in tasks if task["state"] in _OPEN), None)

    def begin(self, task: UUID) -> bool:
        """Start it, and sign off what is the maker's to sign; not while it waits for somebody else's signature."""
        ticket = self._ticket(task)
        if not ticket["may_start"]:
            return False
        self._client.post(f"{_BENCH}/tasks/{task}/start", {"sign_offs": [each["id"] for each in ticket["signs"]]})
        return True

    def finish(self, task: UUID) -> None:
        """Finish it; where there is a list of checks, measure a good piece."""
        checks = {each["check"]: _measured(each) for each in self._ticket(task)["checks"]}
        self._client.post(f"{_BENCH}/tasks/{task}/finish", {"checks": checks} if checks else {})

    def note(self, task: UUID, words: str) -> None:
        self._client.post(f"{_BENCH}/tasks/{task}/notes", {"body": words}, status=201)

    def photograph(self, task: UUID) -> None:
        """Add a photo of the piece, for the customer and for the certificate."""
        picture = {"photo": ("bench.jpg", bench_photo(self._metal), "image/jpeg")}
        self._client.send(f"{_BENCH}/tasks/{task}/photos", picture, {"public": "true"})

    def knows_where(self, commission: UUID) -> bool:
        """Whether the address has come to the bench."""
        to = (self.piece(commission) or {}).get("deliver_to") or {}
        return to.get("way") is not None

    def pack(self, commission: UUID) -> None:
        self._client.post(f"{_BENCH}/pieces/{self._piece_id(commission)}/pack")

    def hand_over(self, commission: UUID) -> str:
        """Give it to the carrier; the tracking number."""
        tracking = "".join(random.choices("0123456789", k=12))  # noqa: S311 (not a secret)
        body = {"carrier": "other", "tracking": tracking}
        self._client.post(f"{_BENCH}/pieces/{self._piece_id(commission)}/hand-over", body)
        return tracking

    def _piece_id(self, commission: UUID) -> str:
        piece = self.piece(commission)
        if piece is None:
            raise Refusal(f"The bench has no piece of commission {commission}.")
        return str(piece["piece"])

    def _ticket(self, task: UUID) -> Mapping[str, Any]:
        found: Mapping[str, Any] | None = self._client.get(f"{_BENCH}/tasks/{task}")
        if found is None:
            raise Refusal(f"The bench does not know task {task}.")
        return found


def _measured(check: Mapping[str, Any]) -> str:
    """What a good piece measures: the middle of what is allowed."""
    if check["low"] is None or check["high"] is None:
        return "yes"
    return str(((Decimal(check["low"]) + Decimal(check["high"])) / 2).quantize(Decimal("0.01")))
