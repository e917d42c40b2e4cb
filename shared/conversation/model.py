"""Messages as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.people import Role

SHOWN_AT_MOST = 50
"""The newest messages, as many as a page beside intake's own shows."""


@dataclass(frozen=True)
class Message:
    """`body` is None once it was erased; `author_name` is None for somebody whom the service does not know."""

    text: UUID
    commission: UUID
    author: UUID
    author_role: Role
    body: str | None
    images: tuple[UUID, ...]
    written_at: datetime
    author_name: str | None = None


@dataclass(frozen=True)
class Conversation:
    """The newest messages, oldest first; `earlier` is how many there were before. `unread`: by who looks."""

    messages: Sequence[Message] = ()
    earlier: int = 0
    unread: int = 0
