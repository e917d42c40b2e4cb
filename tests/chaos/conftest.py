"""One studio that is there to be killed; after each test all of it runs again, and nothing in it is armed."""

from collections.abc import AsyncIterator, Mapping
from uuid import uuid4

import pytest

from shared.kafka.connection import Kafka
from tests.chaos.lives import LIVES, Left, lived, what_is_left
from tests.support.studio import MakeDatabase, Studio, open_studio


@pytest.fixture(scope="package")
async def studio(make_database: MakeDatabase, kafka: Kafka, temporal: str) -> AsyncIterator[Studio]:
    # A mailer that was killed keeps its mail until its lease is over.
    patience = {"mail_lease": "6", "mail_time_limit": "5", "mail_first_wait": "1"}
    async with open_studio(make_database, kafka, temporal, f"c{uuid4().hex[:12]}-", **patience) as studio:
        yield studio


@pytest.fixture(scope="package")
async def undisturbed(studio: Studio) -> Mapping[str, Left]:
    """What a life of each kind leaves behind if nothing is killed."""
    return {
        life: await what_is_left(studio, await lived(studio, studio.demo(), life, played))
        for life, played in LIVES.items()
    }
