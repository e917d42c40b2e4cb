"""Ids for what is new: UUID version 7, which sort by time."""

from collections.abc import Callable
from uuid import UUID

import uuid_utils.compat

Ids = Callable[[], UUID]


def new_id() -> UUID:
    """A fresh UUIDv7 (RFC 9562, section 5.7)."""
    return uuid_utils.compat.uuid7()
