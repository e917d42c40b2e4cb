"""`schema.sql` is the truth: the migrations make exactly that."""

from pathlib import Path

import services.intake
from tests.conftest import MakeDatabase
from tests.support.catalog import by_migrations, by_schema


async def test_the_migrations_make_what_the_schema_says(make_database: MakeDatabase) -> None:
    service = Path(services.intake.__file__).parent

    made = await by_migrations(await make_database("migrated"), service)

    assert made == await by_schema(await make_database("said"), service)
