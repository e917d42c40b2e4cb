"""Named SQL from `queries.sql` files, by aiosql. Every query declares its parameters: `-- name: person(person)^`."""

from pathlib import Path

import aiosql
from aiosql.queries import Queries


def load(path: Path) -> Queries:
    """The queries of one file, as methods: `await queries.person(tx.connection, person=id)`.

    Raises:
        aiosql.utils.SQLLoadException: a query has no name, or does not declare a parameter it uses.
    """
    queries: Queries = aiosql.from_path(path, "asyncpg")
    return queries
