"""The queries of `sql/queries.sql`, one method each."""

from pathlib import Path
from typing import Any

from shared.postgres.queries import load

QUERIES: Any = load(Path(__file__).parents[1] / "sql" / "queries.sql")  # its methods are made from the file
