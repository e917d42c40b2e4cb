"""What a database looks like, as text: to compare what the migrations make with what `schema.sql` says."""

import asyncio
from pathlib import Path
from typing import Final

import asyncpg

from shared.postgres.migrate import migrate

_ALL: Final = (
    """
    SELECT format('table %s %s %s, toast %s', c.relname, c.relkind, c.reloptions::text, t.reloptions::text)
    FROM pg_class AS c LEFT JOIN pg_class AS t ON t.oid = c.reltoastrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
    """,
    """
    SELECT format('column %s.%s %s %s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attnotnull THEN 'not null' END, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attribute AS a
    INNER JOIN pg_class AS c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
        AND a.attnum > 0 AND NOT a.attisdropped
    """,
    """
    SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """,
    "SELECT format('index %s %s', tablename, indexdef) FROM pg_indexes WHERE schemaname = 'public'",
    """
    SELECT format('sequence %s %s, cache %s, by %s', sequencename, data_type, cache_size, increment_by)
    FROM pg_sequences WHERE schemaname = 'public'
    """,
    "SELECT format('function %s', pg_get_functiondef(oid)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    """
    SELECT format('trigger %s', pg_get_triggerdef(t.oid))
    FROM pg_trigger AS t INNER JOIN pg_class AS c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
    """,
    "SELECT format('view %s %s', viewname, definition) FROM pg_views WHERE schemaname = 'public'",
    """
    SELECT format('type %s %s', t.typname, string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder))
    FROM pg_type AS t INNER JOIN pg_enum AS e ON e.enumtypid = t.oid GROUP BY t.typname
    """,
)
_DBMATES_OWN = "schema_migrations"


async def catalog(dsn: str) -> list[str]:
    """Every table with its settings, column, constraint, index, sequence, function, trigger, view and type, sorted."""
    connection = await asyncpg.connect(dsn)
    try:
        rows = [row[0] for query in _ALL for row in await connection.fetch(query)]
    finally:
        await connection.close()
    return sorted(row for row in rows if _DBMATES_OWN not in row)


async def by_migrations(dsn: str, service: Path) -> list[str]:
    """The catalog after the kernel's migrations and those of the service in this folder."""
    await migrate(dsn, service / "sql" / "migrations")
    return await catalog(dsn)


async def by_schema(dsn: str, service: Path) -> list[str]:
    """The catalog after the kernel's migrations and the service's `schema.sql`, with what it is continued in."""
    await migrate(dsn)
    for path in sorted((service / "sql").glob("schema*.sql")):
        await run_file(dsn, path)
    return await catalog(dsn)


async def run_file(dsn: str, path: Path) -> None:
    """Run a file of SQL."""
    sql = await asyncio.to_thread(path.read_text)
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()
