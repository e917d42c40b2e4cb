"""What people wrote about a commission: messages, notes, questions, answers and reasons."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.people import Role
from shared.contracts.texts import Subject, TextWritten


@dataclass(frozen=True)
class Text:
    """`body` is None once it was erased; `author_name` is None for somebody whom intake does not know.

    `images` are the pictures that came with a message.
    """

    text: UUID
    commission: UUID
    author: UUID
    author_role: Role
    subject: Subject
    body: str | None
    written_at: datetime
    author_name: str | None = None
    images: tuple[UUID, ...] = ()


def from_fact(fact: TextWritten) -> Text:
    """A text from its fact."""
    return Text(
        text=fact.text,
        commission=fact.commission,
        author=fact.author,
        author_role=fact.author_role,
        subject=fact.subject,
        body=fact.body,
        written_at=fact.at,
        images=fact.images,
    )


def to_fact(text: Text) -> TextWritten:
    """The fact of a text that was written here."""
    return TextWritten(
        at=text.written_at,
        text=text.text,
        commission=text.commission,
        author=text.author,
        author_role=text.author_role,
        subject=text.subject,
        body=text.body or "",
        images=text.images,
    )
