"""What the ops room makes of a commission."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.lifecycle.domain.dashboard import (
    CommissionRow,
    DashboardSection,
    DayAtRisk,
    FactLog,
    RecordedFact,
    Risk,
)
from services.lifecycle.domain.delivery import DeliveryOutcome, WorkflowRecord
from shared.contracts.lifecycle import Holder, Phase
from shared.kernel.ids import new_id

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def commission(due: timedelta | None) -> CommissionRow:
    """`due` is from now."""
    return CommissionRow(
        commission=new_id(),
        phase=Phase.DESK,
        holder=Holder.STUDIO,
        since=NOW - DAY,
        due=NOW + due if due is not None else None,
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


@pytest.mark.parametrize(
    ("due", "risk"),
    [
        (None, Risk.NONE),
        (-DAY, Risk.LATE),
        (timedelta(0), Risk.LATE),
        (timedelta(seconds=1), Risk.SOON),
        (DAY, Risk.SOON),
        (2 * DAY, Risk.NONE),
    ],
)
def test_a_commission_is_late_from_the_instant_it_is_due(due: timedelta | None, risk: Risk) -> None:
    assert commission(due).risk(NOW, soon=DAY) is risk


@pytest.mark.parametrize(("at_risk", "days"), [(DayAtRisk.NEEDED, 3), (DayAtRisk.PROMISED, 5), (None, 0)])
def test_what_is_at_risk_leads_the_list_before_it_is_late(at_risk: DayAtRisk | None, days: int) -> None:
    planned = replace(
        commission(2 * DAY),
        ready_by=NOW.date() + 9 * DAY,
        needed_by=NOW.date() + 6 * DAY,
        promised_by=NOW.date() + 4 * DAY,
        at_risk=at_risk,
    )

    risk = planned.risk(NOW, soon=DAY)

    assert risk is (Risk.AT_RISK if at_risk else Risk.NONE)
    assert planned.section(risk) is (DashboardSection.FIRST if at_risk else DashboardSection.IN_TIME)
    assert planned.days_missed == days


def test_what_counted_for_the_outcome_was_signalled_and_the_rest_came_after_the_end() -> None:
    record = WorkflowRecord(new_id(), ended_at=NOW, counted={"touchmark.commissions": 2})

    assert record.over
    assert record.outcome_of("touchmark.commissions", 2) is DeliveryOutcome.SIGNALLED
    assert record.outcome_of("touchmark.commissions", 3) is DeliveryOutcome.AFTER_THE_END
    assert record.outcome_of("touchmark.quotes", 1) is DeliveryOutcome.AFTER_THE_END


def test_a_workflow_that_was_lost_is_over() -> None:
    assert WorkflowRecord(new_id(), lost_at=NOW).over
    assert not WorkflowRecord(new_id()).over


@pytest.mark.parametrize("passed", [DeliveryOutcome.AFTER_THE_END, DeliveryOutcome.NO_WORKFLOW])
def test_facts_without_effect_are_set_apart(passed: DeliveryOutcome) -> None:
    heard = RecordedFact(
        "touchmark.commissions", 1, "touchmark.commissions.CommissionConfirmed", NOW, {}, DeliveryOutcome.STARTED
    )
    late = RecordedFact("touchmark.commissions", 2, "touchmark.commissions.CommissionWithdrawn", NOW, {}, passed)
    drafted = RecordedFact("touchmark.quotes", 1, "touchmark.quotes.QuoteDrafted", NOW, {})

    assert FactLog(new_id(), [heard, late, drafted], lost_at=None).without_effect == [late]
