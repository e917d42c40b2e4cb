"""Lifecycle's own small commands."""

from datetime import datetime
from typing import ClassVar

from shared.contracts.commands.command import Command, Done, Result
from shared.contracts.lifecycle import Escalation, Holder, Outcome, Phase


class RecordPhase(Command):
    """Write down, and tell, that the commission entered a phase."""

    service: ClassVar[str] = "lifecycle"
    result: ClassVar[type[Result]] = Done

    phase: Phase
    holder: Holder
    since: datetime
    due: datetime | None = None
    paused: bool = False
    at: datetime | None = None
    """When it became so: later than `since` where only the pause or what is due has changed."""


class RecordEscalation(Command):
    """Write down, and tell, that ops should look at the commission."""

    service: ClassVar[str] = "lifecycle"
    result: ClassVar[type[Result]] = Done

    phase: Phase
    holder: Holder
    reason: Escalation
    at: datetime


class RecordEnd(Command):
    """Write down, and tell, that the commission ended.

    `counted` is the newest version of each topic that its outcome took into account; what came after, came too late.
    """

    service: ClassVar[str] = "lifecycle"
    result: ClassVar[type[Result]] = Done

    outcome: Outcome
    at: datetime
    counted: dict[str, int] = {}  # noqa: RUF012 (pydantic copies a default for each instance)
