"""One commission, played over the public addresses of a running stack: from a customer's form to the studio's desk."""

import random
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
from babel.numbers import format_currency, get_currency_precision

from deploy.local.processes import wait_until
from deploy.local.refusal import Refusal
from deploy.local.visitors import Customer, Ops, Wish

_WITHIN = 60.0  # seconds that each fact may take to arrive
_MAILS = {"request_received", "quote_drafted"}


@dataclass(frozen=True)
class Step:
    """`at` is in seconds since the demo began. `fact` is what followed, in its own words."""

    at: float
    title: str
    fact: str


@dataclass(frozen=True)
class Awaited:
    """A fact that lifecycle is to hear of; where a `stage` is named, the one about that stage."""

    title: str
    fact: str
    stage: str | None = None

    def among(self, happenings: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
        """The first that is it."""
        return next((one for one in happenings if self._is(one)), None)

    def _is(self, happening: Mapping[str, Any]) -> bool:
        named = str(happening["type"]).rpartition(".")[2] == self.fact
        return named and (self.stage is None or happening["detail"].get("stage") == self.stage)


_STORY = (
    Awaited("Its workflow begins", "CommissionSubmitted"),
    Awaited("A maker's days are held", "PromiseHeld"),
    Awaited("A quote is drafted", "QuoteDrafted"),
    Awaited("It is on the desk of the studio", "StageEntered", stage="desk"),
)


class Demo:
    """Plays one commission; `commission` is known once the form is sent."""

    def __init__(self, url: str, ticket: str) -> None:
        self._url = url
        self._ticket = ticket
        self._began = datetime.now(UTC)
        self.commission: UUID | None = None

    def play(self) -> Iterator[Step]:
        """Each step as soon as it is done.

        Raises:
            Refusal: something did not come, or was not answered as it should be.
        """
        ops, customer = Ops(self._url, self._ticket), Customer(self._url)
        began = self._now()
        customer.join()
        yield Step(began, f"{customer.name} joins", "a session; the name is on touchmark.people and on no other topic")
        began, key = self._now(), customer.open_form()
        commission = self.commission = customer.send(Wish.new(random.Random()), key)  # noqa: S311 (not a secret)
        page = _LivePage(customer, commission)
        took = 1000 * (self._now() - began)
        yield Step(began, f"{customer.name} sends the form, with a picture", f"accepted in {took:.0f} ms: {commission}")
        for awaited in _STORY:
            yield self._followed(ops, commission, awaited)
        yield self._mailed(ops, commission)
        yield Step(self._now(), f"{customer.name}'s page told all of it", f"{page.events()} times, on one open stream")

    def _now(self) -> float:
        return self._since(datetime.now(UTC))

    def _since(self, instant: datetime) -> float:
        return (instant - self._began).total_seconds()

    def _followed(self, ops: Ops, commission: UUID, awaited: Awaited) -> Step:
        """Wait until lifecycle has heard of the fact; the step's time is the fact's own."""
        found: Mapping[str, Any] | None = None

        def there() -> bool:
            nonlocal found
            story = ops.story(commission)
            found = awaited.among(story["happenings"]) if story else None
            return found is not None

        _require(there, f"{awaited.fact} of commission {commission}")
        assert found is not None  # noqa: S101 (_require saw it)
        at = self._since(datetime.fromisoformat(found["at"]))
        return Step(at, awaited.title, f"{awaited.fact}: {_words(found['detail'])}")

    def _mailed(self, ops: Ops, commission: UUID) -> Step:
        sent: list[Mapping[str, Any]] = []

        def all_sent() -> bool:
            sent[:] = [mail for mail in ops.mails(commission) if mail["state"] == "sent"]
            return {mail["intent"] for mail in sent} >= _MAILS

        _require(all_sent, f"the mails about commission {commission}")
        at = max(datetime.fromisoformat(mail["deliveries"][-1]["ended_at"]) for mail in sent)
        told = ", ".join(sorted(mail["intent"].replace("_", " ") for mail in sent))
        return Step(self._since(at), "The mails are out", f"MailSent: {told}")


class _LivePage:
    """Reads the commission's stream in the background and counts what it was told."""

    def __init__(self, customer: Customer, commission: UUID) -> None:
        self._told = 0
        self._thread = threading.Thread(target=self._read, args=(customer, commission), daemon=True)
        self._thread.start()

    def events(self) -> int:
        """How often the page was told. Raises Refusal if it never was."""
        _require(lambda: self._told > 0, "an event of the live page")
        return self._told

    def _read(self, customer: Customer, commission: UUID) -> None:
        with suppress(httpx.HTTPError, Refusal), customer.live(commission) as events:
            for _event in events:
                self._told += 1


def _require(condition: Callable[[], bool], what: str) -> None:
    if not wait_until(condition, limit=_WITHIN):
        raise Refusal(f"Waited {_WITHIN:.0f} s in vain for {what}: `touchmark status` and `touchmark logs` say more.")


def _words(detail: Mapping[str, Any]) -> str:
    """What a person can read of a fact: no ids, no digests."""
    return ", ".join(f"{name.replace('_', ' ')} {_word(value)}" for name, value in detail.items() if _readable(value))


def _readable(value: object) -> bool:
    return value is not None and not (isinstance(value, str) and len(value.replace("-", "")) >= 32)  # noqa: PLR2004 (an id)


def _word(value: object) -> str:
    if isinstance(value, Mapping) and {"minor", "currency"} <= value.keys():
        return format_currency(
            Decimal(value["minor"]).scaleb(-get_currency_precision(value["currency"])), value["currency"], locale="en"
        )
    return str(value)
