"""The money, the promised day and the gates, as facts leave them; and the story in its order."""

from datetime import UTC, datetime
from typing import Any

from services.lifecycle.domain.account import (
    CommissionAccount,
    GateState,
    GateStatus,
    account_of,
    gates_of,
    promise_changes,
)
from services.lifecycle.domain.audit import AuditAction, AuditEntry, AuditOutcome
from services.lifecycle.domain.dashboard import RecordedFact
from services.lifecycle.domain.timeline import HistoryStep, TimelineKind, WorkflowHistory, timeline
from shared.contracts.payments import (
    InvoiceIssued,
    InvoiceKind,
    InvoicePaid,
    InvoiceReopened,
    PaymentReceived,
    PaymentReversed,
    RefundDue,
    RefundPaid,
    RefundReason,
    RefundWithdrawn,
    ReversalReason,
)
from shared.contracts.production import Replanned
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from tests.support.lifecycle_stories import DAY, DEPOSIT, HOUR, NOTHING, REST, TOTAL, Story, at_the_bench, completed

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PLANNED = [GateStatus("cut", "Cutting the wire", percent=35), GateStatus("engraving", "Engraving", percent=95)]


def test_before_anything_was_quoted_there_is_no_money() -> None:
    assert account_of(Story(NOW).asked_for().facts) == CommissionAccount()


def test_a_completed_commission_is_paid_in_full() -> None:
    account = account_of(completed(NOW).facts)

    assert (account.accepted, account.deposit, account.left) == (TOTAL, DEPOSIT, NOTHING)
    assert account.paid == TOTAL
    assert [(each.total, each.paid_at is not None) for each in account.invoices] == [(DEPOSIT, True), (REST, True)]


def test_what_was_asked_for_and_has_not_come_is_left_to_pay() -> None:
    account = account_of(Story(NOW).on_the_desk().offered().accepted().facts)

    assert (account.left, account.paid) == (DEPOSIT, None)
    assert account.valid_until is None


def test_a_payment_that_is_reversed_is_not_paid_and_its_refund_is_not_due() -> None:
    story = Story(NOW).on_the_desk().offered().accepted()
    asked = next(each for each in story.facts if isinstance(each, InvoiceIssued))
    about: dict[str, Any] = {"at": NOW + DAY, "commission": story.commission}
    payment, refund = new_id(), new_id()
    life = [
        *story.facts,
        PaymentReceived(**about, payment=payment, amount=TOTAL, left=NOTHING),
        InvoicePaid(**about, invoice=asked.invoice, kind=asked.kind),
        RefundDue(**about, refund=refund, amount=REST, reason=RefundReason.OVERPAID),
        PaymentReversed(**about, payment=payment, amount=TOTAL, left=DEPOSIT, reason=ReversalReason.WRONG_AMOUNT),
        InvoiceReopened(**about, invoice=asked.invoice, kind=asked.kind),
        RefundWithdrawn(**about, refund=refund, amount=REST),
    ]

    account = account_of(life)

    assert (account.left, account.paid, account.refunds) == (DEPOSIT, NOTHING, ())
    assert [each.paid_at for each in account.invoices] == [None]


def test_a_cancellation_leaves_what_its_own_invoice_says() -> None:
    """An invoice tells what is left of all that was asked for, with itself and without what it replaces."""
    story = Story(NOW).on_the_desk().offered().accepted()
    nothing = InvoiceIssued(
        at=NOW + DAY,
        commission=story.commission,
        invoice=new_id(),
        number="2026-0002",
        kind=InvoiceKind.CANCELLATION,
        total=NOTHING,
        left=NOTHING,
    )

    assert account_of(story.tell(nothing).facts).left == NOTHING


def test_what_goes_back_is_not_paid_any_more() -> None:
    story = Story(NOW).on_the_desk().offered().accepted().deposit_paid().refund_due(DEPOSIT)
    (refund,) = account_of(story.facts).refunds

    story.tell(RefundPaid(at=NOW + DAY, commission=story.commission, refund=refund.refund, amount=DEPOSIT))

    account = account_of(story.facts)
    assert account.paid == Money.zero("EUR")
    assert account.refunds[0].paid_at == NOW + DAY


def test_a_promise_moves_with_its_reason() -> None:
    moves = promise_changes(at_the_bench(NOW).facts)

    assert [move.why for move in moves] == [None, None, Replanned.MISHAP]
    assert [move.ready_by for move in moves] == [each.ready_by for each in promise_changes(at_the_bench(NOW).facts)]


def test_a_day_that_stays_is_no_move() -> None:
    story = Story(NOW).on_the_desk()

    assert len(promise_changes([*story.facts, *story.facts])) == 1


def test_the_dearest_gate_that_was_passed_says_what_is_owed() -> None:
    before = gates_of(Story(NOW).on_the_desk().facts, PLANNED)
    halfway = gates_of(at_the_bench(NOW).facts, PLANNED)
    after = gates_of(completed(NOW).facts, PLANNED)

    assert [before.owed_percent, halfway.owed_percent, after.owed_percent] == [0, 35, 95]
    assert [gate.state for gate in halfway.statuses] == [GateState.PASSED, GateState.AHEAD]
    assert halfway.statuses[0].title == "Cutting the wire"


def test_a_gate_that_the_crafts_file_does_not_have_is_shown_by_its_name() -> None:
    gates = gates_of(Story(NOW).on_the_desk().gate("glazing", 50).facts, PLANNED)

    assert [(gate.gate, gate.title) for gate in gates.statuses][-1] == ("glazing", "glazing")


def recorded(name: str, topic: str, at: datetime, **detail: Any) -> RecordedFact:
    return RecordedFact(topic, 1, f"{topic}.{name}", at, detail)


def test_a_timeline_is_newest_first_whatever_its_entries_are_about() -> None:
    facts = [
        recorded("QuoteDrafted", "touchmark.quotes", NOW),
        recorded("InvoiceIssued", "touchmark.payments", NOW + 2 * HOUR),
        recorded("MailSent", "touchmark.notifications", NOW + 4 * HOUR),
    ]
    steps = [
        HistoryStep(TimelineKind.TIMER, "Timer", NOW + 3 * HOUR),
        HistoryStep(TimelineKind.COMMAND, "quotes.DraftQuote", NOW - HOUR),
    ]
    entry = AuditEntry(new_id(), new_id(), AuditAction.PAUSE, new_id(), NOW + HOUR, "x", {}, AuditOutcome.DONE)

    entries = timeline(facts, WorkflowHistory(steps, 9), [entry], only=None)

    assert [entry.kind for entry in entries] == [
        TimelineKind.MAIL,
        TimelineKind.TIMER,
        TimelineKind.MONEY,
        TimelineKind.OPS,
        TimelineKind.FACT,
        TimelineKind.COMMAND,
    ]
    assert timeline(facts, None, [entry], only=TimelineKind.OPS) == [entries[3]]


def test_a_fact_in_a_form_that_is_not_known_here_is_still_a_line() -> None:
    strange = recorded("QuoteDrafted", "touchmark.quotes", NOW, quote="none")

    assert strange.fact(new_id()) is None
    assert [entry.name for entry in timeline([strange], None, [], only=None)] == ["QuoteDrafted"]
