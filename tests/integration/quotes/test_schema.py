"""`schema.sql` is what the migrations make."""

from pathlib import Path

import services.quotes
from tests.conftest import MakeDatabase
from tests.support.catalog import by_migrations, by_schema

ROOT = Path(services.quotes.__file__).parent


async def test_the_schema_is_what_the_migrations_make(make_database: MakeDatabase) -> None:
    migrated = await by_migrations(await make_database("migrated"), ROOT)
    declared = await by_schema(await make_database("declared"), ROOT)

    assert migrated == declared
