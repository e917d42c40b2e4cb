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

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias, TypeVar, cast, get_origin

import aiosql
import asyncpg
from aiosql.adapters.asyncpg import AsyncPGAdapter
from aiosql.types import SQLOperationType
from asyncpg.pool import PoolConnectionProxy
from pydantic import TypeAdapter
from pydantic_core import from_json

from shared.postgres.database import Tx

T = TypeVar("T")
Row: TypeAlias = dict[str, object]
"""A row as it is, for what is made of several queries: see `made`."""


class HasConnection(Protocol):
    """Where queries run: a `Tx`, or what holds a connection of its own."""

    @property
    def connection(self) -> "PoolConnectionProxy[asyncpg.Record] | asyncpg.Connection[asyncpg.Record]": ...


class _Select(Protocol):
    """Sends a query; what it gives depends on the sign behind the query's name."""

    async def __call__(self, connection: Any, **parameters: object) -> Any: ...


READ_FUNCTIONS: Final = frozenset(
    {
        "any",
        "array",
        "array_agg",
        "avg",
        "bool_or",
        "coalesce",
        "concat",
        "concat_ws",
        "count",
        "date_trunc",
        "encode",
        "extract",
        "greatest",
        "hashtextextended",
        "json_agg",
        "json_build_object",
        "lag",
        "lead",
        "least",
        "lower",
        "max",
        "md5",
        "min",
        "nullif",
        "percentile_cont",
        "replace",
        "reverse",
        "row_number",
        "sha256",
        "string_agg",
        "sum",
        "to_json",
        "unnest",
        "upper",
    }
)
"""What a query may call that counts as reading: it changes nothing, and gives the same outside of a transaction."""
_WRITES: Final = re.compile(r"\b(?:INSERT|UPDATE|DELETE|MERGE|SHARE|LOCK)\b", re.IGNORECASE)
_COMMENT: Final = re.compile(r"--[^\n]*")


class NoRowError(LookupError):
    """A query that always gives a row, or a value, gave none."""


class Query:
    """One query. The sign behind its name says what can be asked of it: `!` run, `$` value, `^` row, none rows.

    One that only `reads` does not begin a transaction: see `Database.transaction`.
    """

    def __init__(self, select: _Select, *, reads: bool = False) -> None:
        self._select = select
        self.reads = reads

    async def run(self, on: HasConnection, /, **parameters: object) -> None:
        await self._select(self._connection(on), **parameters)

    async def value_or_none(self, on: HasConnection, kind: type[T], /, **parameters: object) -> T | None:
        """The first column of the first row; None where there is no row, and for NULL."""
        value: object = await self._select(self._connection(on), **parameters)
        return None if value is None else made(kind, value)

    async def value(self, on: HasConnection, kind: type[T], /, **parameters: object) -> T:
        """The same, of a query that always gives one. Raises NoRowError."""
        return _there(await self.value_or_none(on, kind, **parameters))

    async def row_or_none(self, on: HasConnection, kind: type[T], /, **parameters: object) -> T | None:
        """The first row; None where there is none."""
        row: asyncpg.Record | None = await self._select(self._connection(on), **parameters)
        return None if row is None else _of_row(kind, row)

    async def row(self, on: HasConnection, kind: type[T], /, **parameters: object) -> T:
        """The same, of a query that always gives one. Raises NoRowError."""
        return _there(await self.row_or_none(on, kind, **parameters))

    async def rows(self, on: HasConnection, kind: type[T], /, **parameters: object) -> list[T]:
        found: Sequence[asyncpg.Record] = await self._select(self._connection(on), **parameters)
        return [_of_row(kind, row) for row in found]

    async def column(self, on: HasConnection, kind: type[T], /, **parameters: object) -> list[T]:
        """The first column of every row."""
        found: Sequence[asyncpg.Record] = await self._select(self._connection(on), **parameters)
        return [made(kind, row[0]) for row in found]

    def _connection(self, on: HasConnection) -> object:
        return on.reading if self.reads and isinstance(on, Tx) else on.connection


def _there(found: T | None) -> T:
    if found is None:
        raise NoRowError
    return found


class Queries:
    """The queries of one file, as attributes."""

    def __init__(self, found: Mapping[str, Query]) -> None:
        self._queries = found

    def __iter__(self) -> Iterator[tuple[str, Query]]:
        return iter(self._queries.items())

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
    adapter = AsyncPGAdapter()  # type: ignore[no-untyped-call]  # aiosql types its sync drivers alone
    found = aiosql.from_path(path, lambda: adapter)
    names = [name for name in found.available_queries if not name.endswith("_cursor")]
    return Queries({name: _query(getattr(found, name), adapter.var_sorted[name]) for name in names})


def only_reads(sql: str) -> bool:
    """Whether this is a SELECT that locks nothing and calls nothing but `READ_FUNCTIONS`."""
    plain = _COMMENT.sub("", sql).strip()
    called = re.findall(r"\b([a-z_0-9]+)\(", plain, re.IGNORECASE)
    return (
        plain.upper().startswith(("SELECT", "WITH"))
        and not _WRITES.search(plain)
        and READ_FUNCTIONS.issuperset(name.lower() for name in called)
    )


_SENT_BY: Final = {
    SQLOperationType.SELECT: "fetch",
    SQLOperationType.SELECT_ONE: "fetchrow",
    SQLOperationType.SELECT_VALUE: "fetchval",
    SQLOperationType.INSERT_UPDATE_DELETE: "execute",
}
"""asyncpg's own methods: aiosql's way to them costs as much again as their own part in Python."""


def _query(function: Any, names: Sequence[str]) -> Query:
    sql, method = function.sql, _SENT_BY[function.operation]

    async def select(connection: Any, **parameters: object) -> Any:
        return await getattr(connection, method)(sql, *[parameters[name] for name in names])

    return Query(select, reads=method != "execute" and only_reads(sql))


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
