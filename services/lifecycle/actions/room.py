"""What ops see in their room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from services.lifecycle import store
from services.lifecycle.actions.lives import Lives, NoSuchLifeError
from services.lifecycle.domain.account import Account, Gates, GateStanding, Move, account_of, gates_of, moves_of
from services.lifecycle.domain.deeds import Action
from services.lifecycle.domain.life import Progress
from services.lifecycle.domain.room import Commission, Counts, Kinds, Risk, Shelf, Story
from shared.auth.roles import Caller, Role
from shared.kernel.problems import not_found
from shared.offerings.key import OfferingKey
from shared.offerings.model import Offering
from shared.offerings.store import kept
from shared.postgres.database import Tx
from shared.temporal.client import TemporalAwayError

ROOM: Final = "ops"
"""The key that is touched whenever any commission changes: it wakes the room's page."""


@dataclass(frozen=True)
class Shown:
    """A commission with what the reader's clock and the offering's file say about it."""

    commission: Commission
    offering: str
    risk: Risk

    @property
    def shelf(self) -> Shelf:
        return self.commission.shelf(self.risk)

    @property
    def rank(self) -> int:
        """Where it lies on its shelf: what is late before what was escalated."""
        return list(Risk).index(self.risk)


@dataclass(frozen=True)
class Case:
    """One commission whole: where it stands, what happened, its money, its promised day, its gates, and ops' actions.

    `titles` are the offering's own names for its stages at the bench and its gates, by id.
    """

    shown: Shown
    story: Story
    account: Account
    moves: Sequence[Move]
    gates: Gates
    actions: Sequence[Action]
    titles: Mapping[str, str]

    @property
    def id(self) -> UUID:
        return self.shown.commission.commission

    @property
    def asks(self) -> bool:
        """Whether there is a workflow that may answer."""
        return not (self.shown.commission.ended or self.story.lost_at)


async def read_commissions(
    tx: Tx,
    caller: Caller,
    kinds: Kinds,
    *,
    after: tuple[datetime, UUID] | None,
    at_most: int,
    now: datetime,
    soon: timedelta,
) -> Sequence[Shown]:
    """Commissions of these kinds; what wants somebody's eye first comes first.

    Raises:
        Problem: not-found, for all but ops.
    """
    _only_ops(caller)
    offerings = []
    if kinds.sought:
        known = await read_offerings(tx, caller)
        offerings = [name for name, title in known.items() if kinds.sought.means(name, title)]
    found = await store.commissions(
        tx, kinds, offerings=offerings, now=now, soon=now + soon, after=after, at_most=at_most
    )
    titles = await _titles(tx, found)
    return [_shown(each, titles, now, soon) for each in found]


async def read_offerings(tx: Tx, caller: Caller) -> Mapping[str, str]:
    """The offerings that there are commissions of, each with what it is called.

    Raises:
        Problem: not-found, for all but ops.
    """
    _only_ops(caller)
    found = {key: await kept(tx, key) for key in await store.offerings(tx)}
    return {
        f"{key.craft}/{key.offering}": offering.title if offering else key.offering for key, offering in found.items()
    }


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


async def read_case(tx: Tx, caller: Caller, commission: UUID, *, now: datetime, soon: timedelta) -> Case:
    """One commission with all that is known of it.

    Raises:
        Problem: not-found, for all but ops and for one that no fact told of.
    """
    shown = await read_commission(tx, caller, commission, now=now, soon=soon)
    found, life = shown.commission, await store.life(tx, commission)
    offering = await kept(tx, found.key) if found.key else None
    story = Story(found, await store.happenings(tx, commission), life.lost_at if life else None)
    return Case(
        shown=shown,
        story=story,
        account=account_of(story.facts),
        moves=moves_of(story.facts),
        gates=gates_of(story.facts, _planned(offering)),
        actions=await store.ops_actions_of(tx, commission),
        titles=_titles_within(offering) if offering else {},
    )


async def counts(tx: Tx, caller: Caller, now: datetime, soon: timedelta) -> Counts:
    """How many commissions there are of each kind.

    Raises:
        Problem: not-found, for all but ops.
    """
    _only_ops(caller)
    return await store.counts(tx, now, now + soon)


async def room_revision(tx: Tx, now: datetime, soon: timedelta) -> str:
    """A short text that changes whenever a commission does, and when one becomes late or is due soon."""
    return await store.room_revision(tx, now, now + soon)


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


def _only_ops(caller: Caller) -> None:
    if caller.role is not Role.OPS:
        raise not_found()


def _planned(offering: Offering | None) -> Sequence[GateStanding]:
    gates = offering.gates if offering else ()
    return [GateStanding(gate.id, gate.title, percent=int(gate.cancel_percent)) for gate in gates]


def _titles_within(offering: Offering) -> Mapping[str, str]:
    stages = {stage.id: stage.title for stage in offering.making.stages}
    return stages | {gate.id: gate.title for gate in offering.gates}


async def _titles(tx: Tx, commissions: Sequence[Commission]) -> Mapping[OfferingKey, str]:
    found = {key: await kept(tx, key) for key in {each.key for each in commissions} if key}
    return {key: offering.title for key, offering in found.items() if offering}


def _shown(commission: Commission, titles: Mapping[OfferingKey, str], now: datetime, soon: timedelta) -> Shown:
    title = titles.get(commission.key, commission.key.offering) if commission.key else ""
    return Shown(commission, title, commission.risk(now, soon))
