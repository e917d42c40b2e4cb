"""How people of the studio and makers wish to be told: at once, once a day, or not at all; and when not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from services.notify.domain.mails import QuietRules
from shared.contracts.notifications import Intent
from shared.contracts.people import Role
from shared.kernel.problems import FieldProblem, invalid


class Timing(StrEnum):
    """When somebody wishes to be told of something."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    """In one mail a day, with all that happened since the last one."""
    NEVER = "never"


class PreferenceReason(StrEnum):
    """Why preferences cannot be kept."""

    HALF_A_PERIOD = "half_a_period"
    NOT_YOURS = "not_yours"


OPTIONAL: Final[Mapping[Role, tuple[Intent, ...]]] = MappingProxyType(
    {
        Role.OPS: (
            Intent.STUDIO_REQUEST,
            Intent.STUDIO_QUESTION,
            Intent.STUDIO_PROPOSAL,
            Intent.STUDIO_MESSAGE,
            Intent.STUDIO_CLAIM,
            Intent.STUDIO_CLAIM_WAITS,
            Intent.STUDIO_CLAIM_LATE,
            Intent.STUDIO_WITHDRAWN,
            Intent.STUDIO_LAPSING,
            Intent.STUDIO_ESCALATION,
            Intent.STUDIO_MAIL_FAILED,
            Intent.STUDIO_EVENT_FAILED,
            Intent.STUDIO_PIECES_LEFT,
            Intent.STUDIO_UNMATCHED,
        ),
        Role.MAKER: (Intent.MESSAGE_RECEIVED,),
        Role.CUSTOMER: (),
    }
)
"""What people in a role are told as they wish. Of the rest, a maker is told in any case."""


ANY_TIME: Final = frozenset(intent for intents in OPTIONAL.values() for intent in intents)
"""All of these, in whatever role."""


@dataclass(frozen=True)
class QuietHours:
    """From when until when somebody gets no such mail, by the studio's clock; `until` may be on the next day."""

    begin: time
    until: time

    def end(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The end of the quiet hours that this instant is in; the instant itself outside of them."""
        local = at.astimezone(zone)
        now, overnight = local.time(), self.until <= self.begin
        if overnight and now >= self.begin:
            return datetime.combine(local.date() + timedelta(days=1), self.until, zone)
        within = now < self.until if overnight else self.begin <= now < self.until
        return datetime.combine(local.date(), self.until, zone) if within else at


@dataclass(frozen=True)
class MailTimes:
    """What decides when a mail leaves: `quiet` makes few mails of several messages, `daily_at` is by `zone`'s clock."""

    quiet: QuietRules
    daily_at: time
    zone: ZoneInfo


@dataclass(frozen=True)
class MailPlan:
    """When a mail leaves: not before `held_until`, if there is one; `daily`, with all that is told at that time."""

    held_until: datetime | None = None
    daily: bool = False


@dataclass(frozen=True)
class Preferences:
    """What somebody has chosen; of the rest they are told at once."""

    timings: Mapping[Intent, Timing] = field(default_factory=dict)
    quiet: QuietHours | None = None

    def timing(self, intent: Intent) -> Timing:
        return self.timings.get(intent, Timing.AT_ONCE)

    def plan(self, intent: Intent, at: datetime, zone: ZoneInfo, daily_at: time) -> MailPlan | None:
        """The plan of a mail that may leave at `at`; None where they do not wish to be told."""
        match self.timing(intent):
            case Timing.NEVER:
                return None
            case Timing.DAILY:
                return MailPlan(_next(daily_at, at, zone), daily=True)
            case Timing.AT_ONCE:
                return MailPlan(self.quiet.end(at, zone) if self.quiet else at)


def _next(daily_at: time, at: datetime, zone: ZoneInfo) -> datetime:
    today = datetime.combine(at.astimezone(zone).date(), daily_at, zone)
    return today if today > at else datetime.combine(today.date() + timedelta(days=1), daily_at, zone)


def quiet_hours(begin: time | None, until: time | None) -> QuietHours | None:
    """The quiet hours of these two; none without them, or where they are the same.

    Raises:
        Problem: validation-failed, where one is missing.
    """
    if (begin is None) != (until is None):
        raise invalid(FieldProblem("/quiet_until" if until is None else "/quiet_from", PreferenceReason.HALF_A_PERIOD))
    return None if begin is None or until is None or begin == until else QuietHours(begin, until)


@dataclass(frozen=True)
class Telling:
    """When people are told: `quiet` makes few mails of several messages, `daily_at` is by the clock of `zone`."""

    quiet: QuietRules
    daily_at: time
    zone: ZoneInfo
