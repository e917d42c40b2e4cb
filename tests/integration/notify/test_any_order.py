"""Facts come late, twice, in any order between topics: no mail is lost, doubled, out of order or sent untrue."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from services.notify import actions
from services.notify.domain.mails import Addressee, MailState, Waits
from services.notify.domain.preferences import MailTimes
from shared.contracts.commissions import (
    ApprovalAsked,
    ApprovalGiven,
    ApprovalRefused,
    CommissionConfirmed,
    CommissionWithdrawn,
    DeliveryChosen,
)
from shared.contracts.fact import CommissionFact, Topic
from shared.contracts.lifecycle import CommissionEnded, CommissionReminded, Outcome, Phase, PhaseEntered
from shared.contracts.notifications import Intent
from shared.contracts.payments import InvoiceIssued, InvoiceKind, InvoicePaid
from shared.contracts.people import Role
from shared.contracts.production import ParcelHandedOver, PieceMade, PromiseBooked, StageBegun
from shared.contracts.quotes import (
    ChangeOrderAgreed,
    ChangeOrderEnded,
    ClaimAnswered,
    QuoteAccepted,
    QuoteDeclined,
    QuoteSent,
)
from shared.kernel.ids import new_id
from tests.support.mail_facts import DAY, MailFacts, euros, whole_life
from tests.support.notify import AT_ONCE, DAILY_AT, ZONE, Customer, Notify, opened

A_WEEK: Final = Waits(for_words=timedelta(0), for_facts=timedelta(days=7), in_order=timedelta(days=7))


@pytest.fixture(scope="module")
async def notify(make_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Notify]:
    """In a database of its own: each example has a commission of its own, and leaves no mail behind."""
    async with opened(make_database) as doors:
        yield doors


# The lives, and what their mails need and stop at: told apart from the catalogue, by the facts alone.


def _declined(facts: MailFacts) -> list[CommissionFact]:
    life: list[CommissionFact] = [facts.submitted(), facts.drafted(), facts.sent(), facts.answered()]
    life += [facts.reminded(Phase.OFFERED, version=1), facts.declined(), facts.entered(Phase.ENDED)]
    return [*life, facts.ended(Outcome.DECLINED)]


def _withdrawn(facts: MailFacts) -> list[CommissionFact]:
    life: list[CommissionFact] = [facts.submitted(), facts.drafted(), facts.withdrawn(), facts.entered(Phase.ENDED)]
    return [*life, facts.ended(Outcome.WITHDRAWN)]


def _cancelled(facts: MailFacts) -> list[CommissionFact]:
    life: list[CommissionFact] = [facts.submitted(), facts.drafted(), facts.sent(), facts.accepted()]
    life += [facts.invoiced(), facts.entered(Phase.DEPOSIT, 10 * DAY), facts.reminded(Phase.DEPOSIT)]
    life += [facts.paid(InvoiceKind.DEPOSIT), facts.booked(), asked := facts.approval_asked()]
    life += [facts.reminded(Phase.MAKING, approval=asked.approval), facts.cancellation_refused()]
    return [*life, facts.entered(Phase.ENDED), facts.ended(Outcome.CANCELLED, euros(12_600))]


LIVES: Final = (whole_life, _declined, _withdrawn, _cancelled)


def _asked_for(fact: CommissionFact) -> Intent | None:
    """The mail that a fact of these lives is told by."""
    match fact:
        case CommissionReminded():
            return _REMINDERS[fact.phase, fact.holder.value]
        case InvoiceIssued():
            return Intent.QUOTE_ACCEPTED if fact.kind is InvoiceKind.DEPOSIT else Intent.BALANCE_DUE
        case CommissionEnded(outcome=Outcome.COMPLETED):
            return None
        case CommissionEnded():
            return Intent.COMMISSION_CANCELLED if fact.outcome is Outcome.CANCELLED else Intent.COMMISSION_ENDED
        case _:
            return _MAILS.get(type(fact).__name__)


_MAILS: Final[Mapping[str, Intent]] = {
    "CommissionConfirmed": Intent.REQUEST_RECEIVED,
    "BriefChanged": Intent.REQUEST_CHANGED,
    "QuoteDrafted": Intent.QUOTE_DRAFTED,
    "QuoteSent": Intent.QUOTE_READY,
    "QuestionAnswered": Intent.QUESTION_ANSWERED,
    "ChangeProposalClosed": Intent.CHANGE_REFUSED,
    "PaymentReceived": Intent.PAYMENT_RECEIVED,
    "PaymentReversed": Intent.PAYMENT_REVERSED,
    "PromiseBooked": Intent.MAKING_BEGINS,
    "ApprovalAsked": Intent.APPROVAL_ASKED,
    "PieceReplanned": Intent.PIECE_DELAYED,
    "AddressAsked": Intent.ADDRESS_ASKED,
    "ReadyForPickup": Intent.READY_FOR_PICKUP,
    "ParcelHandedOver": Intent.PARCEL_SENT,
    "ParcelMissed": Intent.PARCEL_MISSED,
    "ParcelClaimed": Intent.PARCEL_CLAIMED,
    "CertificateIssued": Intent.CERTIFICATE_READY,
    "CancellationRefused": Intent.CANCELLATION_REFUSED,
    "ChangeOrderOffered": Intent.CHANGE_ORDER_OFFERED,
    "ChangeOrderApplied": Intent.CHANGE_ORDER_APPLIED,
    "ChangeOrderEnded": Intent.CHANGE_ORDER_ENDED,
    "ClaimMade": Intent.CLAIM_RECEIVED,
    "ClaimAnswered": Intent.CLAIM_ANSWERED,
}
_REMINDERS: Final = {
    (Phase.OFFERED, "customer"): Intent.QUOTE_REMINDER,
    (Phase.DEPOSIT, "customer"): Intent.DEPOSIT_REMINDER,
    (Phase.MAKING, "customer"): Intent.APPROVAL_REMINDER,
    (Phase.MAKING, "maker"): Intent.MAKER_REMINDER,
    (Phase.SHIPPING, "maker"): Intent.MAKER_REMINDER,
    (Phase.BALANCE, "customer"): Intent.BALANCE_REMINDER,
    (Phase.SHIPPING, "customer"): Intent.DELIVERY_REMINDER,
}
_MAKERS: Final = {Intent.MAKER_REMINDER}


def _stops(fact: CommissionFact, intent: Intent, other: CommissionFact) -> bool:  # noqa: C901, PLR0911, PLR0912 (a table)
    """Whether the other fact makes the mail of this one untrue."""
    over = isinstance(other, CommissionEnded) or (isinstance(other, PhaseEntered) and other.phase is Phase.ENDED)
    match intent:
        case Intent.QUOTE_DRAFTED | Intent.REQUEST_CHANGED:
            return over or isinstance(other, QuoteSent | QuoteAccepted | CommissionWithdrawn)
        case Intent.QUOTE_READY | Intent.QUOTE_REMINDER:
            version = getattr(fact, "quote_version", 0)
            newer = isinstance(other, QuoteSent) and other.quote_version > version
            return over or newer or isinstance(other, QuoteAccepted | QuoteDeclined | CommissionWithdrawn)
        case Intent.QUOTE_ACCEPTED:  # the contract goes with it
            return over
        case Intent.DEPOSIT_REMINDER:
            paid = isinstance(other, InvoicePaid) and other.kind is InvoiceKind.DEPOSIT
            return over or paid or isinstance(other, PromiseBooked)
        case Intent.MAKING_BEGINS | Intent.PIECE_DELAYED:
            return over or isinstance(other, PieceMade)
        case Intent.APPROVAL_ASKED | Intent.APPROVAL_REMINDER:
            answered = isinstance(other, ApprovalGiven | ApprovalRefused)
            same = getattr(other, "approval", None) == getattr(fact, "approval", None)
            return over or isinstance(other, PieceMade) or (answered and same)
        case Intent.MAKER_REMINDER:
            active = isinstance(other, StageBegun | PieceMade) and other.at > fact.at
            return over or active or isinstance(other, ParcelHandedOver)
        case Intent.BALANCE_DUE | Intent.BALANCE_REMINDER:
            paid = isinstance(other, InvoicePaid) and other.kind is InvoiceKind.BALANCE
            return over or paid or isinstance(other, ParcelHandedOver)
        case Intent.ADDRESS_ASKED:
            return over or isinstance(other, DeliveryChosen | ParcelHandedOver)
        case Intent.PARCEL_MISSED | Intent.PARCEL_CLAIMED | Intent.CHANGE_REFUSED:
            return over
        case Intent.CHANGE_ORDER_APPLIED | Intent.CHANGE_ORDER_ENDED:
            return over
        case Intent.CHANGE_ORDER_OFFERED:
            answered = isinstance(other, ChangeOrderAgreed | ChangeOrderEnded)
            return over or (answered and getattr(other, "change_order", None) == getattr(fact, "change_order", None))
        case Intent.READY_FOR_PICKUP:
            return over or isinstance(other, ParcelHandedOver)
        case Intent.DELIVERY_REMINDER:
            said = isinstance(other, DeliveryChosen) and other.at > fact.at
            return over or said or isinstance(other, ParcelHandedOver)
        case Intent.CLAIM_RECEIVED:
            return isinstance(other, ClaimAnswered)
        case Intent.CANCELLATION_REFUSED:
            return isinstance(other, CommissionEnded) and other.outcome is Outcome.CANCELLED
        case _:
            return False


def _is_needed(fact: CommissionFact, intent: Intent, other: CommissionFact) -> bool:  # noqa: PLR0911 (a table)
    """Whether the mail of this fact cannot be written without the other."""
    match intent:
        case Intent.QUOTE_REMINDER:
            return isinstance(other, QuoteSent) and other.quote_version == getattr(fact, "quote_version", 0)
        case Intent.QUOTE_ACCEPTED:
            return isinstance(other, PhaseEntered) and other.phase is Phase.DEPOSIT
        case Intent.DEPOSIT_REMINDER:
            return isinstance(other, InvoiceIssued) and other.kind is InvoiceKind.DEPOSIT
        case Intent.BALANCE_REMINDER:
            return isinstance(other, InvoiceIssued) and other.kind is InvoiceKind.BALANCE
        case Intent.APPROVAL_ASKED | Intent.PIECE_DELAYED:
            return isinstance(other, PromiseBooked)
        case Intent.APPROVAL_REMINDER:
            return isinstance(other, ApprovalAsked) and other.approval == getattr(fact, "approval", None)
        case _:
            return False


@dataclass(frozen=True)
class Expected:
    """One mail of a life: the fact that it comes from, and what makes it complete and untrue."""

    place: int
    fact: CommissionFact
    intent: Intent
    needs: tuple[CommissionFact, ...]
    stops: tuple[CommissionFact, ...]

    @property
    def addressee(self) -> Addressee:
        return Addressee.MAKER if self.intent in _MAKERS else Addressee.CUSTOMER


def _expected(life: Sequence[CommissionFact]) -> list[Expected]:
    found = []
    for place, fact in enumerate(life):
        if (intent := _asked_for(fact)) is None:
            continue
        reader = PromiseBooked if intent in _MAKERS else CommissionConfirmed
        needs = tuple(other for other in life if isinstance(other, reader) or _is_needed(fact, intent, other))
        stops = tuple(other for other in life if other is not fact and _stops(fact, intent, other))
        found.append(Expected(place, fact, intent, needs, stops))
    return found


# How they are delivered.


class Delivery:
    """One life on its way to notify; `seen` has what has arrived by now."""

    def __init__(self, notify: Notify, lead: Callable[[MailFacts], list[CommissionFact]]) -> None:
        self.notify = notify
        self.customer = Customer(new_id(), new_id())
        self.facts = MailFacts(self.customer.commission, self.customer.person)
        self.life = lead(self.facts)
        self.mails = _expected(self.life)
        self.seen: list[CommissionFact] = []
        self.sent: list[Expected] = []
        self.dropped: set[int] = set()
        self._minute = 0
        self._seen_when_sent: dict[int, set[int]] = {}
        self._versions: dict[int, int] = {}
        self._topics: dict[Topic, list[CommissionFact]] = {}
        counted: Counter[Topic] = Counter()
        for fact in self.life:
            counted[fact.topic] += 1
            self._versions[id(fact)] = counted[fact.topic]
            self._topics.setdefault(fact.topic, []).append(fact)

    async def known(self) -> None:
        await self.notify.know(self.customer)
        await self.notify.know(Customer(self.facts.maker, self.customer.commission), role=Role.MAKER)

    async def step(self, choice: int) -> None:
        """The next fact of some topic arrives, or an earlier one once more; sometimes the mailer looks in between."""
        open_ = [topic for topic in self._topics if self._topics[topic]]
        if choice % 7 == 0 and self.seen:
            await self.receives(self.seen[choice % len(self.seen)])
        if choice % 3 == 0:
            await self.posts()
        fact = self._topics[open_[choice % len(open_)]].pop(0)
        self.seen.append(fact)
        await self.receives(fact)

    async def arrives(self, choices: Sequence[int]) -> None:
        """All of it, in an order that the choices make."""
        for number in range(len(self.life)):
            await self.step(choices[number % len(choices)] + number)
        await self.posts()

    async def receives(self, fact: CommissionFact) -> None:
        version = self._versions[id(fact)]
        times = MailTimes(AT_ONCE, DAILY_AT, ZoneInfo(ZONE))
        follow = partial(actions.follow_fact, fact=fact, version=version, times=times, now=self.notify.now())
        await self.notify.do(follow)

    async def posts(self) -> None:
        """The mailer looks; what it sends, drops and keeps back has to be right by what has arrived."""
        self._minute += 2
        for outgoing in await self.notify.deliver(at=self._minute, waits=A_WEEK):
            if outgoing.commission != self.customer.commission:
                continue
            mail = self._of(outgoing.intent, outgoing.version)
            assert mail not in self.sent, f"doubled: {mail.intent}"
            assert not self._is_untrue(mail), f"untrue: {mail.intent}"
            assert not self._overtook(mail), f"out of order: {mail.intent}"
            self.sent.append(mail)
            self._seen_when_sent[mail.place] = set(map(id, self.seen))
        await self._accounts_for_the_rest()

    async def _accounts_for_the_rest(self) -> None:
        """No mail is dropped that is true, and none waits that is true and complete, behind no other that waits."""
        states = await self.states()
        kept_back: dict[Addressee, Expected] = {}
        for mail in self.mails:
            state = states.get(mail.place)
            if state is MailState.OVERTAKEN:
                assert mail.place in self.dropped or self._is_untrue(mail), f"lost: {mail.intent}"
                self.dropped.add(mail.place)
            elif state is MailState.WAITING and mail.addressee not in kept_back:
                assert set(map(id, mail.needs)) - set(map(id, self.seen)), f"kept back: {mail.intent}"
                kept_back[mail.addressee] = mail

    async def states(self) -> dict[int, MailState]:
        async with self.notify.database.statement() as tx:
            rows = await tx.connection.fetch(
                "SELECT intent, version, state FROM mail WHERE commission = $1", self.customer.commission
            )
        return {self._of(Intent(row["intent"]), row["version"]).place: MailState(row["state"]) for row in rows}

    def _of(self, intent: Intent, version: int) -> Expected:
        [found] = (each for each in self.mails if each.intent is intent and self._versions[id(each.fact)] == version)
        return found

    def _overtook(self, mail: Expected) -> bool:
        """Whether a mail about something later was sent before it, though its fact had arrived by then."""
        later = [each for each in self.sent if each.addressee is mail.addressee and each.place > mail.place]
        known = [self._seen_when_sent[each.place] for each in later]
        return any(id(mail.fact) in seen for seen in known)

    def _is_untrue(self, mail: Expected) -> bool:
        return any(other in self.seen for other in mail.stops)


ANY_ORDER: Final = some.lists(some.integers(0, 2**16), min_size=1, max_size=40)
IN_GOOD_TIME: Final = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@IN_GOOD_TIME
@given(lead=some.sampled_from(LIVES), choices=ANY_ORDER)
async def test_no_order_of_facts_loses_doubles_or_misplaces_a_mail_or_sends_an_untrue_one(
    notify: Notify, lead: Callable[[MailFacts], list[CommissionFact]], choices: list[int]
) -> None:
    delivery = Delivery(notify, lead)
    await delivery.known()

    await delivery.arrives(choices)

    handled = {mail.place for mail in delivery.sent} | delivery.dropped
    assert handled == {mail.place for mail in delivery.mails}
    assert {mail.place for mail in delivery.mails if not mail.stops} <= {mail.place for mail in delivery.sent}


@IN_GOOD_TIME
@given(lead=some.sampled_from(LIVES), choices=ANY_ORDER)
async def test_a_group_that_reads_everything_again_mails_nothing(
    notify: Notify, lead: Callable[[MailFacts], list[CommissionFact]], choices: list[int]
) -> None:
    delivery = Delivery(notify, lead)
    await delivery.known()
    await delivery.arrives(choices)
    before = await delivery.states()

    for fact in delivery.life:
        await delivery.receives(fact)

    assert await notify.post(delivery.customer, at=10_000, waits=A_WEEK) == []
    assert await delivery.states() == before


@IN_GOOD_TIME
@given(choices=ANY_ORDER, cut=some.integers(0, 40))
async def test_a_new_group_mails_nothing_older_than_its_cut_over(notify: Notify, choices: list[int], cut: int) -> None:
    """What is older is known all the same: a reminder says the amount of an offer that nobody is mailed any more."""
    delivery = Delivery(notify, whole_life)
    await delivery.known()
    at = delivery.life[cut % len(delivery.life)].at
    async with notify.database.transaction() as tx:
        await tx.connection.execute("DELETE FROM cut_over")
        await actions.start_reading(tx, list(Topic), look_back=timedelta(0), now=at)
        await actions.start_reading(tx, list(Topic), look_back=timedelta(days=9), now=at)  # a second start
    try:
        delivery.mails = [mail for mail in delivery.mails if mail.fact.at >= at]

        await delivery.arrives(choices)
    finally:
        async with notify.database.transaction() as tx:
            await tx.connection.execute("DELETE FROM cut_over")

    assert {mail.place for mail in delivery.sent} | delivery.dropped == {mail.place for mail in delivery.mails}
