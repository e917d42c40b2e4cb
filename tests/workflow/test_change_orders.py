"""A change order at any point of the making: offered, applied or not, and never beside a cancellation."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from temporalio.testing import WorkflowEnvironment

from shared.contracts.commands.intake import AskApproval, PutProposalInForce
from shared.contracts.commands.lifecycle import RecordEnd
from shared.contracts.commands.production import ApplyChangeOrder, FreezeStages, StopMaking, ThawStages
from shared.contracts.commands.quotes import CountChangeOrder, EndChangeOrder, OfferChangeOrder
from shared.contracts.lifecycle import Holder, Phase
from shared.contracts.quotes import (
    ChangeOrderAgreed,
    ChangeOrderAsked,
    ChangeOrderEnd,
    ChangeOrderEnded,
    ChangeRefusal,
)
from tests.support.counterparts import PREVIEWED, Counterparts
from tests.support.lives import Life, at

DAY: Final = timedelta(days=1)


async def test_a_yes_changes_the_piece_the_brief_and_the_money_and_asks_for_the_gate_again(
    services: Counterparts,
) -> None:
    life = await at(Phase.MAKING, services)
    await life.receives(life.signed("cut"), life.passed("cut"))
    asked = await offered(life)

    await life.receives(agreed(life, asked.change_order))
    await life.has_done(ThawStages)
    await life.reaches(Phase.MAKING, Holder.MAKER)
    await life.has_done(AskApproval, 3)  # the cut, the engraving, and the cut once more

    done = [name for name in life.names() if name in ORDER]
    assert done == ORDER
    (force,) = services.of(PutProposalInForce, life.commission)
    (thawed,) = services.of(ThawStages, life.commission)
    assert (force.proposal, thawed.brief_version) == (asked.proposal, 2)


async def test_what_the_bench_refuses_comes_to_nothing_and_the_making_goes_on(services: Counterparts) -> None:
    life = await at(Phase.MAKING, services)
    asked = await offered(life)
    services.change_refused = ChangeRefusal.LATER_DAY

    await life.receives(agreed(life, asked.change_order))
    await life.has_done(ThawStages)
    services.change_refused = None

    (ended,) = services.of(EndChangeOrder, life.commission)
    assert (ended.end, ended.refusal) == (ChangeOrderEnd.REFUSED, ChangeRefusal.LATER_DAY)
    assert (life.did(CountChangeOrder), life.did(PutProposalInForce)) == (0, 0)


async def test_one_that_nobody_answers_lapses_by_itself(
    environment: WorkflowEnvironment, services: Counterparts
) -> None:
    life = await at(Phase.MAKING, services)
    await offered(life)

    await environment.sleep(8 * DAY)
    await life.has_done(ThawStages)

    (ended,) = services.of(EndChangeOrder, life.commission)
    assert ended.end is ChangeOrderEnd.LAPSED
    assert life.reminders() == []


async def test_one_that_was_declined_lets_the_bench_go_on(services: Counterparts) -> None:
    life = await at(Phase.MAKING, services)
    asked = await offered(life)

    no = ChangeOrderEnded(**of(life), change_order=asked.change_order, number=1, end=ChangeOrderEnd.DECLINED)
    await life.receives(no)
    await life.has_done(ThawStages)
    await life.reaches(Phase.MAKING, Holder.MAKER)

    assert (life.did(EndChangeOrder), life.did(ApplyChangeOrder)) == (0, 0)


async def test_agreed_and_cancelled_at_the_same_moment_the_cancellation_is_taken_first(
    services: Counterparts,
) -> None:
    life = await at(Phase.MAKING, services)
    asked = await offered(life)

    await life.receives(life.wants_to_cancel(0), agreed(life, asked.change_order))
    await life.has_done(RecordEnd)

    assert (life.did(StopMaking), life.did(ApplyChangeOrder)) == (1, 0)


ORDER: Final = [
    each.__name__
    for each in (FreezeStages, OfferChangeOrder, ApplyChangeOrder, PutProposalInForce, CountChangeOrder, ThawStages)
]


def of(life: Life) -> dict[str, Any]:
    return {"at": life.now, "commission": life.commission}


async def offered(life: Life) -> ChangeOrderAsked:
    """The studio asks, and it is with the customer."""
    asked = ChangeOrderAsked(
        **of(life),
        change_order=uuid4(),
        number=1,
        proposal=uuid4(),
        from_stage="prepare",
        until=life.now + 7 * DAY,
    )
    await life.receives(asked)
    await life.reaches(Phase.MAKING, Holder.CUSTOMER)
    return asked


def agreed(life: Life, change_order: UUID) -> ChangeOrderAgreed:
    return ChangeOrderAgreed(**of(life), change_order=change_order, number=1, at_latest=PREVIEWED)
