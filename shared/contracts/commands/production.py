"""Commands that production carries out."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from shared.contracts.commands.command import Command, Done, Result
from shared.contracts.production import PromiseEnd


class HeldPromise(Result):
    """`ready_by` may be later than `needed_by`: the honest date, never a hoped one."""

    promise: UUID
    maker: UUID
    ready_by: date
    held_until: datetime


class HoldPromise(Command):
    """Hold a maker's hours for a piece of this craft."""

    service: ClassVar[str] = "production"
    result: ClassVar[type[Result]] = HeldPromise

    craft: str
    craft_version: int
    asked_at: datetime
    needed_by: date | None = None


class ReleasePromise(Command):
    """Give the held hours back. Doing so twice is the same as once."""

    service: ClassVar[str] = "production"
    result: ClassVar[type[Result]] = Done

    promise: UUID
    reason: PromiseEnd
