"""Ids of commands: UUID version 5, the same on every replay."""

from typing import Final
from uuid import UUID, uuid5

_COMMANDS: Final = UUID("6c1f4b1e-5a53-5b0e-9d0c-1f6f7d3f2a10")


def command_id(workflow_id: str, run: str, command: str, ordinal: int) -> UUID:
    """The id of the `ordinal`-th `command` of one workflow run: the same on every replay and retry."""
    return uuid5(_COMMANDS, f"{workflow_id}/{run}/{command}/{ordinal}")


def content_id(workflow_id: str, run: str, command: str, content: str) -> UUID:
    """The id of the `command` of one workflow run that says this: other content is another command."""
    return uuid5(_COMMANDS, f"{workflow_id}/{run}/{command}/{content}")
