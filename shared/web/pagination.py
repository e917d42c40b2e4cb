"""Lists in pages, by a cursor into the order "newest first": the instant, and the id where instants are equal."""

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel

from shared.kernel.problems import FieldProblem, invalid
from shared.web.reasons import RequestReason

LARGEST = 100

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_CURSOR = "^[A-Za-z0-9_-]{32}$"
_NOT_A_CURSOR = FieldProblem("after", RequestReason.NOT_A_CURSOR)

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page of a list; `next` is to be sent as `after` for the following one, null at the end."""

    items: list[T]
    next: str | None = None


@dataclass(frozen=True)
class Position:
    """The place of one item in a list; `at` is between the years 1970 and 4253."""

    at: datetime
    id: UUID

    def cursor(self) -> str:
        """This place as 32 letters, opaque to the client: seven bytes of microseconds, sixteen of the id."""
        since = (self.at - _EPOCH) // _MICROSECOND
        return base64.urlsafe_b64encode(b"\0" + since.to_bytes(7) + self.id.bytes).decode("ascii")

    @classmethod
    def read(cls, cursor: str) -> "Position":
        """The place that a cursor names; any 32 letters of its alphabet name one. Raises a Problem for others."""
        if not re.fullmatch(_CURSOR, cursor, re.ASCII):
            raise invalid(_NOT_A_CURSOR)
        bits = base64.urlsafe_b64decode(cursor)
        return cls(_EPOCH + int.from_bytes(bits[1:8]) * _MICROSECOND, UUID(bytes=bits[8:]))


@dataclass(frozen=True)
class Paging:
    """Which page is asked for: `limit` items, those that come after `after`."""

    limit: int
    after: Position | None = None

    @property
    def fetch(self) -> int:
        """How many rows to read: one more than asked for tells whether there is a next page."""
        return self.limit + 1


def paged(found: list[tuple[Position, T]], paging: Paging) -> Page[T]:
    """A page from up to `paging.fetch` items with their positions."""
    shown = found[: paging.limit]
    more = len(found) > paging.limit
    return Page(items=[item for _, item in shown], next=shown[-1][0].cursor() if more else None)


async def _paging(
    limit: Annotated[int, Query(ge=1, le=LARGEST, description="How many items at most.")] = 50,
    after: Annotated[str | None, Query(pattern=_CURSOR, description="The `next` of the page before.")] = None,
) -> Paging:
    return Paging(limit, Position.read(after) if after else None)


AskedPage = Annotated[Paging, Depends(_paging)]
"""For a route's signature: `paging: AskedPage`."""
