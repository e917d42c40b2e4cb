"""Commissions, their briefs and pictures, and the facts of other services."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from services.intake.domain.briefs import Brief, NewBrief
from services.intake.domain.commissions import Commission
from services.intake.domain.confirmations import OpenLimits
from services.intake.domain.one_time import COUNTED_FOR, OneTimeRight
from services.intake.domain.pictures import WAITING_AT_MOST, StoredPicture
from services.intake.store.queries import QUERIES as _QUERIES
from shared.contracts import registry
from shared.contracts.briefs import BriefAnswer
from shared.contracts.commissions import EntryWay
from shared.contracts.fact import CommissionFact
from shared.postgres.database import Tx
from shared.web.idempotency import Answer, RequestKey

_ANSWERS = TypeAdapter(tuple[BriefAnswer, ...])


class _BriefRow(NamedTuple):
    brief_version: int
    answers: str
    written_at: datetime
    images: tuple[UUID, ...]
    way: EntryWay | None

    def brief(self) -> Brief:
        return Brief(self.brief_version, _ANSWERS.validate_json(self.answers), self.written_at, self.images, self.way)


class UnknownPersonError(LookupError):
    """Somebody has a token of a person who is not here any more."""


@dataclass(frozen=True)
class StoredAnswer:
    """What a key was answered, and for which request."""

    request_hash: bytes
    status: int
    answer: str


async def submit(
    tx: Tx,
    request: RequestKey,
    commission: Commission,
    brief: NewBrief,
    *,
    sender: UUID,
    pictures: Sequence[StoredPicture],
    kept: Sequence[UUID],
    answer: Answer,
    right: OneTimeRight,
    limits: OpenLimits,
    confirmed_facts: str,
    asking_facts: str,
) -> bool:
    """Accept a commission in one statement, confirmed if its customer is an account, else with the right to confirm it.

    False where its key was used before, a kept picture of the `sender` or the customer is gone, or too much is open.
    """
    (published,) = await _QUERIES.submit.row(
        tx,
        tuple[int],
        scope=request.scope,
        key=request.key,
        request_hash=request.request_hash,
        answer=answer.stored(),
        commission=commission.commission,
        customer=commission.customer,
        craft=commission.craft,
        offering=commission.offering,
        offering_version=commission.offering_version,
        offering_sha256=commission.offering_sha256,
        needed_by=commission.needed_by,
        recipient=commission.recipient,
        delivery_country=commission.delivery_country,
        at=commission.submitted_at,
        answers=_ANSWERS.dump_json(brief.answers).decode(),
        images=[picture.image for picture in pictures],
        widths=[picture.width for picture in pictures],
        heights=[picture.height for picture in pictures],
        contents=[picture.content for picture in pictures],
        media_type=pictures[0].media_type if pictures else "",
        kept=list(kept),
        confirmed_facts=confirmed_facts,
        asking_facts=asking_facts,
        right=right.id,
        link_sha256=right.link_sha256,
        code_sha256=right.code_sha256,
        expires_at=right.expires_at,
        tries=right.tries_left,
        most_unconfirmed=limits.unconfirmed,
        most_unpaid=limits.unpaid,
        most_mails=limits.mails,
        mails_since=commission.submitted_at - COUNTED_FOR,
        sender=sender,
        entered_by=commission.entered_by,
        entered_way=commission.entered_way,
    )
    return published > 0


async def answered(tx: Tx, request: RequestKey) -> StoredAnswer | None:
    return await _QUERIES.answered.row_or_none(tx, StoredAnswer, scope=request.scope, key=request.key)


async def keep_image(tx: Tx, picture: StoredPicture, at: datetime) -> None:
    """Keep a picture until its form is sent.

    Raises:
        UnknownPersonError: its owner is not here any more.
    """
    try:
        await _QUERIES.keep_image.run(
            tx,
            image=picture.image,
            owner=picture.owner,
            media_type=picture.media_type,
            width=picture.width,
            height=picture.height,
            content=picture.content,
            stored_at=at,
            at_most=WAITING_AT_MOST,
        )
    except asyncpg.ForeignKeyViolationError as error:
        raise UnknownPersonError(str(picture.owner)) from error


async def waiting_images(tx: Tx, images: Sequence[UUID], owner: UUID) -> frozenset[UUID]:
    return frozenset(await _QUERIES.waiting_images.column(tx, UUID, images=list(images), owner=owner))


async def image(tx: Tx, image: UUID) -> StoredPicture | None:
    return await _QUERIES.image.row_or_none(tx, StoredPicture, image=image)


async def commission(tx: Tx, commission: UUID) -> Commission | None:
    return await _QUERIES.commission.row_or_none(tx, Commission, commission=commission)


async def lock_commission(tx: Tx, commission: UUID) -> Commission | None:
    """The commission, held against change until the transaction ends."""
    return await _QUERIES.lock_commission.row_or_none(tx, Commission, commission=commission)


async def commissions(
    tx: Tx, customer: UUID, *, before: tuple[datetime, UUID] | None, at_most: int
) -> tuple[Commission, ...]:
    at, after = before or (None, None)
    return tuple(
        await _QUERIES.commissions.rows(
            tx, Commission, customer=customer, before=at, before_commission=after, at_most=at_most
        )
    )


async def save_state(tx: Tx, commission: Commission) -> None:
    await _QUERIES.save_state.run(
        tx,
        commission=commission.commission,
        state=commission.state.value,
        withdrawn_at=commission.withdrawn_at,
        withdrawal_reason=commission.withdrawal_reason,
        closed_at=commission.closed_at,
        outcome=commission.outcome,
    )


async def confirm_receipt(tx: Tx, commission: UUID, at: datetime) -> None:
    await _QUERIES.confirm_receipt.run(tx, commission=commission, at=at)


async def add_brief(tx: Tx, commission: UUID, brief: Brief, needed_by: date | None) -> None:
    """Add a version of the brief, which is in force from now on."""
    await _QUERIES.add_brief.run(
        tx,
        commission=commission,
        brief_version=brief.version,
        answers=_ANSWERS.dump_json(brief.answers).decode(),
        at=brief.written_at,
        images=list(brief.images),
        way=brief.way,
        needed_by=needed_by,
    )


async def attach_references(tx: Tx, images: Sequence[UUID], *, sender: UUID, commission: Commission) -> frozenset[UUID]:
    """Make the commission's own those of these pictures that wait for the sender; which of them are its own now."""
    found = await _QUERIES.attach_references.column(
        tx,
        UUID,
        images=list(images),
        sender=sender,
        commission=commission.commission,
        customer=commission.customer,
    )
    return frozenset(found)


async def brief(tx: Tx, commission: Commission, version: int | None = None) -> Brief | None:
    """This version of the brief; the newest one, if none is named."""
    wanted = version or commission.brief_version
    row = await _QUERIES.brief.row_or_none(tx, _BriefRow, commission=commission.commission, brief_version=wanted)
    return row.brief() if row else None


async def briefs(tx: Tx, commission: UUID) -> tuple[Brief, ...]:
    """Every version of the brief, the first one first."""
    rows = await _QUERIES.briefs.rows(tx, _BriefRow, commission=commission)
    return tuple(row.brief() for row in rows)


async def newest_answers(tx: Tx, commissions: Sequence[UUID]) -> dict[UUID, tuple[BriefAnswer, ...]]:
    """The newest answers of each of these commissions."""
    found = await _QUERIES.newest_answers.rows(tx, tuple[UUID, str], commissions=list(commissions))
    return {commission: _ANSWERS.validate_json(answers) for commission, answers in found}


async def add_facts(tx: Tx, facts: Sequence[tuple[CommissionFact, int]]) -> None:
    """Record facts with their versions."""
    await _QUERIES.add_facts.run(
        tx,
        commissions=[fact.commission for fact, _ in facts],
        topics=[fact.topic.value for fact, _ in facts],
        versions=[version for _, version in facts],
        types=[fact.type() for fact, _ in facts],
        instants=[fact.at for fact, _ in facts],
        facts=[fact.model_dump_json() for fact, _ in facts],
    )


async def facts(tx: Tx, commissions: Sequence[UUID]) -> dict[UUID, tuple[CommissionFact, ...]]:
    """The facts about each of these commissions, oldest first."""
    found: dict[UUID, list[CommissionFact]] = {each: [] for each in commissions}
    rows = await _QUERIES.facts.rows(tx, tuple[UUID, str, str], commissions=list(commissions))
    for commission, name, text in rows:
        fact = registry.parse(name, text.encode())
        if isinstance(fact, CommissionFact):
            found[commission].append(fact)
    return {each: tuple(those) for each, those in found.items()}


async def revision(tx: Tx, commission: UUID) -> str:
    text = await _QUERIES.revision.value_or_none(tx, str, commission=commission)
    return text or "missing"
