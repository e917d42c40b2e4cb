"""A payment is reversed: what is not begun waits for the money, and what is begun goes on while ops decide."""

from datetime import timedelta
from typing import Final

from temporalio.testing import WorkflowEnvironment

from shared.contracts.commands.lifecycle import RecordEnd, RecordEscalation
from shared.contracts.commands.production import BookPromise, ReleaseParcel, StopMaking
from shared.contracts.commands.quotes import IssueBalance
from shared.contracts.lifecycle import Escalation, Phase
from shared.contracts.payments import InvoiceKind
from shared.kernel.money import Money
from tests.support.counterparts import Counterparts
from tests.support.lives import at

DAY: Final = timedelta(days=1)


async def test_a_deposit_that_is_reversed_before_the_booking_is_waited_for(services: Counterparts) -> None:
    life = await at(Phase.DEPOSIT, services)

    await life.receives(life.paid(InvoiceKind.DEPOSIT), life.reopened(InvoiceKind.DEPOSIT))
    await life.settles()

    assert life.did(BookPromise) == 0
    assert life.did(RecordEscalation) == 0


async def test_a_deposit_that_is_reversed_while_it_is_made_is_told_to_ops_and_ends_nothing(
    environment: WorkflowEnvironment, services: Counterparts
) -> None:
    life = await at(Phase.MAKING, services)

    await life.receives(life.reopened(InvoiceKind.DEPOSIT))
    await life.has_done(RecordEscalation)
    services.passed_percent[life.commission] = 35
    await life.receives(life.wants_to_cancel(0))  # the bench refuses, and the steps are gone through once more
    await life.has_done(StopMaking)
    await life.settles()
    await environment.sleep(30 * DAY)

    assert services.of(RecordEscalation, life.commission)[0].reason is Escalation.PAYMENT_REVERSED
    assert Phase.ENDED not in {phase for phase, _ in life.phases()}
    assert life.phases()[-1][0] is Phase.MAKING


async def test_what_is_recorded_rightly_at_once_is_told_to_nobody(services: Counterparts) -> None:
    life = await at(Phase.MAKING, services)

    await life.receives(life.reopened(InvoiceKind.DEPOSIT), life.paid(InvoiceKind.DEPOSIT))
    await life.settles()

    assert life.did(RecordEscalation) == 0


async def test_a_parcel_that_is_released_stays_so_when_the_balance_is_reversed(services: Counterparts) -> None:
    life = await at(Phase.SHIPPING, services)

    await life.receives(life.reopened(InvoiceKind.BALANCE))
    await life.has_done(RecordEscalation)
    await life.receives(life.handed_over(), life.delivered())
    await life.has_done(RecordEnd)

    assert life.did(ReleaseParcel) == 1


async def test_nothing_is_released_while_the_balance_is_open_again(services: Counterparts) -> None:
    life = await at(Phase.BALANCE, services)

    await life.receives(life.paid(InvoiceKind.BALANCE), life.reopened(InvoiceKind.BALANCE))
    await life.settles()

    assert life.did(ReleaseParcel) == 0
    assert services.of(RecordEscalation, life.commission)[0].reason is Escalation.PAYMENT_REVERSED


async def test_a_deposit_that_is_reversed_holds_the_parcel_though_nothing_is_left_on_the_balance(
    services: Counterparts,
) -> None:
    life = await at(Phase.MAKING, services)
    services.balance = Money.zero("EUR")  # as the balance was worked out, before the bank took the deposit back

    await life.receives(life.reopened(InvoiceKind.DEPOSIT), life.made())
    await life.has_done(IssueBalance)
    await life.settles()
    held = life.did(ReleaseParcel)
    await life.receives(life.paid(InvoiceKind.DEPOSIT))
    await life.has_done(ReleaseParcel)

    assert held == 0
