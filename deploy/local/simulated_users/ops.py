"""Ops: an app in the hands of the studio."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from deploy.local.refusal import Refusal
from deploy.local.simulated_users.client import Client

_MAIL = re.compile(r'<li><a href="(\w+)">(.*?)</li>', re.DOTALL)
_CODE = re.compile(r"(?<!\d)(\d{4})[\xa0 ](\d{4})(?!\d)")
_QUOTES = "/api/v1/quotes/commissions"


class SimulatedOps:
    """Somebody of the studio, signed in by a one-time link."""

    def __init__(self, url: str, link: str) -> None:
        self._client = Client(url, {})
        self._client.sign_in(link)

    def story(self, commission: UUID) -> Mapping[str, Any] | None:
        """The commission in the ops room with all that happened; None while it is not known there."""
        found: Mapping[str, Any] | None = self._client.get(f"/api/v1/lifecycle/commissions/{commission}")
        return found

    def mails(self, commission: UUID) -> list[Mapping[str, Any]]:
        """The log of mails about it."""
        found = self._client.get(f"/api/v1/notify/commissions/{commission}/mails")
        return list(found["items"]) if found else []

    def code_mailed_to(self, email: str) -> str | None:
        """The code in the newest mail to this address, as the stack's mail sink shows it; None while there is none."""
        listed = _MAIL.findall(self._client.read("/mail/"))
        newest = next((name for name, about in listed if email in about), None)
        found = _CODE.search(self._client.read(f"/mail/{newest}")) if newest else None
        return found[1] + found[2] if found else None

    def send_quote(self, commission: UUID, *, valid_until: datetime | None = None) -> Mapping[str, Any]:
        """Have the draft sent, once hours are held; the customer may accept it until then. None is the usual time."""
        desk = self._client.get(f"{_QUOTES}/{commission}/quote")
        if not desk or not desk["quote"]:
            raise Refusal(f"There is no draft for commission {commission} yet.")
        body: dict[str, Any] = {"version": desk["quote"]["version"]}
        if valid_until is not None:
            body["valid_until"] = valid_until.isoformat()
        sent: Mapping[str, Any] = self._client.post(f"{_QUOTES}/{commission}/quote/send", body, status=202)
        return sent

    def owed(self, commission: UUID) -> Mapping[str, Any] | None:
        """What is to be paid now; None where nothing was agreed, or nothing is left."""
        desk = self._client.get(f"{_QUOTES}/{commission}/quote")
        account = desk["account"] if desk else None
        left: Mapping[str, Any] | None = account["left"] if account and account["left"]["minor"] > 0 else None
        return left

    def receive(self, commission: UUID) -> Mapping[str, Any]:
        """Mark as received what is owed, as the bank's statement says it."""
        left = self.owed(commission)
        if left is None:
            raise Refusal(f"Nothing is owed for commission {commission} just now.")
        body = {**left, "received_on": datetime.now(UTC).date().isoformat()}
        payment: Mapping[str, Any] = self._client.post(f"{_QUOTES}/{commission}/payments", body, status=201)
        return payment
