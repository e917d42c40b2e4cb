"""What ops see and do in their room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from services.lifecycle import store
from services.lifecycle.actions.lives import Lives, NoSuchLifeError, RefusedError
from services.lifecycle.domain.life import Progress
from services.lifecycle.domain.room import Commission, Counts, Risk, Story
from services.lifecycle.domain.updates import TryAgain
from shared.auth.roles import Caller, Role
from shared.contracts.lifecycle import Holder, Stage
from shared.crafts.store import kept
from shared.kernel.problems import Problem, ProblemType, not_found
from shared.postgres.database import Tx
from shared.temporal.client import TemporalAwayError

ROOM: Final = "ops"
"""The key that is touched whenever any commission changes: it wakes the room's page."""


@dataclass(frozen=True)
class Shown:
    """A commission with what the reader's clock and the craft's file say about it."""

    commission: Commission
    craft: str
    risk: Risk


async def read_commissions(
    tx: Tx,
    caller: Caller,
    *,
    stage: Stage | None,
    holder: Holder | None,
    after: tuple[datetime, UUID] | None,
    at_most: int,
    now: datetime,
    soon: timedelta,
) -> Sequence[Shown]:
    """Commissions at this stage and with this holder, or all; what is due first comes first.

    Raises:
        Problem: not-found, for all but ops.
    """
    _only_ops(caller)
    found = await store.commissions(tx, stage=stage, holder=holder, after=after, at_most=at_most)
    titles = await _titles(tx, found)
    return [_shown(each, titles, now, soon) for each in found]


async def read_commission(tx: Tx, caller: Caller, commission: UUID, *, now: datetime, soon: timedelta) -> Shown:
    """One commission.

    Raises:
        Problem: not-found, for all but ops and for one that no fact told of.
    """
    _only_ops(caller)
    found = await store.commission(tx, commission)
    if found is None:
        raise not_found("No commission of this number is known here.")
    return _shown(found, await _titles(tx, [found]), now, soon)


async def read_story(tx: Tx, caller: Caller, commission: UUID) -> Story:
    """One commission with all that happened to it, oldest first.

    Raises:
        Problem: not-found, for all but ops and for one that no fact told of.
    """
    _only_ops(caller)
    found = await store.commission(tx, commission)
    if found is None:
        raise not_found("No commission of this number is known here.")
    life = await store.life(tx, commission)
    return Story(found, await store.happenings(tx, commission), life.lost_at if life else None)


async def counts(tx: Tx, caller: Caller, now: datetime) -> Counts:
    """How many commissions are late, under way and ended.

    Raises:
        Problem: not-found, for all but ops.
    """
    _only_ops(caller)
    return await store.counts(tx, now)


async def room_revision(tx: Tx, now: datetime) -> str:
    """A short text that changes whenever a commission does, and when one becomes late."""
    return await store.room_revision(tx, now)


async def story_revision(tx: Tx, commission: UUID, now: datetime) -> str:
    """The same for one commission."""
    return await store.story_revision(tx, commission, now)


async def ask_progress(lives: Lives, caller: Caller, commission: UUID) -> Progress | None:
    """What the commission's workflow itself says; None where it does not answer now, or is gone.

    Raises:
        Problem: not-found, for all but ops.
    """
    _only_ops(caller)
    try:
        return await lives.progress(commission)
    except (NoSuchLifeError, TemporalAwayError):
        return None


async def try_again(tx: Tx, lives: Lives, caller: Caller, commission: UUID, *, request: UUID, now: datetime) -> None:
    """Have the workflow ask once more for what a service had refused; who did so is written down.

    Raises:
        Problem: not-found, conflict where nothing waits to be tried again, unavailable while Temporal is away.
    """
    _only_ops(caller)
    if await store.commission(tx, commission) is None:
        raise not_found("No commission of this number is known here.")
    await store.add_ops_action(tx, request, commission=commission, what="try_again", person=caller.person, at=now)
    try:
        await lives.try_again(commission, TryAgain(request=request))
    except (NoSuchLifeError, RefusedError) as error:
        raise Problem(ProblemType.CONFLICT, "Nothing of this commission waits to be tried again.") from error
    except TemporalAwayError as error:
        raise Problem(ProblemType.UNAVAILABLE, "The workflows cannot be reached just now.", retry_after=5) from error


def _only_ops(caller: Caller) -> None:
    if caller.role is not Role.OPS:
        raise not_found()


async def _titles(tx: Tx, commissions: Sequence[Commission]) -> Mapping[tuple[str, int], str]:
    versions = {(each.craft, each.craft_version) for each in commissions if each.craft and each.craft_version}
    found = {version: await kept(tx, *version) for version in versions}
    return {version: craft.title for version, craft in found.items() if craft}


def _shown(commission: Commission, titles: Mapping[tuple[str, int], str], now: datetime, soon: timedelta) -> Shown:
    name = commission.craft or ""
    title = titles.get((name, commission.craft_version or 0), name.capitalize())
    return Shown(commission, title, commission.risk(now, soon))
