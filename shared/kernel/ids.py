"""Ids: UUID version 7 for what is new (they sort by time), version 5 for what must come out the same twice."""

from collections.abc import Callable
from uuid import UUID, uuid5

import uuid_utils.compat

Ids = Callable[[], UUID]

_COMMANDS = UUID("6c1f4b1e-5a53-5b0e-9d0c-1f6f7d3f2a10")


def new_id() -> UUID:
    """A fresh UUIDv7 (RFC 9562, section 5.7)."""
    return uuid_utils.compat.uuid7()


def command_id(workflow_id: str, run: str, command: str, ordinal: int) -> UUID:
    """The id of the `ordinal`-th `command` of one workflow run: the same on every replay and retry."""
    return uuid5(_COMMANDS, f"{workflow_id}/{run}/{command}/{ordinal}")
