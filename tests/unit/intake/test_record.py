"""What is promised, what cancelling costs, who may still do what, and which papers there are."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from services.intake.api.messages import MessageCreate
from services.intake.domain.approvals import Approval, ApprovalState, check_is_of_now, give, refuse
from services.intake.domain.cancellation_terms import CannotCancel, agreed_terms, current_terms, why_not
from services.intake.domain.cancellations import CancellationState
from services.intake.domain.cancellations import refuse as refuse_cancellation
from services.intake.domain.commissions import close, confirm_receipt, conversed_by, maker_of, withdraw
from services.intake.domain.documents import documents
from services.intake.domain.messages import AT_MOST, PICTURES_AT_MOST, check_may_write, check_pictures
from services.intake.domain.promise import current_promise
from shared.contracts.commands.intake import CancellationRefusal
from shared.contracts.commissions import WithdrawalReason
from shared.contracts.lifecycle import Outcome
from shared.contracts.payments import RefundDue, RefundReason
from shared.contracts.production import (
    CertificateIssued,
    MakingStopped,
    PieceMade,
    PromiseEnd,
    PromiseReleased,
    Replanned,
    StageBegun,
)
from shared.contracts.quotes import QuoteDrafted
from shared.kernel.problems import Problem, ProblemType
from shared.web.forms import Sent
from tests.unit.intake.facts import (
    ASKED,
    ENGLISH,
    ID,
    MAKER,
    PROMISE,
    QUOTE,
    READY_BY,
    accepted,
    after,
    approval,
    booked,
    cancellation,
    euros,
    handed_over,
    held,
    invoice,
    moved,
    paid,
    passed,
    payment,
    record,
    sent,
    words_of,
)


def test_the_promise_is_kept_up_to_date_with_its_reason() -> None:
    first = current_promise(record(held()))
    second = current_promise(record(held(), booked()))
    third = current_promise(record(held(), booked(), moved(30, date(2027, 2, 5), Replanned.REWORK)))

    assert first
    assert (first.ready_by, first.held_until) == (READY_BY, after(9999))
    assert second
    assert (second.begins_on, second.held_until) == (date(2026, 12, 7), None)
    assert third
    assert third.later
    assert (third.ready_by, third.before) == (date(2027, 2, 5), READY_BY)
    assert third.reason is Replanned.REWORK
    assert "A quality check failed" in words_of(record()).replanned(third.reason)


def test_work_that_was_begun_early_is_not_said_to_begin_later() -> None:
    begun = StageBegun(at=after(30), commission=ID, piece=ID, task=uuid4(), stage="prepare", maker=MAKER)

    found = current_promise(record(held(), booked(), begun))

    assert found
    assert (found.begins_on, found.held_until) == (None, None)


def test_a_plan_that_came_to_the_same_day_moved_nothing() -> None:
    found = current_promise(record(held(), booked(), moved(30, READY_BY)))

    assert found
    assert (found.before, found.later) == (None, False)


def test_there_is_no_promise_before_the_first_and_after_it_was_given_back() -> None:
    released = PromiseReleased(at=after(30), commission=ID, promise=PROMISE, reason=PromiseEnd.LAPSED)
    stopped = MakingStopped(at=after(30), commission=ID, cancel_percent=35)

    assert current_promise(record()) is None
    assert current_promise(record(held(), released)) is None
    assert current_promise(record(held(), booked(), stopped)) is None


def test_a_day_that_is_too_late_for_the_customer_is_said() -> None:
    in_time = current_promise(record(held(), commission=replace(ASKED, needed_by=READY_BY)))
    late = current_promise(record(held(), commission=replace(ASKED, needed_by=date(2027, 1, 28))))

    assert in_time
    assert not in_time.late
    assert late
    assert late.late


def test_a_promise_that_was_kept_says_when() -> None:
    found = current_promise(record(held(), booked(), PieceMade(at=after(80), commission=ID, piece=ID, maker=MAKER)))

    assert found
    assert found.made_at == after(80)


def test_cancelling_is_not_offered_before_the_acceptance() -> None:
    assert (current_terms(record(sent())), why_not(record(sent()))) == (None, CannotCancel.NOT_ACCEPTED)


def test_cancelling_costs_nothing_before_the_first_gate() -> None:
    found = current_terms(record(accepted(), payment(12, 490, 0)))

    assert found
    assert (found.percent, found.owed, found.paid, found.back, found.left) == (
        0,
        euros(0),
        euros(490),
        euros(490),
        euros(0),
    )


def test_cancelling_costs_what_the_dearest_passed_gate_says() -> None:
    found = current_terms(record(accepted(), payment(12, 490, 0), passed(30, "cut", 35), passed(40, "hallmark", 65)))

    assert found
    assert (found.percent, found.owed, found.back, found.left) == (65, euros(637), euros(0), euros(147))
    assert [(gate.title, gate.percent, gate.passed) for gate in found.gates] == [
        ("Cutting the wire to size", 35, True),
        ("Striking the hallmarks", 65, True),
        ("The first cut of the engraving", 95, False),
    ]


def test_a_refusal_that_tells_of_a_gate_before_the_bench_does_counts() -> None:
    refused = refuse_cancellation(cancellation(), CancellationRefusal.GATE_PASSED, 35, after(61))

    found = current_terms(replace(record(accepted()), cancellations=(refused,)))

    assert found
    assert found.percent == 35


def test_money_that_went_back_already_does_not_go_back_twice() -> None:
    back = RefundDue(at=after(13), commission=ID, refund=uuid4(), amount=euros(10), reason=RefundReason.OVERPAID)

    found = current_terms(record(accepted(), payment(12, 500, 0), back))

    assert found
    assert found.back == euros(490)


@pytest.mark.parametrize("percent", [0, 34, 36, 100])
def test_only_exactly_what_it_costs_now_can_be_agreed_to(percent: int) -> None:
    now = record(accepted(), passed(30, "cut", 35))

    assert agreed_terms(now, 35).percent == 35
    with pytest.raises(Problem) as refusal:
        agreed_terms(now, percent)

    assert refusal.value.type is ProblemType.CONFLICT
    assert "now costs 35 percent" in ENGLISH.label(refusal.value.detail)


def test_cancelling_is_not_offered_once_the_parcel_is_gone_or_the_commission_over() -> None:
    refused = refuse_cancellation(cancellation(), CancellationRefusal.HANDED_OVER, None, after(61))

    assert why_not(record(accepted(), handed_over())) is CannotCancel.HANDED_OVER
    assert why_not(replace(record(accepted()), cancellations=(refused,))) is CannotCancel.HANDED_OVER
    assert why_not(record(accepted(), commission=close(ASKED, Outcome.CANCELLED, after(70)))) is CannotCancel.ENDED
    assert why_not(record(accepted())) is None
    for bar in CannotCancel:
        assert ENGLISH.label(bar)
        assert ENGLISH.remedy(bar)


def test_a_cancellation_is_answered_once() -> None:
    refused = refuse_cancellation(cancellation(), CancellationRefusal.GATE_PASSED, 35, after(61))

    assert refused.state is CancellationState.REFUSED
    assert refuse_cancellation(refused, CancellationRefusal.HANDED_OVER, None, after(62)) is refused


def test_an_approval_is_given_once() -> None:
    given = give(approval(), 1, after(50))

    assert (given.state, given.ended_at) == (ApprovalState.GIVEN, after(50))
    assert give(given, 1, after(51)) is given


@pytest.mark.parametrize("state", [ApprovalState.GIVEN, ApprovalState.REFUSED, ApprovalState.WITHDRAWN])
def test_a_decision_cannot_be_changed(state: ApprovalState) -> None:
    decided: Approval = approval(state)

    with pytest.raises(Problem) as refusal:
        give(decided, 2, after(60))

    assert refusal.value.type is ProblemType.CONFLICT
    assert ENGLISH.remedy(refusal.value.detail)
    if state is ApprovalState.REFUSED:
        assert refuse(decided, uuid4(), after(60)) is decided
    else:
        with pytest.raises(Problem):
            refuse(decided, uuid4(), after(60))


def test_an_older_version_cannot_be_signed() -> None:
    check_is_of_now(approval(), 2, 2)

    with pytest.raises(Problem) as refusal:
        check_is_of_now(approval(), 1, 2)

    assert refusal.value.type is ProblemType.CONFLICT


def test_a_receipt_is_confirmed_once_the_carrier_has_it_and_before_the_end() -> None:
    received = confirm_receipt(ASKED, after(95), handed_over=True)

    assert confirm_receipt(received, after(96), handed_over=True) is received
    for refused, gone in ((ASKED, False), (close(ASKED, Outcome.COMPLETED, after(99)), True)):
        with pytest.raises(Problem):
            confirm_receipt(refused, after(96), handed_over=gone)


def test_an_accepted_commission_is_not_cancelled_free_of_charge() -> None:
    with pytest.raises(Problem) as refusal:
        withdraw(ASKED, WithdrawalReason.OTHER, after(20), accepted=True)

    assert f"/commissions/{ID}/cancel" in ENGLISH.remedy(refusal.value.detail)


def test_a_maker_has_a_commission_while_hours_are_theirs() -> None:
    other = uuid4()
    elsewhere = moved(30, READY_BY, Replanned.ANOTHER_MAKER).model_copy(update={"maker": other})
    stopped = MakingStopped(at=after(40), commission=ID, cancel_percent=0)

    assert maker_of([]) is None
    assert maker_of([held()]) == MAKER
    assert maker_of([held(), booked()]) == MAKER
    assert maker_of([held(), booked(), elsewhere]) == other
    assert maker_of([held(), booked(), stopped]) is None


def test_the_last_maker_whose_hours_were_booked_still_takes_part_in_the_conversation() -> None:
    other = uuid4()
    elsewhere = moved(30, READY_BY, Replanned.ANOTHER_MAKER).model_copy(update={"maker": other})
    stopped = MakingStopped(at=after(40), commission=ID, cancel_percent=0)

    assert conversed_by([held()]) is None
    assert conversed_by([held(), booked(), stopped]) == MAKER
    assert conversed_by([held(), booked(), elsewhere, stopped]) == other


def test_papers_are_where_their_owners_keep_them() -> None:
    certificate = CertificateIssued(at=after(99), commission=ID, piece=ID, serial="TM-1")
    received = payment(12, 490, 0)

    found = documents(record(sent(), accepted(), invoice(11), received, paid(12), certificate))

    assert [(ENGLISH.label(paper.code), paper.address) for paper in found] == [
        ("Accepted quote", f"/quotes/{ID}"),
        ("Invoice for the deposit", f"/quotes/{ID}/invoices/{invoice(11).invoice}"),
        ("Receipt for your payment", f"/quotes/{ID}/payments/{received.payment}"),
        ("Certificate", "/c/TM-1"),
    ]
    assert (found[1].number, found[1].paid) == ("2026-0001", True)


def test_there_is_no_paper_of_a_draft() -> None:
    drafted = QuoteDrafted(at=after(2), commission=ID, quote=QUOTE, quote_version=1, brief_version=1, total=euros(980))

    assert documents(record(drafted)) == ()


@pytest.mark.parametrize("raw", ["", "  \n ", "a\x00b", "x" * 4001])
def test_words_that_cannot_be_kept_are_refused_by_name(raw: str) -> None:
    with pytest.raises(Problem) as refusal:
        Sent[MessageCreate].model_validate({"words": raw}).read()

    assert [found.field for found in refusal.value.fields] == ["words"]


def test_nobody_writes_without_measure() -> None:
    check_may_write(lately=AT_MOST - 1)

    with pytest.raises(Problem) as too_many:
        check_may_write(lately=AT_MOST)

    assert (too_many.value.type, too_many.value.retry_after) == (ProblemType.TOO_MANY_REQUESTS, 3600)


def test_a_message_has_four_pictures_at_most_and_each_once() -> None:
    images = [uuid4() for _ in range(PICTURES_AT_MOST)]

    assert check_pictures([*images, images[0]]) == tuple(images)
    with pytest.raises(Problem) as refusal:
        check_pictures([*images, uuid4()])
    assert [found.field for found in refusal.value.fields] == ["/images"]
