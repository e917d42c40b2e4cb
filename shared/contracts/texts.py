"""`touchmark.texts`; compacted, keyed by text: what people wrote. Facts name it by its id; a tombstone erases it."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.fact import Fact, Topic
from shared.contracts.people import Role


class Subject(StrEnum):
    """What a text is about."""

    MESSAGE = "message"
    """Between the customer, the maker and the studio, about the commission."""
    QUESTION = "question"
    """The customer's, about a quote."""
    ANSWER = "answer"
    """The studio's, to a question."""
    REASON = "reason"
    """Why somebody did what a fact says."""
    CLAIM = "claim"
    """The customer's, about what is wrong with a piece that has arrived; the studio's answer is an `ANSWER`."""
    NOTE = "note"
    """The maker's, from the bench, for the customer to read."""


class TextWritten(Fact):
    """Somebody wrote something about a commission; published by the service on whose page it was written.

    `images` are the pictures that came with a message or a claim; intake keeps and shows them.
    """

    topic: ClassVar[Topic] = Topic.TEXTS

    text: UUID
    commission: UUID
    author: UUID
    author_role: Role
    subject: Subject
    body: str
    images: tuple[UUID, ...] = ()

    @property
    def key(self) -> UUID:
        return self.text
