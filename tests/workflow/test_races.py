"""Two things at the same moment: one defined answer each, and nothing done twice."""

from datetime import timedelta
from typing import Final
from uuid import uuid4

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.testing import WorkflowEnvironment

from services.lifecycle.workflow.commission import CommissionWorkflow
from services.lifecycle.workflow.messages import CancelCause, Extend, Nudge, TryAgain
from shared.contracts.commands.intake import AskApproval, CancellationRefusal, RefuseCancellation
from shared.contracts.commands.lifecycle import RecordEnd, RecordEscalation, RecordReminder
from shared.contracts.commands.production import BookPromise, ExtendHold, OpenGate, ReleasePromise, StopMaking
from shared.contracts.commands.quotes import ExpireQuote, ExtendQuote, SettleCancellation
from shared.contracts.fact import Topic
from shared.contracts.lifecycle import Escalation, Holder, Outcome, Phase
from shared.contracts.payments import InvoiceKind
from shared.contracts.quotes import QuoteEnd
from shared.kernel.money import Money
from tests.support.counterparts import DEPOSIT_WITHIN, EUR, Counterparts
from tests.support.lives import VALID, at
from tests.support.rest import has_rung

DAY: Final = timedelta(days=1)

# The customer against the clock.


async def test_an_acceptance_in_the_last_second_counts(
    environment: WorkflowEnvironment, services: Counterparts
) -> None:
    life = await at(Phase.OFFERED, services)
    services.accepted.add(life.commission)

    await environment.sleep(VALID + DAY)
    await life.reaches(Phase.DEPOSIT, Holder.CUSTOMER)
    await life.receives(life.accepted(), life.invoiced())
    await life.settles()

    assert services.of(ExpireQuote)[0].reason is QuoteEnd.EXPIRED
    assert Phase.ENDED not in {phase for phase, _ in life.phases()}


async def test_an_acceptance_that_meets_a_lapsing_desk_counts(
    environment: WorkflowEnvironment, services: Counterparts
) -> None:
    """The quote was sent and accepted while the facts were on their way."""
    life = await at(Phase.DESK, services)
    services.accepted.add(life.commission)

    await environment.sleep(15 * DAY)

    await life.reaches(Phase.DEPOSIT, Holder.CUSTOMER)


async def test_an_acceptance_in_the_same_moment_as_its_end_counts(services: Counterparts) -> None:
    late = _forgetful(services)
    async with late.at_work():
        life = await at(Phase.DESK, late)
        await life.receives(life.sent(valid=timedelta(seconds=3)))
        await life.reaches(Phase.OFFERED, Holder.CUSTOMER)
        await life.settles()
    await has_rung(life.handle)
    await life.receives(life.accepted(), life.invoiced())

    async with late.at_work():
        await life.reaches(Phase.DEPOSIT, Holder.CUSTOMER)

    assert life.did(ExpireQuote) == 0


async def test_a_deposit_that_is_paid_in_the_last_second_counts(services: Counterparts) -> None:
    late = _forgetful(services)
    late.deposit_within = timedelta(seconds=3)
    async with late.at_work():
        life = await at(Phase.DEPOSIT, late)
        await life.has_done(RecordEscalation)
        await life.settles()
    await has_rung(life.handle)
    await life.receives(life.paid(InvoiceKind.DEPOSIT))

    async with late.at_work():
        await life.reaches(Phase.MAKING, Holder.MAKER)

    assert life.did(SettleCancellation) == 0


async def test_a_deposit_that_only_quotes_knows_of_counts(
    environment: WorkflowEnvironment, services: Counterparts
) -> None:
    life = await at(Phase.DEPOSIT, services)
    services.accepted.add(life.commission)
    services.secured.add(life.commission)
    await environment.sleep(DEPOSIT_WITHIN)

    await life.reaches(Phase.MAKING, Holder.MAKER)
    await life.receives(life.paid(InvoiceKind.DEPOSIT))

    assert (life.did(ExpireQuote), life.did(SettleCancellation)) == (1, 0)


def _forgetful(services: Counterparts) -> Counterparts:
    """Services that can leave their work: their worker has nothing in memory that the server would wait for."""
    others = Counterparts(services.client, "late.", services.clock)
    others.cached = 0
    return others


async def test_a_deposit_that_is_paid_once_it_was_settled_came_too_late(
    environment: WorkflowEnvironment, services: Counterparts
) -> None:
    life = await at(Phase.DEPOSIT, services)
    gate = services.shut(SettleCancellation)
    await environment.sleep(DEPOSIT_WITHIN)
    await services.reached[SettleCancellation].wait()

    await life.receives(life.paid(InvoiceKind.DEPOSIT))
    gate.set()

    await life.has_done(RecordEnd)
    assert services.of(RecordEnd)[0].outcome is Outcome.LAPSED
    assert services.of(RecordEnd)[0].counted[Topic.PAYMENTS.value] == 1


async def test_a_withdrawal_that_meets_an_acceptance_is_a_cancellation_at_no_cost(services: Counterparts) -> None:
    life = await at(Phase.OFFERED, services)
    services.accepted.add(life.commission)

    await life.receives(life.withdrawn())

    assert (await life.handle.result()).outcome is Outcome.CANCELLED
    assert [each.reason for each in services.of(ExpireQuote)] == [QuoteEnd.WITHDRAWN]
    assert [(each.owed_percent, each.reason) for each in services.of(SettleCancellation)] == [(0, QuoteEnd.CANCELLED)]
    assert life.did(ReleasePromise) == 1


async def test_a_withdrawal_that_was_very_late_does_not_stop_a_piece_that_was_cut(services: Counterparts) -> None:
    life = await at(Phase.MAKING, services)
    services.passed_percent[life.commission] = 35

    await life.receives(life.withdrawn())
    await life.settles()

    assert services.of(RecordEscalation)[0].reason is Escalation.STEP_REFUSED
    assert not (await life.state()).withdrawn


# A cancellation against the bench.


async def test_a_cancellation_that_meets_a_gate_is_refused_and_the_life_goes_on(services: Counterparts) -> None:
    life = await at(Phase.MAKING, services)
    services.passed_percent[life.commission] = 35
    asked = life.wants_to_cancel(0)

    await life.receives(asked)
    await life.has_done(RefuseCancellation)
    await life.receives(life.made())

    await life.reaches(Phase.BALANCE, Holder.CUSTOMER)
    (refused,) = services.of(RefuseCancellation)
    assert (refused.cancellation, refused.refusal, refused.owed_percent) == (
        asked.cancellation,
        CancellationRefusal.GATE_PASSED,
        35,
    )
    assert life.did(SettleCancellation) == 0


async def test_who_was_refused_may_cancel_under_the_new_terms(services: Counterparts) -> None:
    life = await at(Phase.MAKING, services)
    services.passed_percent[life.commission] = 35

    await life.receives(life.wants_to_cancel(0))
    await life.has_done(RefuseCancellation)
    await life.receives(life.wants_to_cancel(35))

    assert (await life.handle.result()).outcome is Outcome.CANCELLED
    assert [each.at_most_percent for each in services.of(StopMaking)] == [0, 35]
    assert [each.owed_percent for each in services.of(SettleCancellation)] == [35]


async def test_a_parcel_that_is_handed_over_cannot_be_cancelled(services: Counterparts) -> None:
    life = await at(Phase.SHIPPING, services)
    services.handed_over.add(life.commission)

    await life.receives(life.wants_to_cancel(100))
    await life.has_done(RefuseCancellation)
    await life.receives(life.handed_over(), life.delivered())

    assert (await life.handle.result()).outcome is Outcome.COMPLETED
    assert services.of(RefuseCancellation)[0].refusal is CancellationRefusal.HANDED_OVER


async def test_a_cancellation_of_ops_that_was_overtaken_is_brought_to_their_eyes(services: Counterparts) -> None:
    life = await at(Phase.MAKING, services)
    services.passed_percent[life.commission] = 35

    await life.cancels(CancelCause.CUSTOMER, 0)
    await life.settles()
    await life.cancels(CancelCause.CUSTOMER, 35)

    assert (await life.handle.result()).outcome is Outcome.CANCELLED
    assert services.of(RecordEscalation)[0].reason is Escalation.STEP_REFUSED
    assert life.did(RefuseCancellation) == 0


async def test_two_cancellations_are_carried_out_once(services: Counterparts) -> None:
    life = await at(Phase.MAKING, services)

    await life.receives(life.wants_to_cancel(0), life.wants_to_cancel(0))

    assert (await life.handle.result()).outcome is Outcome.CANCELLED
    assert (life.did(StopMaking), life.did(SettleCancellation), life.did(RefuseCancellation)) == (1, 1, 0)


async def test_ops_cannot_cancel_what_is_being_cancelled(services: Counterparts) -> None:
    life = await at(Phase.MAKING, services)
    gate = services.shut(StopMaking)
    await life.receives(life.wants_to_cancel(0))
    await services.reached[StopMaking].wait()

    with pytest.raises(WorkflowUpdateFailedError):
        await life.cancels(CancelCause.STUDIO)

    gate.set()
    assert (await life.handle.result()).outcome is Outcome.CANCELLED


# Facts before the step that waits for them.


async def test_a_deposit_that_is_paid_before_the_acceptance_is_known_is_not_waited_for(services: Counterparts) -> None:
    life = await at(Phase.OFFERED, services)
    await life.receives(life.invoiced(), life.paid(InvoiceKind.DEPOSIT))

    await life.receives(life.accepted())

    await life.reaches(Phase.MAKING, Holder.MAKER)
    assert Phase.DEPOSIT not in {record.phase for record in life.records}


async def test_all_facts_of_the_agreement_at_once_lead_to_the_bench(services: Counterparts) -> None:
    life = await at(Phase.DESK, services)

    await life.receives(life.sent(), life.accepted(), life.invoiced(), life.paid(InvoiceKind.DEPOSIT))

    await life.settles()
    assert life.did(BookPromise) == 1
    assert [phase for phase, _ in life.phases()][2:5] == [Phase.DESK, Phase.OFFERED, Phase.DEPOSIT], "none is left out"
    assert life.phases()[-1] == (Phase.MAKING, Holder.MAKER)


async def test_an_offer_is_not_extended_where_the_hours_cannot_be_held_for_longer(services: Counterparts) -> None:
    services.hold, services.refusals[ExtendHold] = DAY, 1
    life = await at(Phase.OFFERED, services)
    await life.handle.execute_update(CommissionWorkflow.extend, Extend(request=uuid4(), by=DAY))
    await life.has_done(RecordEscalation)

    await life.cancels(CancelCause.STUDIO)
    await life.handle.result()

    assert (life.did(ExtendHold), life.did(ExtendQuote)) == (0, 0)
    assert life.names()[-1] == "RecordEnd"


async def test_a_signature_that_is_quicker_than_the_answer_to_its_asking_counts(services: Counterparts) -> None:
    life = await at(Phase.DEPOSIT, services)
    gate = services.shut(AskApproval)
    await life.receives(life.paid(InvoiceKind.DEPOSIT))
    await services.reached[AskApproval].wait()

    await life.receives(life.signed("cut"))
    gate.set()
    await life.has_done(OpenGate)

    assert services.of(OpenGate)[0].gate == "cut"


async def test_all_facts_of_the_parcel_at_once_lead_to_the_certificate(services: Counterparts) -> None:
    life = await at(Phase.SHIPPING, services)

    await life.receives(life.handed_over(), life.delivered())

    assert (await life.handle.result()).outcome is Outcome.COMPLETED


async def test_a_commission_without_a_deposit_goes_to_the_bench_at_once(services: Counterparts) -> None:
    life = await at(Phase.OFFERED, services)
    free = life.accepted().model_copy(update={"deposit": Money.zero(EUR)})

    await life.receives(free)

    await life.reaches(Phase.MAKING, Holder.MAKER)


async def test_a_piece_that_is_paid_already_is_shipped_without_a_bill(services: Counterparts) -> None:
    services.balance = Money.zero(EUR)
    life = await at(Phase.MAKING, services)

    await life.receives(life.made())

    await life.reaches(Phase.SHIPPING, Holder.MAKER)


# At the bench.


async def test_a_mishap_at_a_gate_gives_the_piece_back_to_the_maker_until_it_is_there_again(
    services: Counterparts,
) -> None:
    life = await at(Phase.MAKING, services)
    await life.receives(life.reached("cut"))
    await life.reaches(Phase.MAKING, Holder.CUSTOMER)

    await life.receives(life.mishap())
    await life.reaches(Phase.MAKING, Holder.MAKER)
    await life.receives(life.reached("cut"))
    await life.reaches(Phase.MAKING, Holder.CUSTOMER)
    await life.receives(life.signed("cut"))

    await life.has_done(OpenGate)
    assert life.did(AskApproval) == 1


async def test_a_piece_that_fails_its_check_goes_back_and_is_made_all_the_same(services: Counterparts) -> None:
    life = await at(Phase.MAKING, services)
    for phase in ("prepare", "bend"):
        await life.makes(phase)

    await life.receives(life.failed_the_check(), life.made())

    await life.reaches(Phase.BALANCE, Holder.CUSTOMER)
    assert life.did(AskApproval) == 2


async def test_a_refused_approval_is_the_studios_until_ops_ask_again(services: Counterparts) -> None:
    life = await at(Phase.MAKING, services)
    await life.receives(life.reached("cut"), life.refused("cut"))
    await life.has_done(RecordEscalation)
    await life.reaches(Phase.MAKING, Holder.STUDIO)

    await life.handle.execute_update(CommissionWorkflow.try_again, TryAgain(request=uuid4()))
    await life.has_done(AskApproval, 2)
    await life.reaches(Phase.MAKING, Holder.CUSTOMER)
    await life.receives(life.signed("cut"))

    await life.has_done(OpenGate)
    assert [each.reason for each in services.of(RecordEscalation)] == [Escalation.APPROVAL_REFUSED]


# What ops ask, twice and in between.


async def test_a_request_that_is_repeated_is_carried_out_once(services: Counterparts) -> None:
    life = await at(Phase.OFFERED, services)
    asked = Nudge(request=uuid4())

    for _ in range(2):
        await life.handle.execute_update(CommissionWorkflow.nudge, asked, id=str(asked.request))
    await life.settles()

    assert life.did(RecordReminder) == 1


async def test_a_new_version_of_the_quote_has_a_validity_of_its_own(services: Counterparts) -> None:
    life = await at(Phase.OFFERED, services)
    await life.handle.execute_update(CommissionWorkflow.extend, Extend(request=uuid4(), by=50 * DAY))
    await life.has_done(ExtendQuote)

    again = life.sent(version=2, valid=30 * DAY)
    await life.receives(again)
    await life.settles()

    assert (await life.reaches(Phase.OFFERED, Holder.CUSTOMER)).due == life.now + 30 * DAY
    assert life.did(ExtendQuote) == 1
