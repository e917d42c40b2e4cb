"""One way to write a JSON value, so that the same value always has the same bytes and the same digest.

It is the JSON Canonicalization Scheme (RFC 8785) with one limit: numbers are integers that a double holds exactly, so
that no two programs can disagree about them. Decimals, instants, days and ids are written as text.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import TypeAlias
from uuid import UUID

import rfc8785
from pydantic import BaseModel

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
"""What is written: JSON without fractions."""

_LARGEST = 2**53 - 1


class NotCanonicalError(ValueError):
    """This cannot be written in one way only, or was written in another."""


def canonical(value: object) -> str:
    """The canonical text of this value.

    Raises:
        NotCanonicalError: it holds a float, a naive instant, a number too large, half a character, or a stranger.
    """
    try:
        return rfc8785.dumps(plain(value)).decode()
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise NotCanonicalError(str(error)) from error


def read(text: str | bytes) -> Json:
    """The value of this JSON text; each name once, and no fractions.

    Raises:
        NotCanonicalError: it is not such JSON.
    """
    try:
        found: Json = json.loads(text, object_pairs_hook=_once, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NotCanonicalError(f"this is not JSON as it is written here: {error}") from error
    return found


def plain(value: object) -> Json:  # noqa: C901, PLR0911 (one kind a line)
    """The same as JSON: a decimal without needless noughts, an instant in UTC to the microsecond."""
    match value:
        case Enum():
            return plain(value.value)
        case None | bool() | str():
            return value
        case int() if abs(value) <= _LARGEST:
            return value
        case Decimal() if value.is_finite():
            return f"{value.normalize():f}" if value else "0"
        case UUID():
            return str(value)
        case datetime() if value.tzinfo:
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case date() if not isinstance(value, datetime):
            return value.isoformat()
        case BaseModel():
            return plain(dict(value))
        case Mapping():
            return {_name(name): plain(each) for name, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
    raise NotCanonicalError(f"there is no one way to write {type(value).__name__}")


def _name(name: object) -> str:
    if isinstance(name, str):
        return str(name.value) if isinstance(name, Enum) else name
    raise NotCanonicalError("a name is text")


def _once(pairs: list[tuple[str, Json]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NotCanonicalError("a name occurs twice in one object")
    return found


def _refuse(number: str) -> Json:
    raise NotCanonicalError(f"{number} is not a whole number")
