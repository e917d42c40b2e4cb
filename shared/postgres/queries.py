"""Named SQL from `queries.sql` files, by aiosql. Every query declares its parameters: `-- name: person(person)^`.

    _QUERIES = load(Path(__file__).parent / "sql" / "queries.sql")
    await _QUERIES.record_person.run(tx, person=id, name=name)
    person = await _QUERIES.person.row_or_none(tx, Person, person=id)
    people = await _QUERIES.people.rows(tx, Person)
    count = await _QUERIES.count.value(tx, int)
    pairs = await _QUERIES.spans.rows(tx, tuple[UUID, datetime])      # by the order of the columns

What comes back is said where it is asked: mypy counts on it, and pydantic makes it of the row, by the names of the
columns. What is not as it was said raises pydantic's ValidationError: then the query and the class disagree.
"""

from collections.abc import AsyncIterator, Awaitable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias, TypeVar, cast, get_origin

import aiosql
import asyncpg
from asyncpg.pool import PoolConnectionProxy
from pydantic import TypeAdapter
from pydantic_core import from_json

T = TypeVar("T")
Row: TypeAlias = dict[str, object]
"""A row as it is, for what is made of several queries: see `made`."""


class HasConnection(Protocol):
    """Where queries run: a `Tx`, or what holds a connection of its own."""

    @property
    def connection(self) -> "PoolConnectionProxy[asyncpg.Record] | asyncpg.Connection[asyncpg.Record]": ...


class _Select(Protocol):
    """A method of aiosql's, made from the file; what it gives depends on the sign behind the query's name."""

    def __call__(self, connection: object, **parameters: object) -> Any: ...


class NoRowError(LookupError):
    """A query that always gives a row, or a value, gave none."""


class Query:
    """One query. The sign behind its name says what can be asked of it: `!` run, `$` value, `^` row, none rows."""

    def __init__(self, select: _Select) -> None:
        self._select = select

    async def run(self, on: HasConnection, /, **parameters: object) -> None:
        await self._select(on.connection, **parameters)

    async def value_or_none(self, on: HasConnection, kind: type[T], /, **parameters: object) -> T | None:
        """The first column of the first row; None where there is no row, and for NULL."""
        found: Awaitable[object] = self._select(on.connection, **parameters)
        value = await found
        return None if value is None else made(kind, value)

    async def value(self, on: HasConnection, kind: type[T], /, **parameters: object) -> T:
        """The same, of a query that always gives one. Raises NoRowError."""
        return _there(await self.value_or_none(on, kind, **parameters))

    async def row_or_none(self, on: HasConnection, kind: type[T], /, **parameters: object) -> T | None:
        """The first row; None where there is none."""
        found: Awaitable[asyncpg.Record | None] = self._select(on.connection, **parameters)
        row = await found
        return None if row is None else _of_row(kind, row)

    async def row(self, on: HasConnection, kind: type[T], /, **parameters: object) -> T:
        """The same, of a query that always gives one. Raises NoRowError."""
        return _there(await self.row_or_none(on, kind, **parameters))

    async def rows(self, on: HasConnection, kind: type[T], /, **parameters: object) -> list[T]:
        found: AsyncIterator[asyncpg.Record] = self._select(on.connection, **parameters)
        return [_of_row(kind, row) async for row in found]

    async def column(self, on: HasConnection, kind: type[T], /, **parameters: object) -> list[T]:
        """The first column of every row."""
        found: AsyncIterator[asyncpg.Record] = self._select(on.connection, **parameters)
        return [made(kind, row[0]) async for row in found]


def _there(found: T | None) -> T:
    if found is None:
        raise NoRowError
    return found


class Queries:
    """The queries of one file, as attributes."""

    def __init__(self, found: Mapping[str, _Select]) -> None:
        self._queries = {name: Query(select) for name, select in found.items()}

    def __getattr__(self, name: str) -> Query:
        try:
            return self._queries[name]
        except KeyError as error:
            raise AttributeError(name) from error


def load(path: Path) -> Queries:
    """The queries of one file.

    Raises:
        aiosql.utils.SQLLoadException: a query has no name, or does not declare a parameter it uses.
    """
    found = aiosql.from_path(path, "asyncpg")
    names = [name for name in found.available_queries if not name.endswith("_cursor")]
    return Queries({name: getattr(found, name) for name in names})


def made(kind: type[T], values: object) -> T:
    """These values as what they are: a row with what belongs to it, say. Raises ValidationError."""
    return _adapter(kind).validate_python(values)


def opened(row: Row, *names: str) -> Row:
    """The row with what is JSON in these columns; NULL stays None."""
    return {**row, **{name: None if row[name] is None else from_json(str(row[name])) for name in names}}


def _of_row(kind: type[T], row: asyncpg.Record) -> T:
    return made(kind, tuple(row) if get_origin(kind) is tuple else dict(row))


def _adapter(kind: type[T]) -> TypeAdapter[T]:
    """Made once for each class that a query names: making one takes a thousand times as long as using it."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return cast("TypeAdapter[T]", _ADAPTERS[kind])


_ADAPTERS: Final[dict[object, object]] = {}
