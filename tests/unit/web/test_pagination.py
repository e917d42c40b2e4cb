"""Lists in pages."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.problems import Problem, ProblemType
from shared.web.pagination import Paging, Position, paged

AT = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)


@given(st.timedeltas(min_value=timedelta(), max_value=timedelta(days=365 * 2000)), st.uuids())
def test_a_cursor_names_its_place(since: timedelta, key: UUID) -> None:
    place = Position(datetime(1970, 1, 1, tzinfo=UTC) + since, key)

    assert Position.read(place.cursor()) == place


@given(st.from_regex(r"\A[A-Za-z0-9_-]{32}\Z"))
def test_whatever_looks_like_a_cursor_is_one(cursor: str) -> None:
    assert Position.read(cursor).at.tzinfo is UTC


@pytest.mark.parametrize("cursor", ["", "x", "%" * 32, "\x00" * 32, "é" * 32, "A" * 31, "A" * 33, "A" * 32 + "\n"])
def test_what_is_no_cursor_is_named(cursor: str) -> None:
    with pytest.raises(Problem) as caught:
        Position.read(cursor)

    assert caught.value.type is ProblemType.VALIDATION_FAILED
    assert caught.value.fields[0].field == "after"


def test_pages_follow_each_other_to_the_end() -> None:
    rows = [(Position(AT - timedelta(hours=n), UUID(int=n)), n) for n in range(3)]
    paging = Paging(limit=2)

    first = paged(rows[: paging.fetch], paging)
    assert first.items == [0, 1]
    assert first.next is not None
    assert Position.read(first.next) == rows[1][0]

    assert paged(rows[2:], paging).next is None
