"""The catalogue: each mail has one row, and the words and days that its facts give it."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from services.notify.domain.catalogue import KNOWN_FACTS, MAILS, judge, mails_of
from services.notify.domain.known import Known, KnownFact
from services.notify.domain.mails import Addressee, MailDetails
from services.notify.domain.person_mails import OF_WAYS_IN, PERSON_MAILS, WITH_A_LINK, request_of
from services.notify.domain.preferences import OPTIONAL
from services.notify.domain.rules import MailVerdict
from services.notify.domain.studio import STUDIO_INTENTS, STUDIO_MAILS
from shared.contracts.access import LinkAsked, LinkPurpose, SignInChange, SignInChanged
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import Holder, Outcome, Phase
from shared.contracts.notifications import INTENTS, LAST_MAILS, Intent
from shared.contracts.people import Role
from tests.support.mail_facts import DAY, DEPOSIT, MailFacts, whole_life

ZONE = "Europe/Berlin"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def facts() -> MailFacts:
    return MailFacts(uuid4(), uuid4(), at=NOW)


def known(*facts: CommissionFact) -> Known:
    return Known([KnownFact(fact, version) for version, fact in enumerate(facts, 1)], ZONE)


def test_every_mail_has_one_row_and_one_title() -> None:
    assert Counter([*(rule.intent for rule in MAILS), *PERSON_MAILS]) == Counter(Intent)
    assert set(INTENTS) == set(Intent)


def test_the_studio_is_told_of_everything_as_it_wishes() -> None:
    told = [*(rule.intent for rule in STUDIO_MAILS), *(set(PERSON_MAILS) - WITH_A_LINK - OF_WAYS_IN)]

    assert Counter(told) == Counter(OPTIONAL[Role.OPS])


@pytest.mark.parametrize("change", SignInChange)
def test_a_change_of_ways_in_is_mailed_to_its_person(change: SignInChange) -> None:
    changed = SignInChanged(at=datetime(2026, 11, 23, tzinfo=UTC), person=uuid4(), change_id=uuid4(), change=change)

    request = request_of(changed, 3)

    assert (request.person, request.about, request.held_until) == (changed.person, changed.change_id, None)
    assert request.intent in OF_WAYS_IN


@pytest.mark.parametrize("outcome", Outcome)
def test_however_a_commission_ends_its_last_mail_is_asked_for_and_nothing_makes_it_untrue(
    facts: MailFacts, outcome: Outcome
) -> None:
    """Who is to be erased waits for it: one that nobody asks for, or that is dropped, would be waited for in vain."""
    life = [facts.submitted(), facts.certified(), facts.ended(outcome)]

    asked = [
        rule.request(fact, version)
        for version, fact in enumerate(life, 1)
        for rule in mails_of(fact)
        if rule.intent is LAST_MAILS[outcome]
    ]

    (request,) = asked
    assert request.addressee is Addressee.CUSTOMER
    assert judge(request.intent, request.version, known(*life))[0] is MailVerdict.READY


def test_a_fact_that_a_mail_comes_from_is_kept() -> None:
    assert {rule.fact for rule in MAILS} <= KNOWN_FACTS


def test_no_fact_of_a_life_asks_for_two_mails_of_one_intent(facts: MailFacts) -> None:
    for fact in whole_life(facts):
        intents = [rule.intent for rule in mails_of(fact)]
        to_others = [intent for intent in intents if intent not in STUDIO_INTENTS]

        assert len(intents) == len(set(intents))
        assert len(to_others) <= 1


def test_two_reminders_are_about_two_things(facts: MailFacts) -> None:
    first, second = (facts.reminded(Phase.BALANCE) for _ in range(2))

    [rule] = mails_of(first)

    assert rule.about(first) != rule.about(second)
    assert rule.about(first) == rule.about(first.model_copy(update={"at": NOW}))


@pytest.mark.parametrize("holder", [Holder.STUDIO, Holder.PROCESS, Holder.NOBODY])
def test_nobody_but_customer_and_maker_is_reminded_by_mail(facts: MailFacts, holder: Holder) -> None:
    assert [mails_of(facts.reminded(phase, holder)) for phase in Phase] == [[]] * len(Phase)


def test_the_last_day_is_the_one_before_the_midnight_on_which_it_is_too_late() -> None:
    midnight = datetime(2026, 12, 20, 23, 0, tzinfo=UTC)

    assert known().last_day(midnight, NOW) == date(2026, 12, 20)


def test_a_day_that_is_not_whole_is_not_told() -> None:
    """As after a pause of some hours, or an extension across the change of the clocks."""
    midnight = datetime(2026, 12, 20, 23, 0, tzinfo=UTC)

    assert known().last_day(midnight + timedelta(hours=6), NOW) == date(2026, 12, 20)
    assert known().last_day(midnight - timedelta(hours=1), NOW) == date(2026, 12, 19)


def test_what_is_due_today_is_due_today() -> None:
    assert known().last_day(NOW + timedelta(minutes=1), NOW) == NOW.date()


def test_the_invoice_the_phase_and_the_reminder_give_one_last_day(facts: MailFacts) -> None:
    last = date(2026, 12, 3)
    named, unnamed = facts.invoiced(due_on=last), facts.invoiced()
    midnight = datetime(2026, 12, 3, 23, 0, tzinfo=UTC)
    entered = facts.entered(Phase.DEPOSIT).model_copy(update={"due": midnight})
    reminded = facts.reminded(Phase.DEPOSIT).model_copy(update={"due": midnight})

    by_invoice = judge(Intent.QUOTE_ACCEPTED, 1, known(named))
    by_phase = judge(Intent.QUOTE_ACCEPTED, 1, known(unnamed, entered))
    by_reminder = judge(Intent.DEPOSIT_REMINDER, 2, known(named, reminded))

    assert {verdict for verdict, _ in (by_invoice, by_phase, by_reminder)} == {MailVerdict.READY}
    assert {(says.day, says.amount, says.code) for _, says in (by_invoice, by_phase, by_reminder)} == {
        (last, DEPOSIT, "2027-deposit")
    }


def test_a_late_start_that_the_booking_names_is_no_delay(facts: MailFacts) -> None:
    """The bench replans it just before it books, so the customer hears of one day only."""
    late = date(2027, 6, 10)
    replanned, booked = facts.replanned(late), facts.booked(late)

    before = judge(Intent.PIECE_DELAYED, 1, known(replanned))
    after = judge(Intent.PIECE_DELAYED, 1, known(replanned, booked))

    assert (before[0], after[0]) == (MailVerdict.INCOMPLETE, MailVerdict.UNTRUE)
    said = MailDetails(day=late, ready_by=late)
    assert judge(Intent.MAKING_BEGINS, 2, known(replanned, booked)) == (MailVerdict.READY, said)


def test_a_mail_whose_fact_was_forgotten_is_not_sent() -> None:
    assert judge(Intent.QUOTE_READY, 1, known())[0] is MailVerdict.UNTRUE


def test_an_extended_offer_is_reminded_of_with_its_new_day(facts: MailFacts) -> None:
    sent, reminded = facts.sent(valid=5 * DAY), facts.reminded(Phase.OFFERED, version=1)
    extended = reminded.model_copy(update={"due": datetime(2027, 1, 3, 23, 0, tzinfo=UTC)})

    verdict, says = judge(Intent.QUOTE_REMINDER, 2, known(sent, extended))

    assert (verdict, says.day) == (MailVerdict.READY, date(2027, 1, 3))


@pytest.mark.parametrize(
    ("purpose", "intent"),
    [
        (LinkPurpose.SIGN_IN, Intent.SIGN_IN_LINK),
        (LinkPurpose.INVITATION, Intent.INVITATION),
        (LinkPurpose.NEW_ACCESS, Intent.NEW_ACCESS),
    ],
)
def test_who_is_to_get_a_link_gets_it_while_it_is_good(purpose: LinkPurpose, intent: Intent) -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    asked = LinkAsked(at=at, person=uuid4(), right=uuid4(), purpose=purpose, until=at + timedelta(minutes=7))

    request = request_of(asked, 3)

    assert (request.intent, request.person, request.about) == (intent, asked.person, asked.right)
    assert request.good_until == asked.until
