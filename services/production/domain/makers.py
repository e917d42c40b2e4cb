"""Makers: what they can do, when they work, and which of them a piece is promised to."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from heapq import nsmallest
from uuid import UUID

from services.production.domain.plan import BusyMinutes, Plan
from services.production.domain.reasons import BenchInput
from shared.kernel.calendar import WorkingCalendar
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem
from shared.offerings.model import Offering

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_DAYS_OFF = 400
_MINUTES_A_DAY = 1440
_LONGEST_ABSENCE = timedelta(days=366)


class MakerState(StrEnum):
    """Whether a maker is promised new pieces; `schema.sql` says what follows what."""

    ACTIVE = "active"
    RESTING = "resting"


@dataclass(frozen=True)
class Maker:
    """A maker, with the number of their bench.

    `week` are the minutes of Monday to Sunday, None for the studio's usual hours. `name` is empty where it is not known
    yet, or was erased.
    """

    maker: UUID
    bench: int
    name: str
    state: MakerState
    week: tuple[int, ...] | None
    skills: frozenset[str] = frozenset()
    days_off: frozenset[date] = frozenset()

    def calendar(self, studio: WorkingCalendar) -> WorkingCalendar:
        """When this maker works: the studio's calendar with hours and days off of their own."""
        closures = studio.closures | self.days_off
        if self.week is None:
            return replace(studio, closures=closures)
        monday, tuesday, wednesday, thursday, friday, saturday, sunday = self.week
        week = (monday, tuesday, wednesday, thursday, friday, saturday, sunday)
        return replace(studio, week=week, closures=closures)


@dataclass(frozen=True)
class Bench:
    """A maker's bench: what it has promised altogether, and the minutes of its days that are taken.

    The `revision` is another one whenever any of this changes.
    """

    maker: Maker
    revision: int
    held_minutes: int
    taken: BusyMinutes


@dataclass(frozen=True)
class Candidate:
    """What one maker could promise. `held_minutes` is what that bench has promised already."""

    maker: Maker
    plan: Plan
    held_minutes: int

    @property
    def rank(self) -> tuple[date, int, int]:
        """Who is ready first comes first; among equals, the maker with the fewest promised hours."""
        return self.plan.ready_by, self.held_minutes, self.maker.bench


def skills_for(offering: Offering) -> frozenset[str]:
    """Every skill that some stage of the offering needs."""
    return frozenset(skill for stage in offering.making.stages for skill in stage.skills)


def able(makers: Iterable[Maker], offering: Offering) -> list[Maker]:
    """The active makers who can make the whole piece."""
    needed = skills_for(offering)
    return [maker for maker in makers if maker.state is MakerState.ACTIVE and needed <= maker.skills]


def best_two(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The best candidate and, where there is one, the second."""
    return nsmallest(2, candidates, key=lambda each: each.rank)


def read_week(typed: Sequence[str], problems: list[FieldProblem]) -> tuple[int, ...] | None:
    """The minutes of Monday to Sunday from hours as people write them; all empty means the studio's usual hours."""
    if not any(hours.strip() for hours in typed):
        return None
    minutes = [_minutes(day, hours, problems) for day, hours in zip(DAYS, typed, strict=True)]
    if not problems and not any(minutes):
        problems.append(FieldProblem(DAYS[0], BenchInput.WEEK_EMPTY))
    return tuple(minutes)


def _minutes(day: str, typed: str, problems: list[FieldProblem]) -> int:
    try:
        hours = Decimal(typed.strip().replace(",", ".") or "0")
        minutes = int(hours * 60)
    except (InvalidOperation, ValueError, OverflowError):
        minutes = -1
    if not 0 <= minutes <= _MINUTES_A_DAY:
        problems.append(FieldProblem(day, BenchInput.NOT_HOURS))
        return 0
    return minutes


def read_days_off(typed: str, problems: list[FieldProblem]) -> frozenset[date]:
    """Days as people write them: one on a line, or the first and the last with a dash or a word between them."""
    days: set[date] = set()
    for line in filter(None, (line.strip() for line in typed.splitlines())):
        first, last = _range(line)
        if first is None or last is None or not first <= last <= first + _LONGEST_ABSENCE:
            problems.append(FieldProblem("days_off", Phrase(BenchInput.NOT_DAYS, line=line[:40])))
            return frozenset()
        days.update(first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    if len(days) > MOST_DAYS_OFF:
        problems.append(FieldProblem("days_off", Phrase(BenchInput.TOO_MANY_DAYS, count=len(days), most=MOST_DAYS_OFF)))
    return frozenset(days)


def _range(line: str) -> tuple[date | None, date | None]:
    ends = [_day(part) for part in re.split(r"\s+[^\s\d]+\s+", line)]
    return (ends[0], ends[-1]) if len(ends) <= 2 else (None, None)  # noqa: PLR2004 (a first and a last one)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed, re.ASCII) else None
    except ValueError:
        return None


def write_days_off(days: Iterable[date]) -> str:
    """The same days as `read_days_off` reads them, neighbours together."""
    lines: list[list[date]] = []
    for day in sorted(days):
        if lines and lines[-1][-1] + timedelta(days=1) == day:
            lines[-1].append(day)
        else:
            lines.append([day])
    return "\n".join(f"{line[0]}" if len(line) == 1 else f"{line[0]} \N{EN DASH} {line[-1]}" for line in lines)
