"""What every command has in common."""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Result(BaseModel):
    """What a command did: ids, amounts and dates."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Done(Result):
    """It is done; there is nothing more to say."""


class Command(BaseModel):
    """Something the life cycle wants done. The `id` makes it idempotent: the same id has the same result.

    A command names the versions of what it needs; where they are not there yet its service raises `NotYet`,
    and Temporal asks again.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    service: ClassVar[str]
    result: ClassVar[type[Result]]

    id: UUID
    commission: UUID

    @classmethod
    def activity(cls) -> str:
        """The activity's name, as in `quotes.DraftQuote`."""
        return f"{cls.service}.{cls.__name__}"
