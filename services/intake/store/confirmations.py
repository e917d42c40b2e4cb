"""Requests that wait for their confirmation: what they may be, whose they become, and how they end."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from services.intake.domain.commissions import Commission
from services.intake.domain.confirmations import SenderLimits
from services.intake.domain.people import Person
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parent.parent / "sql" / "confirmations.sql")


class Dropped(NamedTuple):
    """A provisional customer who is gone, and the sessions of theirs that were open until now."""

    person: UUID
    sessions: tuple[UUID, ...]


class Unanswered(NamedTuple):
    """A request that nobody has confirmed, and the right whose mail they have."""

    commission: UUID
    customer: UUID
    right: UUID


async def sender_limits(tx: Tx, person: UUID, *, mails_since: datetime) -> SenderLimits | None:
    """None for somebody who is not here any more. Others of the same address wait until the transaction ends."""
    return await _QUERIES.sender_limits.row_or_none(tx, SenderLimits, person=person, mails_since=mails_since)


async def count_mail_to(tx: Tx, mail: UUID, person: UUID, at: datetime) -> None:
    await _QUERIES.count_mail_to.run(tx, id=mail, person=person, at=at)


async def account_of_address(tx: Tx, provisional: Person, new: UUID, at: datetime) -> Person:
    """The account of this customer's address: the one that there is, else a new one under that id."""
    return await _QUERIES.account_of_address.row(
        tx,
        Person,
        person=new,
        name=provisional.name,
        email=provisional.email,
        language=provisional.language,
        at=at,
    )


async def unconfirmed_of(tx: Tx, person: UUID) -> tuple[Commission, ...]:
    return tuple(await _QUERIES.unconfirmed_of.rows(tx, Commission, person=person))


async def unpaid_of(tx: Tx, person: UUID) -> int:
    return await _QUERIES.unpaid_of.value(tx, int, person=person)


async def confirm_commissions(tx: Tx, commissions: Sequence[UUID], *, account: UUID, at: datetime) -> None:
    await _QUERIES.confirm_commissions.run(tx, commissions=list(commissions), account=account, at=at)


async def join_account(tx: Tx, person: UUID, account: UUID) -> None:
    await _QUERIES.join_account.run(tx, person=person, account=account)


async def drop_requests(tx: Tx, commissions: Sequence[UUID]) -> None:
    await _QUERIES.drop_requests.run(tx, commissions=list(commissions))


async def drop_provisional(tx: Tx, persons: Sequence[UUID]) -> list[Dropped]:
    """Those who are gone now."""
    return await _QUERIES.drop_provisional.rows(tx, Dropped, persons=list(persons))


async def confirmed_of(tx: Tx, sender: UUID) -> UUID | None:
    """The newest request of somebody who joined an account since; None for who did not."""
    return await _QUERIES.confirmed_of.value_or_none(tx, UUID, sender=sender)


async def to_remind(tx: Tx, *, submitted_before: datetime, at_most: int) -> list[Unanswered]:
    return await _QUERIES.to_remind.rows(tx, Unanswered, submitted_before=submitted_before, at_most=at_most)


async def reminded(tx: Tx, commissions: Sequence[UUID], at: datetime) -> None:
    await _QUERIES.reminded.run(tx, commissions=list(commissions), at=at)


async def to_drop(tx: Tx, *, submitted_before: datetime, at_most: int) -> list[tuple[UUID, UUID]]:
    """Each with who sent it."""
    return await _QUERIES.to_drop.rows(tx, tuple[UUID, UUID], submitted_before=submitted_before, at_most=at_most)


async def left_behind(tx: Tx, *, recorded_before: datetime, at_most: int) -> list[UUID]:
    return await _QUERIES.left_behind.column(tx, UUID, recorded_before=recorded_before, at_most=at_most)


async def book_commissions(tx: Tx, commissions: Sequence[UUID], at: datetime) -> None:
    await _QUERIES.book_commissions.run(tx, commissions=list(commissions), at=at)
