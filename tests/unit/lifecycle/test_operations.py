"""What ops read before they do something."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.lifecycle.domain.account import account_of, gates_of
from services.lifecycle.domain.dashboard import CommissionRow, DashboardSection, Risk
from services.lifecycle.domain.operations import Operation, PreviewInput, costs, preview
from services.lifecycle.workflow.messages import OperationRefusal
from shared.contracts.lifecycle import Escalation, Holder, Outcome, Phase
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from tests.support.lifecycle_stories import DAY, DEPOSIT, NOTHING, TOTAL, Story, at_the_bench, completed

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def commission(phase: Phase = Phase.OFFERED, holder: Holder = Holder.CUSTOMER, **changed: object) -> CommissionRow:
    usual = CommissionRow(
        commission=new_id(),
        phase=phase,
        holder=holder,
        since=NOW - DAY,
        due=NOW + DAY,
        craft="jewellery",
        offering="engraved-ring",
        offering_version=1,
        customer=new_id(),
        needed_by=None,
        submitted_at=NOW - DAY,
        withdrawn_at=None,
        outcome=None,
        ended_at=None,
        place=NOW,
    )
    return replace(usual, **changed)  # type: ignore[arg-type]  # each test names a field of it


def known(**changed: object) -> PreviewInput:
    return replace(PreviewInput(commission=commission()), **changed)  # type: ignore[arg-type]


ENDED = commission(Phase.ENDED, Holder.NOBODY, ended_at=NOW, outcome=Outcome.COMPLETED, due=None)
BLOCKED = [
    (Operation.NUDGE, commission(Phase.DESK, Holder.STUDIO), OperationRefusal.NOBODY_TO_NUDGE),
    (Operation.NUDGE, commission(Phase.QUOTING, Holder.PROCESS), OperationRefusal.NOBODY_TO_NUDGE),
    (Operation.NUDGE, commission(paused=True), OperationRefusal.PAUSED),
    (Operation.EXTEND, commission(due=None), OperationRefusal.NOTHING_TO_EXTEND),
    (Operation.EXTEND, commission(Phase.MAKING, Holder.PROCESS), OperationRefusal.NOTHING_TO_EXTEND),
    (Operation.EXTEND, commission(paused=True), OperationRefusal.PAUSED),
    (Operation.PAUSE, commission(paused=True), OperationRefusal.PAUSED_ALREADY),
    (Operation.RESUME, commission(), OperationRefusal.NOT_PAUSED),
    (Operation.CANCEL, commission(Phase.ENDED, Holder.PROCESS), OperationRefusal.OVER),
    *[(operation, ENDED, OperationRefusal.OVER) for operation in Operation],
]


@pytest.mark.parametrize(("operation", "where", "blocked_by"), BLOCKED)
def test_what_is_in_the_way_is_said_beforehand(
    operation: Operation, where: CommissionRow, blocked_by: OperationRefusal
) -> None:
    assert preview(operation, PreviewInput(where)).blocked_by is blocked_by


@pytest.mark.parametrize(
    "operation", [Operation.NUDGE, Operation.EXTEND, Operation.PAUSE, Operation.CANCEL, Operation.TRY_AGAIN]
)
def test_with_the_customers_move_awaited_nothing_is_in_the_way(operation: Operation) -> None:
    assert preview(operation, known()).blocked_by is None


@pytest.mark.parametrize("operation", [Operation.NUDGE, Operation.EXTEND])
def test_while_a_piece_rests_its_maker_can_be_nudged_and_given_more_time_as_the_workflow_allows(
    operation: Operation,
) -> None:
    resting = commission(Phase.MAKING, Holder.PROCESS, rests=True)

    assert preview(operation, PreviewInput(resting)).blocked_by is None
    assert preview(Operation.NUDGE, PreviewInput(resting)).mails_to == (Holder.MAKER,)


def test_a_parcel_that_is_on_its_way_cannot_be_cancelled() -> None:
    assert preview(Operation.CANCEL, known(handed_over=True)).blocked_by is OperationRefusal.HANDED_OVER


def test_nothing_is_tried_again_where_the_workflow_says_that_nothing_was_refused() -> None:
    assert preview(Operation.TRY_AGAIN, known(answers=True)).blocked_by is OperationRefusal.NOTHING_TO_TRY_AGAIN
    assert preview(Operation.TRY_AGAIN, known(answers=True, trouble="quotes.DraftQuote")).retries == "quotes.DraftQuote"
    assert preview(Operation.TRY_AGAIN, known(answers=False)).blocked_by is None


def test_more_time_moves_what_is_due_and_the_quote_with_it() -> None:
    seen = preview(Operation.EXTEND, known(), days=3)

    assert (seen.due, seen.new_due) == (NOW + DAY, NOW + 4 * DAY)
    assert (seen.extends_quote, seen.extends_hold) == (True, True)


def test_more_time_at_the_bench_moves_no_quote() -> None:
    seen = preview(Operation.EXTEND, PreviewInput(commission(Phase.MAKING, Holder.MAKER)), days=3)

    assert (seen.extends_quote, seen.extends_hold) == (False, False)


@pytest.mark.parametrize(
    ("known_of_it", "affects_bench"),
    [
        ({}, False),
        ({"booked": True}, True),
        ({"booked": True, "made": True}, True),
        ({"booked": True, "made": True, "handed_over": True}, False),
    ],
)
@pytest.mark.parametrize("operation", [Operation.PAUSE, Operation.RESUME])
def test_a_pause_reaches_the_bench_until_the_parcel_is_handed_over_as_in_the_workflow(
    operation: Operation,
    known_of_it: dict[str, bool],
    affects_bench: bool,  # noqa: FBT001
) -> None:
    at_it = commission(paused=operation is Operation.RESUME)

    assert preview(operation, known(commission=at_it, **known_of_it)).affects_bench is affects_bench


def test_a_cancellation_costs_the_customer_what_the_gates_say_and_the_studio_everything() -> None:
    story = at_the_bench(NOW)
    seen = preview(
        Operation.CANCEL,
        known(account=account_of(story.facts), gates=gates_of(story.facts, []), ready_by=NOW.date()),
    )

    assert seen.by_customer is not None
    assert seen.by_studio is not None
    assert (seen.by_customer.percent, seen.by_customer.owed) == (35, Money(minor=44_958, currency="EUR"))
    assert seen.by_customer.back == Money(minor=51_380 - 44_958, currency="EUR")
    assert (seen.by_studio.owed, seen.by_studio.back) == (NOTHING, DEPOSIT)
    assert seen.frees_hours


def test_what_is_owed_beyond_what_was_paid_is_still_to_be_paid() -> None:
    account = account_of(Story(NOW).on_the_desk().offered().accepted().deposit_paid().facts)

    seen = costs(account, 95)

    assert seen.back == NOTHING
    assert seen.left == Money(minor=122_028 - 51_380, currency="EUR")


def test_before_the_acceptance_nothing_is_owed() -> None:
    assert costs(account_of(Story(NOW).on_the_desk().offered().facts), 35).owed is None


def test_what_was_paid_in_full_goes_back_where_the_studio_cannot_deliver() -> None:
    assert costs(account_of(completed(NOW).facts), 0).back == TOTAL


@pytest.mark.parametrize(
    ("changed", "risk", "section"),
    [
        ({"due": NOW}, Risk.LATE, DashboardSection.FIRST),
        ({"escalation": Escalation.CUSTOMER_SILENT}, Risk.ESCALATED, DashboardSection.FIRST),
        ({"escalation": Escalation.CUSTOMER_SILENT, "due": NOW - DAY}, Risk.LATE, DashboardSection.FIRST),
        ({"due": NOW + timedelta(hours=2)}, Risk.SOON, DashboardSection.SOON),
        ({"due": NOW + 3 * DAY}, Risk.NONE, DashboardSection.IN_TIME),
        ({"due": None}, Risk.NONE, DashboardSection.IN_TIME),
        ({"due": NOW - DAY, "paused": True}, Risk.PAUSED, DashboardSection.PAUSED),
        ({"due": None, "ended_at": NOW}, Risk.NONE, DashboardSection.ENDED),
    ],
)
def test_a_commission_is_in_the_section_of_its_risk(
    changed: dict[str, object], risk: Risk, section: DashboardSection
) -> None:
    where = replace(commission(), **changed)  # type: ignore[arg-type]

    found = where.risk(NOW, soon=DAY)

    assert found is risk
    assert where.section(found) is section
