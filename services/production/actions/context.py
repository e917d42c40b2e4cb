"""The context of every use case, and how each one ends."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from services.production.actions.journal import identifying_choices, write_facts
from services.production.domain.known_plans import KnownPlans
from services.production.domain.pieces import Piece
from services.production.domain.reasons import BenchRefusal
from services.production.settings import ProductionSettings
from services.production.store import photos, pieces, promises, records
from shared.auth.roles import Caller, Role, only_owner
from shared.contracts.fact import Fact
from shared.i18n import SOURCE
from shared.kernel.calendar import day_of
from shared.kernel.ids import Ids
from shared.kernel.problems import NotYet, Problem, ProblemType, not_found
from shared.offerings.key import OfferingKey
from shared.offerings.model import Offering
from shared.offerings.store import kept
from shared.outbox import publish
from shared.postgres.database import Tx

BENCH = "bench"
"""The key that is touched whenever a promise or a piece changes, so that the bench's pages refresh."""


@dataclass(frozen=True)
class ProductionContext:
    """The current instant, fresh ids, and the settings."""

    now: datetime
    new_id: Ids
    settings: ProductionSettings
    language: str = SOURCE
    """Of the person who asks: the offerings' words come in it."""
    known: KnownPlans = field(default_factory=KnownPlans)
    """A process keeps one for all that looks for hours."""

    @property
    def shown_from(self) -> datetime:
        """From when the customer sees what the bench writes and photographs now."""
        return self.now + self.settings.publish_after

    def in_words(self, offering: Offering) -> Offering:
        return offering.in_language(self.language)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.studio_zone)

    @property
    def today(self) -> date:
        """The day that it is in the studio's zone."""
        return day_of(self.now, self.zone)


async def offering_of(tx: Tx, key: OfferingKey) -> Offering:
    """The offering in the version that a commission started with. Raises NotYet where its document is not here yet."""
    found = await kept(tx, key)
    if found is None:
        raise NotYet(BenchRefusal.OFFERING_ON_ITS_WAY, retry_after=10)
    return found


async def lock_piece(tx: Tx, commission: UUID) -> tuple[Piece, Offering]:
    """The piece of a commission, to which nothing else happens until the commit.

    Raises:
        Problem: not-found; conflict, where its hours are held and nobody has booked them.
    """
    found = await pieces.of_commission(tx, commission)
    piece = await pieces.lock(tx, found) if found else None
    if piece is None:
        raise await _nothing_made(tx, commission)
    return piece, await offering_of(tx, OfferingKey.of(piece))


async def lock_task(tx: Tx, caller: Caller, task: UUID) -> tuple[Piece, Offering]:
    """The piece of a task, for its maker and ops. Raises `not-found`, for a task of another maker too."""
    found = await pieces.piece_of_task(tx, task)
    piece = await pieces.lock(tx, found) if found else None
    if piece is None:
        raise _not_on_this_bench()
    only_workers(caller, piece)
    return piece, await offering_of(tx, OfferingKey.of(piece))


async def read_piece(tx: Tx, caller: Caller, commission: UUID) -> tuple[Piece, Offering]:
    """The piece of a commission, for its maker and ops.

    Raises:
        Problem: for ops conflict where nothing is promised yet, else as `lock_piece`; for makers not-found, whatever
            of it there is, unless it is theirs.
    """
    found = await pieces.of_commission(tx, commission)
    piece = await pieces.read(tx, found) if found else None
    if piece is None:
        if caller.role is not Role.OPS:
            raise _not_on_this_bench()
        if await _asked_for(tx, commission):
            raise Problem(ProblemType.CONFLICT, BenchRefusal.NOT_PROMISED)
        raise await _nothing_made(tx, commission)
    only_workers(caller, piece)
    return piece, await offering_of(tx, OfferingKey.of(piece))


async def commission_of(tx: Tx, piece: UUID) -> UUID:
    """The commission of a piece. Raises `not-found`; whose piece it is, the action itself decides."""
    found = await pieces.commission_of(tx, piece)
    if found is None:
        raise _not_on_this_bench()
    return found


def only_workers(caller: Caller, piece: Piece) -> None:
    """Raises `not-found` for everybody but the piece's maker and ops."""
    try:
        only_owner(caller, piece.maker)
    except Problem as problem:
        raise _not_on_this_bench() from problem


async def conclude(tx: Tx, before: Piece, after: Piece, facts: Sequence[Fact], *, by: UUID | None = None) -> Piece:
    """Save what changed, write the journal, wake open pages, and publish the facts: how every use case ends.

    `by` is who did it at the bench, None where the customer or the life cycle did.
    """
    await pieces.save(tx, before, after)
    await write_facts(tx, after.piece, facts, by=by, choices=await chosen(tx, after))
    tx.touch(BENCH)
    tx.touch(after.commission)
    await publish(tx, facts)
    return after


async def chosen(tx: Tx, piece: Piece) -> dict[str, str]:
    """Which options of the form were chosen for a piece, by field."""
    offering = await offering_of(tx, OfferingKey.of(piece))
    return identifying_choices(offering, await records.brief(tx, piece.commission))


def _not_on_this_bench() -> Problem:
    return not_found(BenchRefusal.PIECE_ELSEWHERE)


async def _asked_for(tx: Tx, commission: UUID) -> bool:
    """Whether a piece was asked for, and nothing is promised for it yet."""
    known = await photos.customer_of(tx, commission) is not None
    return known and not await promises.promised(tx, commission)


async def _nothing_made(tx: Tx, commission: UUID) -> Problem:
    if not await promises.promised(tx, commission):
        return not_found(BenchRefusal.COMMISSION_UNKNOWN)
    return Problem(ProblemType.CONFLICT, BenchRefusal.NOT_BOOKED)
