"""What the JSON answers of several services have in common."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.people import Role


class ResponseModel(BaseModel):
    """The JSON of an answer, filled from the domain's own objects."""

    model_config = ConfigDict(from_attributes=True)


class BriefAnswerRead(BaseModel):
    """One answer of a brief. `value` is what rules and prices compute with, `shown` is for people."""

    field: str
    value: str | int | bool
    label: str = Field(description="In the language that you accept, as `shown`.")
    shown: str


class WrittenMessage(Protocol):
    """A message as a service keeps it."""

    @property
    def text(self) -> UUID: ...
    @property
    def author(self) -> UUID: ...
    @property
    def author_role(self) -> Role: ...
    @property
    def body(self) -> str | None: ...
    @property
    def written_at(self) -> datetime: ...
    @property
    def images(self) -> tuple[UUID, ...]: ...


class MessageRead(BaseModel):
    """`words` is null once they were erased. `images` are intake's: `/commissions/{commission}/images/{image}`."""

    message: UUID
    author: UUID
    author_role: Role
    words: str | None
    written_at: datetime
    images: tuple[UUID, ...]

    @classmethod
    def of(cls, written: WrittenMessage) -> "MessageRead":
        return cls(
            message=written.text,
            author=written.author,
            author_role=written.author_role,
            words=written.body,
            written_at=written.written_at,
            images=written.images,
        )
