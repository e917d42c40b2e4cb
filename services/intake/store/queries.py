"""The queries of `sql/`."""

from pathlib import Path

from shared.postgres.queries import load

_SQL = Path(__file__).parents[1] / "sql"
QUERIES = load(_SQL / "queries.sql")
SESSIONS = load(_SQL / "sessions.sql")
