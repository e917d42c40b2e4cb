"""Which photos a certificate shows, and the day that it names of each."""

import json
from datetime import datetime
from uuid import UUID

import pytest

from services.production.actions import certificates, parcels, publishing
from services.production.store import journal as store
from shared.contracts.commands.production import IssueCertificate
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Database
from tests.support.production import Production, settings_of


@pytest.fixture
def production(database: Database) -> Production:
    """A bench whose photos wait for two minutes."""
    bench = Production(database)
    bench.settings = settings_of(publish_after_seconds=120)
    return bench


@pytest.fixture
async def commission(production: Production) -> UUID:
    return await production.booked()


async def test_a_photo_is_certified_with_the_day_on_which_it_was_taken(
    production: Production, commission: UUID
) -> None:
    taken = production.now
    await production.photograph(commission)
    production.later(days=2)  # the worker was away
    await publish(production, commission)

    piece = (await production.piece(commission)).piece
    async with production.database.transaction() as tx:
        written = await store.entries(tx, piece)
    [said] = [json.loads(each.said) for each in written if each.entry == "photo_taken"]
    assert datetime.fromisoformat(said["taken_at"]) == taken


async def test_a_photo_of_the_last_minutes_is_certified_and_cannot_be_taken_back_any_more(
    production: Production, commission: UUID
) -> None:
    production.settings = settings_of(publish_after_seconds=86_400)
    await production.make_until(commission, "check")
    photo, task = await production.photograph(commission), await production.current(commission)
    await production.sent(commission)
    await production.act(parcels.note_delivery, commission)

    issued = await production.command(certificates.issue, IssueCertificate(id=new_id(), commission=commission))
    with pytest.raises(Problem) as refused:
        await production.act(publishing.withdraw_photo, task.task, photo)

    async with production.database.transaction() as tx:
        view = await certificates.read_certificate(tx, issued.serial, production.settings)
    assert view.in_order, view.discrepancies
    assert view.certificate is not None
    assert [each.photo for each in view.certificate.photos] == [photo]
    assert refused.value.type is ProblemType.CONFLICT
    assert (await production.fact_names(commission)).count("PhotoTaken") == 1


async def publish(production: Production, commission: UUID) -> None:
    async with production.database.transaction() as tx:
        await publishing.publish_due(tx, commission, production.context)
