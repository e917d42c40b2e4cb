"""Lifecycle's own small commands."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.contracts.commands.command import Command, Done
from shared.contracts.lifecycle import Escalation, Holder, Outcome, PassedPhase, Phase, PhaseNumber
from shared.kernel.money import Money


class RecordPhase(Command[Done]):
    """Write down, and tell, that the commission waits in a phase, with those that it passed through on the way.

    Its id is made from all of this: a worker that was killed after the effect may come back with something else to say.
    """

    service: ClassVar[str] = "lifecycle"

    number: PhaseNumber
    phase: Phase
    holder: Holder
    since: datetime
    due: datetime | None = None
    paused: bool = False
    at: datetime
    """When it became so: later than `since` where only the pause or what is due has changed."""
    passed: tuple[PassedPhase, ...] = ()


class RecordReminder(Command[Done]):
    """Write down, and tell, that the person whom the commission waits for should act: see `CommissionReminded`."""

    service: ClassVar[str] = "lifecycle"

    number: int
    phase: Phase
    holder: Holder
    due: datetime | None = None
    quote_version: int | None = None
    approval: UUID | None = None
    at: datetime


class RecordEscalation(Command[Done]):
    """Write down, and tell, that ops should look at the commission: see `CommissionEscalated`."""

    service: ClassVar[str] = "lifecycle"

    number: int
    phase: Phase
    holder: Holder
    reason: Escalation
    due: datetime | None = None
    event_topic: str | None = None
    event_version: int | None = None
    at: datetime


class RecordEnd(Command[Done]):
    """Write down, and tell, that the commission ended.

    `counted` is the newest version of each topic that its outcome took into account; what came after, came too late.
    `passed` are the phases that are not written down yet.
    """

    service: ClassVar[str] = "lifecycle"

    outcome: Outcome
    refund: Money | None = None
    at: datetime
    counted: dict[str, int] = {}  # noqa: RUF012 (pydantic copies a default for each instance)
    passed: tuple[PassedPhase, ...] = ()
