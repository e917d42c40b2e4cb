"""One typed function per query of `sql/queries.sql`."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from services.notify.domain import (
    Attempt,
    Delivery,
    Ending,
    Mail,
    MailState,
    Newest,
    Posting,
    Reader,
    Said,
    Step,
    Wanted,
)
from shared.contracts.commissions import CommissionSubmitted
from shared.contracts.notifications import Intent
from shared.contracts.people import PersonRecorded
from shared.kernel.money import Money
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES: Any = load(Path(__file__).parent / "sql" / "queries.sql")


@dataclass(frozen=True)
class Ended:
    """A mail that was ended without being sent: what its fact says. `person` is None if nobody knew who it is for."""

    mail: UUID
    commission: UUID
    person: UUID | None
    intent: Intent
    about: UUID | None


@dataclass(frozen=True)
class Queue:
    """How much waits to be sent; `oldest` is when the mail that is due for longest was asked for."""

    unsent: int
    without_address: int
    oldest: datetime | None


async def record_person(tx: Tx, person: PersonRecorded) -> None:
    await _QUERIES.record_person(
        tx.connection, person=person.person, name=person.name, email=person.email, locale=person.locale
    )


async def due_again(tx: Tx, person: UUID, now: datetime) -> set[UUID]:
    """The commissions whose waiting mails are due now."""
    return {row["commission"] async for row in _QUERIES.due_again(tx.connection, person=person, now=now)}


async def erase_person(tx: Tx, person: UUID, now: datetime) -> None:
    await _QUERIES.erase_person(tx.connection, person=person, now=now)


async def redact_waiting(tx: Tx, person: UUID) -> list[Ended]:
    return [_ended(row) async for row in _QUERIES.redact_waiting(tx.connection, person=person)]


async def record_commission(tx: Tx, submitted: CommissionSubmitted) -> None:
    await _QUERIES.record_commission(
        tx.connection,
        commission=submitted.commission,
        requested_at=submitted.at,
        needed_by=submitted.needed_by,
    )


async def record_addressee(tx: Tx, commission: UUID, reader: Reader, person: UUID) -> bool:
    """Whether that is news."""
    news = await _QUERIES.record_addressee(tx.connection, commission=commission, reader=reader, person=person)
    return news is not None


async def newest_mail(tx: Tx, commission: UUID, intent: Intent, reader: Reader) -> Newest | None:
    row = await _QUERIES.newest_mail(tx.connection, commission=commission, intent=intent, reader=reader)
    return Newest(MailState(row["state"]), row["due_at"]) if row else None


async def ask_for_mail(tx: Tx, wanted: Wanted, *, asked_at: datetime, traceparent: str | None) -> None:
    said = wanted.said
    await _QUERIES.ask_for_mail(
        tx.connection,
        mail=wanted.mail,
        commission=wanted.commission,
        person=wanted.person,
        reader=wanted.reader,
        intent=wanted.intent,
        about=said.about,
        day=said.day,
        amount_minor=said.amount and said.amount.minor,
        amount_currency=said.amount and said.amount.currency,
        code=said.code,
        asked_at=asked_at,
        held_until=wanted.held_until,
        traceparent=traceparent,
    )


async def next_due(tx: Tx, now: datetime) -> Posting | None:
    row = await _QUERIES.next_due(tx.connection, now=now)
    return Posting(**_spoken(row)) if row else None


async def take(tx: Tx, posting: Posting, *, lease: UUID, now: datetime, until: datetime, address: str) -> None:
    await _QUERIES.take(
        tx.connection,
        mail=posting.mail,
        attempt=posting.attempt,
        person=posting.person,
        lease=lease,
        now=now,
        until=until,
        address=address,
    )


async def settle(tx: Tx, mail: UUID, *, lease: UUID, step: Step) -> bool:
    """Whether the mail has moved on: the lease still held, or it is sent whoever holds it."""
    moved = await _QUERIES.settle(tx.connection, mail=mail, lease=lease, state=step.state, due_at=step.due_at)
    return moved is not None


async def end_delivery(tx: Tx, posting: Posting, attempt: Attempt, now: datetime) -> None:
    await _QUERIES.end_delivery(
        tx.connection,
        mail=posting.mail,
        attempt=posting.attempt,
        ending=attempt.ending,
        smtp_code=attempt.smtp_code,
        now=now,
    )


async def end_hopeless(tx: Tx, *, now: datetime, asked_before: datetime, at_most: int) -> list[Ended]:
    rows = _QUERIES.end_hopeless(tx.connection, now=now, asked_before=asked_before, at_most=at_most)
    return [_ended(row) async for row in rows]


async def queue(tx: Tx, now: datetime) -> Queue:
    return Queue(**await _QUERIES.queue(tx.connection, now=now))


async def commission_known(tx: Tx, commission: UUID) -> bool:
    known: bool = await _QUERIES.commission_known(tx.connection, commission=commission)
    return known


async def mails(
    tx: Tx, commission: UUID, *, before: datetime | None, before_mail: UUID | None, at_most: int
) -> list[Mail]:
    """The mails about a commission, newest first, each with its deliveries."""
    place = {"before": before, "before_mail": before_mail}
    rows = _QUERIES.mails(tx.connection, commission=commission, at_most=at_most, **place)
    found = [row async for row in rows]
    log: dict[UUID, list[Delivery]] = {row["mail"]: [] for row in found}
    async for row in _QUERIES.deliveries(tx.connection, mails=list(log)):
        values = dict(row)
        log[values.pop("mail")].append(Delivery(**{**values, "ending": Ending(row["ending"])}))
    return [
        Mail(**{**_spoken(row), "state": MailState(row["state"]), "deliveries": tuple(log[row["mail"]])})
        for row in found
    ]


async def revision(tx: Tx, commission: UUID) -> str:
    text: str = await _QUERIES.revision(tx.connection, commission=commission)
    return text


def _ended(row: Any) -> Ended:
    return Ended(row["mail"], row["commission"], row["person"], Intent(row["intent"]), row["about"])


def _spoken(row: Any) -> dict[str, Any]:
    """A mail's row in the domain's words: its enums, and what its letter says in one place."""
    values = dict(row)
    minor, currency = values.pop("amount_minor"), values.pop("amount_currency")
    amount = None if minor is None else Money(minor=minor, currency=currency)
    said = Said(amount=amount, **{name: values.pop(name) for name in ("about", "day", "code")})
    return {**values, "intent": Intent(row["intent"]), "reader": Reader(row["reader"]), "said": said}
