"""A plain commission from the form to the certificate: who held the clock, the mails, the lengths of the histories."""

from typing import Final

from shared.contracts.commands.lifecycle import RecordEnd
from shared.contracts.commands.production import OpenGate
from shared.contracts.lifecycle import Holder, Outcome, Phase
from tests.support.counterparts import Counterparts
from tests.support.histories import runs_of
from tests.support.lives import completed

EVENTS_AT_MOST: Final = 180
CLOCK: Final = [
    (Phase.PROMISING, Holder.PROCESS),
    (Phase.QUOTING, Holder.PROCESS),
    (Phase.DESK, Holder.STUDIO),
    (Phase.OFFERED, Holder.CUSTOMER),
    (Phase.DEPOSIT, Holder.CUSTOMER),
    (Phase.MAKING, Holder.PROCESS),
    (Phase.MAKING, Holder.MAKER),
    (Phase.MAKING, Holder.CUSTOMER),
    (Phase.MAKING, Holder.MAKER),
    (Phase.MAKING, Holder.CUSTOMER),
    (Phase.MAKING, Holder.MAKER),
    (Phase.BALANCE, Holder.PROCESS),
    (Phase.BALANCE, Holder.CUSTOMER),
    (Phase.SHIPPING, Holder.PROCESS),
    (Phase.SHIPPING, Holder.MAKER),
    (Phase.SHIPPING, Holder.PROCESS),
    (Phase.CERTIFYING, Holder.PROCESS),
    (Phase.ENDED, Holder.PROCESS),
]


async def test_a_plain_commission_comes_to_its_certificate(services: Counterparts) -> None:
    life = await completed(services)

    result = await life.handle.result()

    assert result.outcome is Outcome.COMPLETED
    assert life.phases() == CLOCK
    assert [each.gate for each in services.of(OpenGate)] == ["cut", "engraving"]
    assert services.names()[-3:] == ["IssueCertificate", "CloseCommission", "RecordEnd"]
    assert services.of(RecordEnd)[0].outcome is Outcome.COMPLETED


async def test_the_history_of_a_plain_commission_is_one_and_short(services: Counterparts) -> None:
    life = await completed(services)

    lengths = [len(run.events) for run in await runs_of(services.client, life.handle)]

    assert len(lengths) == 1
    assert lengths[0] < EVENTS_AT_MOST


async def test_a_plain_commission_lives_where_the_worker_remembers_nothing(services: Counterparts) -> None:
    forgetful = Counterparts(services.client, "forgetful.", services.clock)
    forgetful.cached = 0

    async with forgetful.at_work():
        life = await completed(forgetful)

    assert life.phases() == CLOCK
    assert len({each.id for each in forgetful.done}) == len(forgetful.done)
