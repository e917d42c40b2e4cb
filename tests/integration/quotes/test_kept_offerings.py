"""The offerings' documents that a service keeps."""

import pytest

from shared import offerings
from shared.offerings.document import digest
from shared.offerings.model import read
from shared.offerings.store import OfferingChangedError, kept, kept_exactly, record
from shared.postgres.database import Database, Tx

RING = offerings.load("jewellery", "engraved-ring")


async def test_a_document_is_read_back_as_it_was_kept(database: Database) -> None:
    async with database.transaction() as tx:
        await record(tx, [RING])

        assert await kept(tx, RING.key) == read(RING.canonical)
        assert await kept_exactly(tx, RING.key, RING.sha256) == read(RING.canonical)


async def test_a_document_that_is_not_kept_here_is_none(database: Database) -> None:
    async with database.transaction() as tx:
        assert await kept(tx, RING.key._replace(version=99)) is None
        assert await kept_exactly(tx, RING.key, digest("other")) is None


async def _record_changed(tx: Tx) -> None:
    changed = RING.canonical.replace("Cut the wire to length", "Saw the wire to length")
    offering = read(changed)
    await record(tx, [offerings.OfferingDocument(offering, changed, digest(changed))])


async def test_a_file_that_was_changed_under_its_version_is_refused(database: Database) -> None:
    async with database.transaction() as tx:
        with pytest.raises(OfferingChangedError, match=r"Raise `version` in .*/jewellery/engraved-ring\.toml"):
            await _record_changed(tx)


async def test_a_new_version_is_kept_beside_the_old_one(database: Database) -> None:
    text = RING.canonical.replace('"version":1', '"version":1000')
    newer = read(text)

    async with database.transaction() as tx:
        await record(tx, [RING, offerings.OfferingDocument(newer, text, digest(text))])

        assert await kept(tx, RING.key._replace(version=1000)) == newer
        assert await kept(tx, RING.key) == read(RING.canonical)
