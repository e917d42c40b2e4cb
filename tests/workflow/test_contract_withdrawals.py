"""A withdrawal while it is being made: the bench stops, nothing is owed; once the parcel is gone, all is refunded."""

from shared.contracts.commands.intake import RefuseCancellation
from shared.contracts.commands.lifecycle import RecordEnd, RecordEscalation
from shared.contracts.commands.production import StopMaking
from shared.contracts.commands.quotes import RefundWithdrawal, SettleCancellation
from shared.contracts.commissions import ContractWithdrawn
from shared.contracts.lifecycle import Outcome, Phase
from shared.kernel.ids import new_id
from tests.support.counterparts import Counterparts
from tests.support.lives import Life, at


def withdrawn(life: Life, *, arrived: bool = False) -> ContractWithdrawn:
    return ContractWithdrawn(at=life.now, commission=life.commission, customer=new_id(), arrived=arrived)


async def test_while_it_is_being_made_the_bench_stops_and_nothing_is_owed(services: Counterparts) -> None:
    """However many gates were passed: the law lets nobody pay for what was made (Directive 2011/83/EU, Article 14)."""
    life = await at(Phase.MAKING, services)
    services.passed_percent[life.commission] = 65

    await life.receives(withdrawn(life))
    await life.has_done(RecordEnd)

    [stop] = services.of(StopMaking, life.commission)
    [settled] = services.of(SettleCancellation, life.commission)
    [end] = services.of(RecordEnd, life.commission)
    assert (stop.owes, stop.at_most_percent, settled.owed_percent) == (False, None, 0)
    assert end.outcome is Outcome.CANCELLED
    assert life.did(RefundWithdrawal) == 0


async def test_before_the_deposit_there_is_nothing_to_stop(services: Counterparts) -> None:
    life = await at(Phase.DEPOSIT, services)

    await life.receives(withdrawn(life))
    await life.has_done(RecordEnd)

    assert (life.did(StopMaking), services.of(SettleCancellation, life.commission)[0].owed_percent) == (0, 0)


async def test_once_the_parcel_is_gone_it_is_refunded_and_the_commission_goes_on(services: Counterparts) -> None:
    life = await at(Phase.SHIPPING, services)
    services.handed_over.add(life.commission)

    await life.receives(withdrawn(life))
    await life.has_done(RefundWithdrawal)
    await life.receives(life.handed_over(), life.delivered())
    await life.has_done(RecordEnd)

    assert (life.did(RefuseCancellation), life.did(RecordEscalation), life.did(SettleCancellation)) == (0, 0, 0)
    assert services.of(RecordEnd, life.commission)[0].outcome is Outcome.COMPLETED


async def test_a_piece_that_has_arrived_is_refunded_by_quotes_alone(services: Counterparts) -> None:
    life = await at(Phase.SHIPPING, services)

    await life.receives(withdrawn(life, arrived=True), life.handed_over(), life.delivered())
    await life.has_done(RecordEnd)

    assert (life.did(StopMaking), life.did(RefundWithdrawal)) == (0, 0)
