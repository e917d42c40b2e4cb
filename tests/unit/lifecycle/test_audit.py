"""What ops do in other services becomes entries of the audit log, from the facts of those services."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.lifecycle.domain.audit import AuditAction, AuditEntry, AuditOutcome, audit_entry_of
from services.lifecycle.domain.operations import Operation
from services.lifecycle.domain.timeline import TimelineKind, timeline
from services.lifecycle.labels.audit import AUDIT_ACTIONS
from shared.contracts.access import InvitationSent
from shared.contracts.fact import Fact
from shared.contracts.payments import PaymentReceived
from shared.contracts.people import Role
from shared.contracts.production import ParcelDelivered
from shared.contracts.quotes import PriceChange, QuoteDrafted, QuoteSendAsked, Redraft
from shared.contracts.registry import FACTS
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from tests.support.lifecycle_audit import done_by_ops
from tests.support.lifecycle_stories import Story

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
OPS, COMMISSION = new_id(), new_id()
AMOUNT, LESS = Money(minor=51_380, currency="EUR"), Money(minor=9_500, currency="EUR")


def drafted(**said: Any) -> QuoteDrafted:
    about: dict[str, Any] = {
        "at": NOW,
        "commission": COMMISSION,
        "quote": new_id(),
        "quote_version": 2,
        "brief_version": 1,
    }
    return QuoteDrafted(**about, total=AMOUNT, **said)


def paid(**said: Any) -> PaymentReceived:
    return PaymentReceived(at=NOW, commission=COMMISSION, payment=new_id(), amount=AMOUNT, left=LESS, **said)


def entry_of(fact: Fact, version: int = 1) -> AuditEntry:
    entry = audit_entry_of(fact, version)
    assert entry is not None
    return entry


def test_every_fact_that_names_who_of_ops_did_it_is_audited() -> None:
    done = done_by_ops(Story(NOW), OPS)

    named = {fact for fact in FACTS.values() if "by" in fact.model_fields}
    assert {type(fact) for fact in done} == named - {QuoteSendAsked}, "it is in the log once it is sent"
    assert {entry_of(fact).person for fact in done} == {OPS}


def test_every_action_is_done_here_or_comes_from_a_fact() -> None:
    here = {AuditAction(operation.replace("-", "_")) for operation in Operation}
    here |= {AuditAction.REPLAY_PARKED, AuditAction.DROP_PARKED}
    here |= {AuditAction.TAKE_MESSAGES, AuditAction.GIVE_BACK_MESSAGES, AuditAction.FINISH_MESSAGES}

    assert {entry_of(fact).action for fact in done_by_ops(Story(NOW), OPS)} == set(AuditAction) - here


def test_every_action_has_words() -> None:
    assert set(AUDIT_ACTIONS) == set(AuditAction)


def test_a_payment_says_who_how_much_and_for_what() -> None:
    fact = paid(by=OPS)

    entry = entry_of(fact)

    assert (entry.action, entry.person, entry.commission, entry.at) == (
        AuditAction.RECORD_PAYMENT,
        OPS,
        COMMISSION,
        NOW,
    )
    assert entry.detail == {"payment": str(fact.payment), "amount": {"minor": 51_380, "currency": "EUR"}}
    assert (entry.outcome, entry.reason) == (AuditOutcome.DONE, None)


def test_a_fact_that_comes_twice_is_the_same_entry_and_the_next_one_another() -> None:
    fact = paid(by=OPS)

    assert entry_of(fact, 3).id == entry_of(fact, 3).id != entry_of(fact, 4).id


@pytest.mark.parametrize(
    "fact",
    [paid(), drafted(), ParcelDelivered(at=NOW, commission=COMMISSION)],
    ids=["a bank's", "the life cycle's", "the customer's"],
)
def test_what_ops_did_not_do_is_no_entry(fact: Fact) -> None:
    assert audit_entry_of(fact, 1) is None


@pytest.mark.parametrize(
    ("redraft", "action"),
    [
        (Redraft.PRICE_CHANGED, AuditAction.CHANGE_PRICE),
        (Redraft.PRICE_RESTORED, AuditAction.RESTORE_PRICE),
        (Redraft.LINES_CHANGED, AuditAction.CHANGE_LINES),
        (Redraft.DISCOUNT_GIVEN, AuditAction.GIVE_DISCOUNT),
        (Redraft.CONDITIONS_SET, AuditAction.SET_CONDITIONS),
        (Redraft.NOTHING, AuditAction.REVISE_QUOTE),
    ],
)
def test_a_draft_says_what_ops_changed(redraft: Redraft, action: AuditAction) -> None:
    assert entry_of(drafted(redraft=redraft, by=OPS)).action is action


def test_a_price_change_has_the_line_and_both_amounts() -> None:
    change = PriceChange(line="engraving", before=AMOUNT, amount=LESS)

    entry = entry_of(drafted(redraft=Redraft.PRICE_CHANGED, change=change, by=OPS))

    assert entry.detail == {
        "quote_version": 2,
        "total": {"minor": 51_380, "currency": "EUR"},
        "change": {
            "line": "engraving",
            "before": {"minor": 51_380, "currency": "EUR"},
            "amount": {"minor": 9_500, "currency": "EUR"},
        },
    }


def test_an_invitation_is_about_no_commission() -> None:
    person = new_id()

    entry = entry_of(InvitationSent(at=NOW, person=person, role=Role.MAKER, by=OPS))

    assert (entry.action, entry.commission) == (AuditAction.INVITE, None)
    assert entry.detail == {"person": str(person), "role": "maker"}


def test_the_timeline_tells_what_ops_did_elsewhere_once() -> None:
    nudge = AuditEntry(new_id(), COMMISSION, AuditAction.NUDGE, OPS, NOW, "x", {}, AuditOutcome.DONE)
    payment = entry_of(paid(by=OPS))

    everything = timeline([], None, [nudge, payment], None)
    by_ops = timeline([], None, [nudge, payment], TimelineKind.OPS)

    assert [each.name for each in everything] == ["nudge"]
    assert {each.name for each in by_ops} == {"nudge", "record_payment"}
