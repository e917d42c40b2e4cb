"""Which photos a certificate shows, and the day that it names of each."""

import json
from datetime import datetime
from uuid import UUID

import pytest

from services.production.actions import certificates, publishing
from services.production.store import journal as store
from shared.contracts.commands.production import IssueCertificate
from shared.kernel.ids import new_id
from shared.kernel.problems import NotYet
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


async def test_the_certificate_waits_for_a_photo_that_it_is_to_show(production: Production, commission: UUID) -> None:
    photo = await made_with_a_photo(production, commission)
    asked = IssueCertificate(id=new_id(), commission=commission)

    with pytest.raises(NotYet) as refused:
        await production.command(certificates.issue, asked)
    production.later(minutes=2)
    await publish(production, commission)
    issued = await production.command(certificates.issue, asked)

    assert refused.value.retry_after == 120
    async with production.database.transaction() as tx:
        shown = await certificates.read_certificate(tx, issued.serial, production.settings)
    assert shown.certificate
    assert [each.photo for each in shown.certificate.photos] == [photo]


async def test_the_certificate_waits_for_no_photo_that_was_taken_back(production: Production, commission: UUID) -> None:
    photo = await made_with_a_photo(production, commission)
    [*_, last] = (await production.piece(commission)).tasks
    await production.act(publishing.withdraw_photo, last.task, photo)

    issued = await production.command(certificates.issue, IssueCertificate(id=new_id(), commission=commission))

    async with production.database.transaction() as tx:
        shown = await certificates.read_certificate(tx, issued.serial, production.settings)
    assert shown.certificate
    assert shown.certificate.photos == ()


async def made_with_a_photo(production: Production, commission: UUID) -> UUID:
    """The piece is made; a photo was taken at its last step, a moment ago."""
    await production.make_until(commission, "check")
    photo = await production.photograph(commission)
    await production.start(commission)
    await production.finish(commission)
    return photo


async def publish(production: Production, commission: UUID) -> None:
    async with production.database.transaction() as tx:
        await publishing.publish_due(tx, commission, production.context)
