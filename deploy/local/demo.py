"""Whole lives, played over the public addresses of a running stack: one that is completed, and three that are not."""

import os
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

import httpx

from deploy.local.awaited import (
    ACCEPTED,
    BALANCED,
    BOOKED,
    CERTIFIED,
    DELIVERED,
    HANDED_OVER,
    HELD,
    MADE,
    PASSED_A_GATE,
    SENT,
    TO_THE_DESK,
    Awaited,
)
from deploy.local.refusal import Refusal
from deploy.local.simulated_users import SimulatedCustomer, SimulatedMaker, SimulatedOps, Wish
from deploy.local.words import _, language
from shared.i18n import N_
from shared.i18n.reader import locale_of, written_money
from shared.kernel.money import Money
from shared.offerings import Offering, load

T = TypeVar("T")

_WITHIN: Final = 90.0  # seconds that each fact may take to arrive
_LOOK_EVERY: Final = 0.05
_SHORT_OFFER: Final = timedelta(seconds=4)
_MAILS: Final = frozenset(
    {
        "confirmation_asked",
        "request_received",
        "quote_drafted",
        "quote_ready",
        "quote_accepted",
        "making_begins",
        "approval_asked",
        "balance_due",
        "parcel_sent",
        "certificate_ready",
    }
)
_SETTLED: Final = frozenset({"sent", "overtaken"})
"""The states of a mail that nothing more happens to: where notify was away for long, some are no longer true."""
_NOTES: Final = {
    "bend": "The joint closed on the first try; it will not show.",
    "engrave": "I cut the first letter twice in scrap before I touched your ring.",
}
_PHOTOGRAPHED: Final = frozenset({"bend", "engrave", "finish"})


@dataclass(frozen=True)
class DemoStep:
    """`at` is in seconds since the demo began. `fact` is what followed, in its own words."""

    at: float
    title: str
    fact: str


class Demo:
    """Plays commissions; `commission` and `serial` are those of the completed one, `others` the ends of the rest."""

    def __init__(self, url: str, ops_link: str, maker_link: str, *, language: str = "en") -> None:
        self._url = url
        self._language = language
        self._links = ops_link, maker_link
        self._began = datetime.now(UTC)
        self.commission: UUID | None = None
        self.serial: str | None = None
        self.others: dict[str, UUID] = {}

    def sign_in(self) -> tuple[SimulatedOps, SimulatedMaker]:
        """Use the links, which work once."""
        ops_link, maker_link = self._links
        self._ops, self._maker = SimulatedOps(self._url, ops_link), SimulatedMaker(self._url, maker_link)
        return self._ops, self._maker

    def play(self, wish: Wish | None = None) -> Iterator[DemoStep]:
        """The whole life of one commission, each step as soon as it is done; of a ring, where nothing else is wished.

        Raises:
            Refusal: something did not come, or was not answered as it should be.
        """
        ops, maker = self.sign_in()
        self.customer = customer = SimulatedCustomer(self._url, self._language)
        began = self._now()
        customer.join()
        yield DemoStep(
            began, _("%(name)s joins", name=customer.name), _("a session; the name is on touchmark.people only")
        )
        wish = wish or Wish.new(random.Random())  # noqa: S311 (not a secret)
        began, key = self._now(), customer.open_form(wish)
        commission = self.commission = customer.send(wish, key)
        page = _LivePage(customer, commission)
        took = 1000 * (self._now() - began)
        yield DemoStep(
            began,
            _("%(name)s sends the form, with a picture", name=customer.name),
            _("accepted in %(took)s ms: %(commission)s", took=f"{took:.0f}", commission=commission),
        )
        began = self._now()
        self._confirm(ops, customer, commission)
        said = _("the code from the mail; only now its life begins")
        yield DemoStep(began, _("%(name)s confirms the address", name=customer.name), said)
        yield from self._agreed(ops, customer, commission)
        offering = load(wish.craft, wish.offering).offering
        yield from self._made(ops, maker, customer, commission, offering)
        yield from self._brought(ops, maker, customer, commission)
        yield self._mailed(ops, commission)
        yield DemoStep(
            self._now(),
            _("The page of %(name)s showed all of it", name=customer.name),
            _("%(count)s updates on one stream", count=page.events()),
        )

    def play_the_others(self) -> Iterator[DemoStep]:
        """One that is declined, one that expires, one that is cancelled, for ops to look at. Sign in first."""
        ops = self._ops
        declining, expiring = (self._offered(ops, name) for name in ("declined", "expired"))
        declining[0].decline(declining[1])
        yield from self._cancelled()
        yield self._ended(ops, declining[1], N_("One is declined"), _("the price was too high"))
        yield self._ended(ops, expiring[1], N_("One expires"), _("nobody answered the quote in time"))

    def play_cancelled(self) -> Iterator[DemoStep]:
        """The one that is cancelled, after its making has begun."""
        self.sign_in()
        yield from self._cancelled()

    def _cancelled(self) -> Iterator[DemoStep]:
        ops, maker = self._ops, self._maker
        customer, commission = self._offered(ops, "cancelled")
        customer.accept(commission)
        self._written_to(ops, commission, "quote_accepted")
        self._pay(ops, commission)
        self._followed(ops, commission, BOOKED)
        self._written_to(ops, commission, "approval_asked")
        self._sign(customer, commission, "cut")
        self._start_next(maker, commission)
        self._followed(ops, commission, PASSED_A_GATE)
        terms = _require(lambda: self._costly(customer, commission), _("the terms of a cancellation"))
        said = _(
            "after the first gate: %(percent)s percent are owed, %(back)s go back",
            percent=terms["percent"],
            back=_word(terms["back"]),
        )
        yield self._ended(ops, commission, N_("One is cancelled"), said)

    # The chapters of a whole life.

    def _agreed(self, ops: SimulatedOps, customer: SimulatedCustomer, commission: UUID) -> Iterator[DemoStep]:
        for awaited in TO_THE_DESK:
            yield self._followed(ops, commission, awaited)
        self._written_to(ops, commission, "quote_drafted")
        ops.send_quote(commission)
        yield self._followed(ops, commission, HELD)
        yield self._followed(ops, commission, SENT)
        self._written_to(ops, commission, "quote_ready")
        customer.accept(commission)
        yield self._followed(ops, commission, ACCEPTED)
        self._written_to(ops, commission, "quote_accepted")
        self._pay(ops, commission)
        yield self._followed(ops, commission, BOOKED)

    def _made(
        self,
        ops: SimulatedOps,
        maker: SimulatedMaker,
        customer: SimulatedCustomer,
        commission: UUID,
        offering: Offering,
    ) -> Iterator[DemoStep]:
        customer.write(commission, "We are so looking forward to it. No hurry at all.")
        gates = [gate for gate in offering.gates if any(each.by == "customer" for each in gate.sign_offs)]
        for asked, gate in enumerate(gates, start=1):
            yield from self._work_until(ops, maker, commission, gate.before)
            self._written_to(ops, commission, "approval_asked", asked)
            self._sign(customer, commission, gate.id)
            title = _("%(name)s signs the gate: %(gate)s", name=customer.name, gate=gate.id)
            opened = Awaited(title, "GateOpened", ("gate", gate.id))
            yield self._followed(ops, commission, opened)
        yield from self._work_until(ops, maker, commission, None)
        yield self._followed(ops, commission, MADE)

    def _work_until(
        self, ops: SimulatedOps, maker: SimulatedMaker, commission: UUID, stage: str | None
    ) -> Iterator[DemoStep]:
        for done in self._work(maker, commission, stage):
            finished = Awaited(_("The maker finishes: %(stage)s", stage=done), "StageFinished", ("stage", done))
            yield self._followed(ops, commission, finished)

    def _brought(
        self, ops: SimulatedOps, maker: SimulatedMaker, customer: SimulatedCustomer, commission: UUID
    ) -> Iterator[DemoStep]:
        self._written_to(ops, commission, "balance_due")
        # Before the payment: whoever has paid and said nothing is asked where the piece goes.
        customer.say_where(commission)
        _require(lambda: maker.knows_where(commission), _("the address at the bench"))
        self._pay(ops, commission)
        yield self._followed(ops, commission, BALANCED)
        maker.pack(commission)
        _require(lambda: (maker.piece(commission) or {}).get("paid"), _("leave to hand the parcel over"))
        maker.hand_over(commission)
        yield self._followed(ops, commission, HANDED_OVER)
        _require(
            lambda: _next_action(customer, commission) == "confirm_receipt", _("the question whether it has arrived")
        )
        customer.confirm(commission)
        yield self._followed(ops, commission, DELIVERED)
        certified = self._followed(ops, commission, CERTIFIED)
        self.serial = self._serial(ops, commission)
        yield certified
        yield self._followed(ops, commission, Awaited(N_("The commission is complete"), "CommissionEnded"))

    # What somebody does, as soon as it can be done.

    def _offered(self, ops: SimulatedOps, name: str) -> tuple[SimulatedCustomer, UUID]:
        """A commission whose quote is with its customer."""
        customer = SimulatedCustomer(self._url)
        wish = Wish.new(random.Random())  # noqa: S311 (not a secret)
        customer.join()
        commission = self.others[name] = customer.send(wish, customer.open_form(wish))
        self._confirm(ops, customer, commission)
        self._followed(ops, commission, TO_THE_DESK[-1])
        self._written_to(ops, commission, "quote_drafted")
        ops.send_quote(commission, valid_until=datetime.now(UTC) + _SHORT_OFFER if name == "expired" else None)
        self._followed(ops, commission, SENT)
        self._written_to(ops, commission, "quote_ready")
        return customer, commission

    def _written_to(self, ops: SimulatedOps, commission: UUID, intent: str, times: int = 1) -> None:
        """Wait for the mail, as people do: who acts before it is sent gets none about it any more."""

        def written() -> bool:
            settled = [mail for mail in ops.mails(commission) if mail["state"] in _SETTLED]
            return len([mail for mail in settled if mail["intent"] == intent]) >= times

        _require(
            written,
            _("mail %(times)s of %(intent)s (%(commission)s)", times=times, intent=intent, commission=commission),
        )

    def _confirm(self, ops: SimulatedOps, customer: SimulatedCustomer, commission: UUID) -> None:
        """Read the mail, and enter its code."""
        code = _require(lambda: ops.code_mailed_to(customer.email), _("the mail with the code"))
        customer.confirm_address(commission, code)

    def _pay(self, ops: SimulatedOps, commission: UUID) -> None:
        _require(lambda: ops.owed(commission), _("an invoice"))
        ops.receive(commission)

    def _sign(self, customer: SimulatedCustomer, commission: UUID, gate: str) -> None:
        _require(lambda: customer.sign(commission, gate), _("the approval of %(gate)s", gate=gate))

    def _start_next(self, maker: SimulatedMaker, commission: UUID) -> Mapping[str, Any]:
        """Begin what can be begun: a gate may just be opening."""
        return _require(lambda: _begun(maker, commission), _("a task to begin"))

    def _work(self, maker: SimulatedMaker, commission: UUID, until: str | None) -> Iterator[str]:
        """Each stage, from the one that is next, until the one that is named or the last."""
        while (task := maker.next_task(commission)) is not None or until is not None:
            if task is None or task["stage"] == until:
                return
            task = self._start_next(maker, commission)
            stage, number = str(task["stage"]), UUID(task["task"])
            if stage in _PHOTOGRAPHED:
                maker.photograph(number)
            if stage in _NOTES:
                maker.note(number, _NOTES[stage])
            maker.finish(number)
            yield stage

    @staticmethod
    def _costly(customer: SimulatedCustomer, commission: UUID) -> Mapping[str, Any] | None:
        """Cancel once the customer's page shows what was begun."""
        return customer.cancel_after_a_gate(commission)

    # What followed.

    def _now(self) -> float:
        return self._since(datetime.now(UTC))

    def _since(self, instant: datetime) -> float:
        return (instant - self._began).total_seconds()

    def _followed(self, ops: SimulatedOps, commission: UUID, awaited: Awaited) -> DemoStep:
        """Wait until lifecycle has received the fact; the step's time is that of the fact."""

        def there() -> Mapping[str, Any] | None:
            story = ops.story(commission)
            return awaited.among(story["facts"]) if story else None

        found = _require(there, f"{awaited.fact} ({commission})")
        at = self._since(datetime.fromisoformat(found["at"]))
        return DemoStep(at, _(awaited.title), ": ".join(filter(None, (awaited.fact, _words(found["detail"])))))

    def _ended(self, ops: SimulatedOps, commission: UUID, title: str, why: str) -> DemoStep:
        ended = self._followed(ops, commission, Awaited(title, "CommissionEnded"))
        return DemoStep(ended.at, ended.title, f"{ended.fact}; {why}")

    def _serial(self, ops: SimulatedOps, commission: UUID) -> str:
        story = ops.story(commission) or {"facts": ()}
        found = CERTIFIED.among(story["facts"])
        return str(found["detail"]["serial"]) if found else ""

    def _mailed(self, ops: SimulatedOps, commission: UUID) -> DemoStep:
        def all_sent() -> list[Mapping[str, Any]] | None:
            settled = [mail for mail in ops.mails(commission) if mail["state"] in _SETTLED]
            sent = [mail for mail in settled if mail["state"] == "sent"]
            return sent if {mail["intent"] for mail in settled} >= _MAILS else None

        sent = _require(all_sent, _("the mails"))
        at = max(datetime.fromisoformat(mail["deliveries"][-1]["ended_at"]) for mail in sent)
        intents = ", ".join(dict.fromkeys(mail["intent"].replace("_", " ") for mail in reversed(sent)))
        said = _("MailSent, %(count)s times: %(intents)s", count=len(sent), intents=intents)
        return DemoStep(self._since(at), _("The mails were sent"), said)


class _LivePage:
    """Reads the commission's live stream in the background and counts its events."""

    def __init__(self, customer: SimulatedCustomer, commission: UUID) -> None:
        self._events = 0
        self._closed = False
        self._thread = threading.Thread(target=self._read, args=(customer, commission), daemon=True)
        self._thread.start()

    def events(self) -> int:
        """How many events the page got. Raises Refusal if there was none."""
        events = _require(lambda: self._events, _("an event of the live page"))
        self._closed = True
        return events

    def _read(self, customer: SimulatedCustomer, commission: UUID) -> None:
        while not self._closed:  # as a browser comes back that lost the stream
            with suppress(httpx.HTTPError, Refusal), customer.live(commission) as events:
                for _event in events:
                    self._events += 1
            time.sleep(_LOOK_EVERY)


def _begun(maker: SimulatedMaker, commission: UUID) -> Mapping[str, Any] | None:
    task = maker.next_task(commission)
    return task if task is not None and maker.begin(UUID(task["task"])) else None


def _next_action(customer: SimulatedCustomer, commission: UUID) -> str | None:
    found = customer.page(commission)["next_action"]
    return str(found["kind"]) if found else None


def _require(found: Callable[[], T | None], what: str) -> T:
    """What is found, once there is something.

    Raises:
        Refusal: it did not come in time.
    """
    until = time.monotonic() + _WITHIN
    while time.monotonic() < until:
        if something := found():
            return something
        time.sleep(_LOOK_EVERY)
    given = {"seconds": round(_WITHIN), "what": what}
    raise Refusal(_("Waited %(seconds)s s for %(what)s: `touchmark status` and `touchmark logs` say more.", **given))


def _words(detail: Mapping[str, Any]) -> str:
    """What a person can read of a fact: no ids, no digests."""
    return ", ".join(f"{name.replace('_', ' ')} {_word(value)}" for name, value in detail.items() if _readable(value))


def _readable(value: object) -> bool:
    return value is not None and not (isinstance(value, str) and len(value.replace("-", "")) >= 32)  # noqa: PLR2004 (an id)


def _word(value: object) -> str:
    if isinstance(value, Mapping) and {"minor", "currency"} <= value.keys():
        return written_money(Money.model_validate(value), locale_of(language(os.environ)))
    return str(value)
