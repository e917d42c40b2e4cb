"""What a query gives is made into what it was said to be, or refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from shared.kernel.ids import new_id
from shared.postgres.queries import NoRowError, Query, Row, made, opened


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Bead:
    bead: UUID
    colour: Colour
    at: datetime | None = None


class Connected:
    """What queries run on; these ask it nothing."""

    connection = None


def row(**columns: object) -> "Columns":
    return Columns(columns)


class Columns(dict[str, object]):
    """A row as asyncpg gives it: by name and by place, and iterated by its values."""

    def __init__(self, columns: Mapping[str, object]) -> None:
        super().__init__(columns)

    def __getitem__(self, at: object) -> object:
        return list(self.values())[at] if isinstance(at, int) else super().__getitem__(str(at))


def giving(found: object) -> Query:
    async def select(connection: object, **parameters: object) -> object:  # noqa: ARG001 (as it is called)
        return found

    return Query(select)


def giving_rows(*rows: Columns) -> Query:
    return giving(rows)


ON: Any = Connected()
BEAD = new_id()


async def test_a_row_is_made_by_the_names_of_its_columns() -> None:
    found = await giving(row(colour="red", bead=BEAD)).row(ON, Bead)

    assert found == Bead(BEAD, Colour.RED)


async def test_the_first_column_of_rows_is_a_list() -> None:
    query = giving_rows(row(bead=BEAD, colour="red"))

    assert await query.column(ON, UUID) == [BEAD]


async def test_where_there_is_no_row_there_is_none_or_an_error() -> None:
    assert await giving(None).row_or_none(ON, Bead) is None
    assert await giving(None).value_or_none(ON, int) is None
    with pytest.raises(NoRowError):
        await giving(None).row(ON, Bead)
    with pytest.raises(NoRowError):
        await giving(None).value(ON, int)


@pytest.mark.parametrize("columns", [{"bead": BEAD}, {"bead": BEAD, "colour": "blue"}, {"bead": 7, "colour": "red"}])
async def test_a_row_that_is_not_what_was_said_is_refused(columns: Row) -> None:
    with pytest.raises(ValidationError):
        await giving(row(**columns)).row(ON, Bead)


def test_what_is_made_of_several_queries_is_checked_as_well() -> None:
    at = datetime(2026, 11, 29, tzinfo=UTC)

    assert made(Bead, {"bead": BEAD, "colour": Colour.RED, "at": at}) == Bead(BEAD, Colour.RED, at)


def test_json_columns_are_opened_and_null_stays_none() -> None:
    assert opened({"a": '{"x": 1}', "b": None, "c": "1"}, "a", "b") == {"a": {"x": 1}, "b": None, "c": "1"}
