"""The queries of `sql/queries.sql`."""

from pathlib import Path

from shared.postgres.queries import load

QUERIES = load(Path(__file__).parents[1] / "sql" / "queries.sql")
