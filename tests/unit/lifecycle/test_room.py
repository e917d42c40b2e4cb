"""What the ops room makes of a commission."""

from datetime import UTC, datetime, timedelta

import pytest

from services.lifecycle.domain.passing import Life, Passed
from services.lifecycle.domain.room import NOT_DUE, Commission, Happening, Risk, Story
from shared.contracts.lifecycle import Holder, Phase
from shared.kernel.ids import new_id

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def commission(due: timedelta | None) -> Commission:
    """`due` is from now."""
    return Commission(
        commission=new_id(),
        stage=Phase.DESK,
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


def test_what_is_not_due_comes_after_all_that_is() -> None:
    assert commission(None).place == NOT_DUE
    assert commission(3650 * DAY).place < NOT_DUE


def test_what_counted_for_the_outcome_was_heard_and_the_rest_came_after_the_end() -> None:
    life = Life(new_id(), ended_at=NOW, counted={"touchmark.commissions": 2})

    assert life.over
    assert life.heard("touchmark.commissions", 2) is Passed.SIGNALLED
    assert life.heard("touchmark.commissions", 3) is Passed.AFTER_THE_END
    assert life.heard("touchmark.quotes", 1) is Passed.AFTER_THE_END


def test_a_life_that_was_lost_is_over() -> None:
    assert Life(new_id(), lost_at=NOW).over
    assert not Life(new_id()).over


@pytest.mark.parametrize("passed", [Passed.AFTER_THE_END, Passed.NOBODY_THERE])
def test_a_story_sets_apart_what_nobody_could_act_on(passed: Passed) -> None:
    heard = Happening("touchmark.commissions", 1, "touchmark.commissions.CommissionSubmitted", NOW, {}, Passed.STARTED)
    late = Happening("touchmark.commissions", 2, "touchmark.commissions.CommissionWithdrawn", NOW, {}, passed)
    told = Happening("touchmark.quotes", 1, "touchmark.quotes.QuoteDrafted", NOW, {})

    assert Story(commission(DAY), [heard, late, told], lost_at=None).after_the_end == [late]
