"""What a run of a workflow does with the state that it begins with."""

from datetime import UTC, datetime, timedelta

from services.lifecycle.workflow.commission_base import CommissionBase
from services.lifecycle.workflow.state import CommissionStart, CommissionState, Timeouts
from shared.kernel.ids import new_id


def test_a_run_works_on_the_state_of_its_input_and_copies_nothing() -> None:
    """A deep copy of a long state took so long under load that Temporal took the workflow task for a deadlock."""
    start = CommissionStart(
        commission=new_id(),
        customer=new_id(),
        craft="jewellery",
        offering="engraved-ring",
        offering_version=1,
        brief_version=1,
        asked_at=datetime(2026, 11, 23, tzinfo=UTC),
        timeouts=Timeouts(step=timedelta(minutes=15), desk=timedelta(days=14)),
        state=CommissionState(command_counts={"quotes.DraftQuote": 1}),
    )

    assert CommissionBase(start)._state is start.state
