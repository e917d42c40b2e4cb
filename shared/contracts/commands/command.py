"""What every command has in common."""

from enum import StrEnum
from typing import Any, ClassVar, Generic
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from typing_extensions import TypeVar


class Result(BaseModel):
    """What a command did: ids, amounts and dates."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Done(Result):
    """It is done; there is nothing more to say."""


class CommandFailure(StrEnum):
    """What a command fails with, besides the slug of a `Problem`: the type of the error in the workflow's history."""

    NOT_YET = "NotYet"
    """What it needs is on its way."""
    TRANSIENT = "Transient"
    """Something that it needs was away."""
    UNEXPECTED = "Unexpected"
    """A fault of the program."""


ResultT = TypeVar("ResultT", bound=Result, default=Any)


class Command(BaseModel, Generic[ResultT]):
    """Something the life cycle wants done. The `id` makes it idempotent: the same id has the same result.

    `class DraftQuote(Command[QuoteDraft])` says what it is answered with, to type checkers and to `result`.

    A command names the versions of what it needs; where they are not there yet its service raises `NotYet`,
    and Temporal asks again.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    service: ClassVar[str]
    result: ClassVar[type[Result]]
    """The class between the brackets."""

    id: UUID
    commission: UUID

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        for base in cls.__bases__:
            metadata = getattr(base, "__pydantic_generic_metadata__", None)
            if metadata and metadata["args"]:
                (cls.result,) = metadata["args"]

    @classmethod
    def activity(cls) -> str:
        """The activity's name, as in `quotes.DraftQuote`."""
        return f"{cls.service}.{cls.__name__}"
