"""Somebody leaves: asked by themselves or done by ops, previewed, and carried out once nothing of theirs is open."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Self
from uuid import UUID

from services.intake import store
from services.intake.actions import confirmations, records
from services.intake.domain.commissions import withdraw
from services.intake.domain.erasure import (
    Erasure,
    ErasurePreview,
    Leaves,
    LeavingReason,
    check_may_leave,
    leaving,
)
from services.intake.domain.people import Person
from services.intake.settings import IntakeSettings
from services.intake.store import deliveries
from services.intake.store import erasure as leavers
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import CommissionWithdrawn, WithdrawalReason
from shared.contracts.fact import Fact, Topic
from shared.contracts.sessions import SessionEnded
from shared.erasure.store import forget_answers
from shared.kernel.problems import not_found
from shared.outbox import Tombstone, publish
from shared.postgres.database import Database, Tx
from shared.runtime.logs import get_logger

log = get_logger(__name__)


@dataclass(frozen=True)
class LeavingRules:
    """`country` is the studio's, whose law says what is kept; `grace` is how long a last mail is waited for at most."""

    country: str
    grace: timedelta

    @classmethod
    def of(cls, settings: IntakeSettings) -> Self:
        return cls(settings.studio_country, timedelta(hours=settings.erase_after_hours))


async def preview(tx: Tx, person: UUID, rules: LeavingRules, now: datetime) -> ErasurePreview:
    """What happens if this person is erased now. Raises `not-found`, for one who is erased too."""
    found = await leavers.lock_leaving(tx, person)
    if found is None:
        here = await store.person(tx, person)
        raise not_found(LeavingReason.CONFIRMED_ELSEWHERE if here and here.account else LeavingReason.UNKNOWN)
    every = await leavers.commissions_of(tx, person)
    read = await records.of_list(tx, every)
    commissions = [leaving(record, rules.country, ended_before=now - rules.grace) for record in read]
    return ErasurePreview(found, tuple(commissions), await _pieces(tx, found), await leavers.erasure(tx, person))


async def ask(tx: Tx, caller: Caller, person: UUID, rules: LeavingRules, now: datetime) -> Erasure:
    """Have somebody erased: open requests are cancelled, a contract is waited for, all else goes at once.

    Asked twice it is once.

    Raises:
        Problem: not-found; conflict, for the last person of the studio.
    """
    await confirmations.drop_unconfirmed(tx, person, now)
    here = await preview(tx, person, rules, now)
    if here.person.role is Role.OPS:
        check_may_leave(here.person, others_of_the_studio=await leavers.other_ops(tx, person))
    await leavers.ask_erasure(tx, here.person, by=caller.person, at=now)
    log.info("erasure_asked", person=str(person), by=str(caller.person))
    requests = [each.commission for each in here.commissions if each.leaves is Leaves.CANCELLED_FIRST]
    facts: list[Fact] = []
    for request in requests:
        withdrawn = withdraw(request, WithdrawalReason.OTHER, now)
        if withdrawn is not request:
            await store.save_state(tx, withdrawn)
            tx.touch(request.commission)
            facts.append(_withdrawn(request.commission, person, now))
    if not requests and not here.waits:
        await _carry_out(tx, here.person, now)
    await publish(tx, facts)
    found = await leavers.erasure(tx, person)
    if found is None:
        raise not_found(LeavingReason.UNKNOWN)
    return found


async def take_back(tx: Tx, person: UUID) -> None:
    """Stay after all, as long as nothing was erased; what was cancelled for it stays so. Raises `not-found`."""
    if not await leavers.take_back_erasure(tx, person):
        raise not_found(LeavingReason.UNKNOWN)


async def read_report(tx: Tx, *, before: tuple[datetime, UUID] | None = None, at_most: int = 50) -> tuple[Erasure, ...]:
    """Those who left or want to, newest first, for ops."""
    return await leavers.erasures(tx, before=before, at_most=at_most)


async def carry_out_due(database: Database, now: datetime, *, grace: timedelta = timedelta(0)) -> None:
    """Erase those whom nothing keeps any longer, and those whom a restored database has revived.

    Each in a transaction of their own: one who cannot be erased keeps nobody else.
    """
    await erase_revived(database, now)
    async with database.statement() as tx:
        due = await leavers.due_erasures(tx, ended_before=now - grace)
    await _each(database, due, partial(_carry_out_due, now=now))


async def erase_revived(database: Database, now: datetime) -> None:
    """Erase again whom a restored database has revived, all of them.

    Nothing of theirs is waited for: they are gone elsewhere.
    """
    tried: set[UUID] = set()
    while revived := [each for each in await _revived(database) if each not in tried]:
        await _each(database, revived, partial(_erase_again, now=now))
        tried.update(revived)


async def _revived(database: Database) -> Sequence[UUID]:
    async with database.statement() as tx:
        return await leavers.revived(tx)


async def _each(database: Database, people: Sequence[UUID], erase: Callable[[Tx, UUID], Awaitable[None]]) -> None:
    for person in people:
        try:
            async with database.transaction() as tx:
                await erase(tx, person)
        except Exception:
            log.exception("person_not_erased", person=str(person))


async def _carry_out_due(tx: Tx, person: UUID, now: datetime) -> None:
    found, asked = await leavers.lock_leaving(tx, person), await leavers.erasure(tx, person)
    wanted = asked is not None and asked.erased_at is None  # it may have been taken back since
    if found and wanted and not await _pieces(tx, found):
        await _carry_out(tx, found, now)


async def _erase_again(tx: Tx, person: UUID, now: datetime) -> None:
    await confirmations.drop_unconfirmed(tx, person, now)
    if found := await leavers.lock_leaving(tx, person):
        await _carry_out(tx, found, now)


async def _carry_out(tx: Tx, person: Person, now: datetime) -> None:
    """Forget the person here, and tell every other service to.

    What makers and people of the studio wrote stays with its commissions, without their names.
    """
    commissions = [each.commission for each in await leavers.commissions_of(tx, person.person)]
    written = await leavers.own_texts(tx, commissions)
    texts, pictures = await leavers.erase_commissions(tx, person.person, commissions)
    await forget_answers(tx, [person.person, *commissions])
    recipients = await deliveries.erase(tx, commissions)
    sessions = await leavers.erase_person(tx, person.person, commissions, now)
    await leavers.end_erasure(tx, person, now, commissions=len(commissions), texts=texts, pictures=pictures)
    for commission in commissions:
        tx.touch(commission)
    await publish(tx, [*_tombstones([person.person, *recipients], commissions, written), *_ended(sessions, now)])
    log.info("person_erased", person=str(person.person), commissions=len(commissions), texts=texts, pictures=pictures)


async def _pieces(tx: Tx, person: Person) -> int:
    """How many pieces a maker still has to make; they go to another maker first, or are made."""
    return len(await records.open_pieces(tx, person.person)) if person.role is Role.MAKER else 0


def _tombstones(people: Sequence[UUID], commissions: Sequence[UUID], texts: Sequence[UUID]) -> list[Tombstone]:
    return [
        *(Tombstone(Topic.PEOPLE, person) for person in people),
        *(Tombstone(Topic.BRIEFS, commission) for commission in commissions),
        *(Tombstone(Topic.TEXTS, text) for text in texts),
    ]


def _ended(sessions: Sequence[UUID], now: datetime) -> list[Fact]:
    return [SessionEnded(at=now, session=session) for session in sessions]


def _withdrawn(commission: UUID, customer: UUID, now: datetime) -> CommissionWithdrawn:
    return CommissionWithdrawn(at=now, commission=commission, customer=customer, reason=WithdrawalReason.OTHER)
