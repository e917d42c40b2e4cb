"""Which photos a certificate shows, and the day that it names of each."""

import json
from datetime import datetime
from uuid import UUID

import pytest

from services.production.actions import publishing
from services.production.store import journal as store
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


async def publish(production: Production, commission: UUID) -> None:
    async with production.database.transaction() as tx:
        await publishing.publish_due(tx, commission, production.context)
