"""One studio for the tests of every route."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from shared.kafka.connection import Kafka
from tests.support.studio import MakeDatabase, Studio, open_studio


@pytest.fixture(scope="package")
async def studio(make_database: MakeDatabase, kafka: Kafka, temporal: str) -> AsyncIterator[Studio]:
    async with open_studio(make_database, kafka, temporal, f"r{uuid4().hex[:12]}-") as studio:
        yield studio
