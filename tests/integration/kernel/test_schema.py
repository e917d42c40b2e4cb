"""schema.sql says what the migrations make."""

from shared.postgres.migrate import KERNEL, migrate
from tests.conftest import MakeDatabase
from tests.support.catalog import catalog, run_file


async def test_the_kernels_schema_is_what_its_migrations_make(make_database: MakeDatabase) -> None:
    migrated, declared = await make_database("migrated"), await make_database("declared")

    await migrate(migrated)
    await run_file(declared, KERNEL.with_name("schema.sql"))

    assert await catalog(migrated) == await catalog(declared)
