"""Makers: known from people, shown, and changed by ops."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from services.production.actions.context import BENCH
from services.production.domain.makers import Maker, MakerState, read_days_off, read_week
from services.production.domain.reasons import BenchInput, BenchRefusal
from services.production.store import makers as store
from services.production.store import names, profiles
from shared import offerings
from shared.auth.roles import Caller, Role, only_owner
from shared.contracts.people import PersonRecorded
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, invalid, not_found
from shared.postgres.database import Tx

FIRST_BENCH: Final = 1
"""The studio's own, which a new database begins with."""


@dataclass(frozen=True)
class Shown:
    """A maker, and how many minutes are promised of them from today on."""

    maker: Maker
    held_minutes: int


async def record_person(tx: Tx, person: PersonRecorded, version: int) -> None:
    """Give a maker a bench, or update their name; keep what a customer is called; other people are ignored."""
    if person.role is Role.MAKER:
        await store.record_maker(tx, person.person, version, person.name)
    elif person.role is Role.CUSTOMER:
        await names.record_name(tx, person.person, version, person.name)
    tx.touch(BENCH)


async def erase_person(tx: Tx, person: UUID, version: int) -> None:
    """Erase a name, and a maker's profile. What they made stays; no new piece is promised to them."""
    await names.erase_name(tx, person, version)
    await store.erase_maker(tx, person)
    await profiles.erase_profile(tx, person)
    tx.touch(BENCH)


async def equip_first_bench(tx: Tx) -> None:
    """Let the studio's own maker do all that the offerings need, while nobody has set what they can do.

    So a new studio is promised its first piece before anybody has been invited.
    """
    first, *_ = await store.makers(tx)
    if first.bench == FIRST_BENCH and first.state is MakerState.ACTIVE and not first.skills:
        await store.add_skills(tx, first.maker, known_skills())


async def read_makers(tx: Tx, caller: Caller, *, since: date) -> Sequence[Shown]:
    """Every maker for ops, makers themselves for makers, by bench; `since` is the first day whose hours count."""
    held = await store.held_minutes(tx, since)
    found = [Shown(maker, held.get(maker.bench, 0)) for maker in await store.makers(tx)]
    return [each for each in found if caller.role is Role.OPS or each.maker.maker == caller.person]


async def read_maker(tx: Tx, caller: Caller, maker: UUID) -> Maker:
    """One maker, for themselves and for ops. Raises `not-found`."""
    found = next((each for each in await store.makers(tx) if each.maker == maker), None)
    only_owner(caller, found.maker if found else None)
    if found is None:
        raise not_found(BenchRefusal.MAKER_UNKNOWN)
    return found


async def change_maker(
    tx: Tx,
    caller: Caller,
    maker: UUID,
    *,
    state: str,
    skills: Collection[str],
    week: Sequence[str],
    days_off: str,
) -> Maker:
    """Change a maker's skills and hours; for ops. What is promised already stays as it is.

    `week` are the hours of Monday to Sunday as people write them, `days_off` days, one on a line.

    Raises:
        Problem: not-found; validation-failed, with every field that needs another look.
    """
    found = await read_maker(tx, caller, maker)
    problems: list[FieldProblem] = []
    if state not in set(MakerState):
        problems.append(FieldProblem("state", BenchInput.STATE_UNKNOWN))
    if unknown := set(skills) - set(known_skills()) - found.skills:
        problems.append(
            FieldProblem("skills", Phrase(BenchInput.SKILL_UNKNOWN, skill=min(unknown)[:40], known=known_skills()))
        )
    minutes = read_week(week, problems)
    days = read_days_off(days_off, problems)
    if problems:
        raise invalid(*problems)
    await store.change_maker(tx, maker, state=MakerState(state), week=minutes, skills=skills, days_off=days)
    tx.touch(BENCH)
    return await read_maker(tx, caller, maker)


def known_skills() -> tuple[str, ...]:
    """Every skill that some offering needs."""
    stages = (stage for document in offerings.catalogue() for stage in document.offering.making.stages)
    return tuple(sorted({skill for stage in stages for skill in stage.skills}))
