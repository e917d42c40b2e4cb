"""The queries of `sql/queries.sql`, one method each, and their rows as what they are in the domain."""

from collections.abc import AsyncIterable, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from shared.postgres.queries import load

QUERIES: Any = load(Path(__file__).parents[1] / "sql" / "queries.sql")  # its methods are made from the file

T = TypeVar("T")
Row = Mapping[str, object]


class Rows(Generic[T]):
    """Makes rows into objects of one class; a column has the name of its field."""

    def __init__(self, kind: type[T]) -> None:
        self._adapter = TypeAdapter(kind)

    def read(self, row: Row) -> T:
        """Raises ValidationError if a row is not what the schema promises."""
        return self._adapter.validate_python(dict(row))

    def maybe(self, row: Row | None) -> T | None:
        return None if row is None else self.read(row)

    async def all(self, rows: AsyncIterable[Row]) -> tuple[T, ...]:
        return tuple([self.read(row) async for row in rows])
