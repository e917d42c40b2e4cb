"""What was written about a commission, what was signed off, and what was to be cancelled."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.intake.domain.approvals import Approval
from services.intake.domain.cancellations import Cancellation
from services.intake.domain.claims import Claim, ContractWithdrawal
from services.intake.domain.refusals import RefusedRequest
from services.intake.domain.texts import Text
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parent.parent / "sql" / "threads.sql")


async def keep_text(tx: Tx, text: Text) -> None:
    await _QUERIES.keep_text.run(
        tx,
        text=text.text,
        commission=text.commission,
        author=text.author,
        author_role=text.author_role.value,
        subject=text.subject.value,
        body=text.body,
        written_at=text.written_at,
        images=list(text.images),
    )


async def attach_images(tx: Tx, images: Sequence[UUID], *, owner: UUID, commission: UUID, message: UUID) -> set[UUID]:
    """The pictures of these that waited for a form of their owner, and are the message's now."""
    given = {"images": list(images), "owner": owner, "commission": commission, "message": message}
    return set(await _QUERIES.attach_images.column(tx, UUID, **given))


async def erase_text(tx: Tx, text: UUID) -> UUID | None:
    """The commission that it was about, if it is here."""
    return await _QUERIES.erase_text.value_or_none(tx, UUID, text=text)


async def texts(tx: Tx, commission: UUID) -> Mapping[UUID, Text]:
    """By their ids, oldest first."""
    return {text.text: text for text in await _QUERIES.texts.rows(tx, Text, commission=commission)}


async def written_lately(tx: Tx, commission: UUID, author: UUID, *, since: datetime) -> int:
    """How many messages."""
    return await _QUERIES.written_lately.value(tx, int, commission=commission, author=author, since=since)


async def unread(tx: Tx, commission: UUID, person: UUID) -> int:
    """How many messages of others this person has not read."""
    return await _QUERIES.unread.value(tx, int, commission=commission, person=person)


async def mark_read(tx: Tx, commission: UUID, person: UUID) -> datetime | None:
    """Up to when this person has read; None if that was known."""
    return await _QUERIES.mark_read.value_or_none(tx, datetime, commission=commission, person=person)


async def add_approval(tx: Tx, approval: Approval) -> None:
    await _QUERIES.add_approval.run(
        tx,
        approval=approval.approval,
        commission=approval.commission,
        gate=approval.gate,
        brief_version=approval.brief_version,
        asked_at=approval.asked_at,
    )


async def approvals(tx: Tx, commissions: Sequence[UUID]) -> tuple[Approval, ...]:
    """Every approval of these commissions, oldest first."""
    return tuple(await _QUERIES.approvals.rows(tx, Approval, commissions=list(commissions)))


async def save_approval(tx: Tx, approval: Approval) -> None:
    await _QUERIES.save_approval.run(
        tx,
        approval=approval.approval,
        brief_version=approval.brief_version,
        state=approval.state.value,
        ended_at=approval.ended_at,
        text=approval.text,
    )


async def add_cancellation(tx: Tx, cancellation: Cancellation) -> None:
    await _QUERIES.add_cancellation.run(
        tx,
        cancellation=cancellation.cancellation,
        commission=cancellation.commission,
        owed_percent=cancellation.owed_percent,
        reason=cancellation.reason.value,
        asked_at=cancellation.asked_at,
    )


async def cancellations(tx: Tx, commissions: Sequence[UUID]) -> tuple[Cancellation, ...]:
    """Every cancellation of these commissions, oldest first."""
    return tuple(await _QUERIES.cancellations.rows(tx, Cancellation, commissions=list(commissions)))


async def save_cancellation(tx: Tx, cancellation: Cancellation) -> None:
    await _QUERIES.save_cancellation.run(
        tx,
        cancellation=cancellation.cancellation,
        state=cancellation.state.value,
        refusal=cancellation.refusal,
        refused_percent=cancellation.refused_percent,
        ended_at=cancellation.ended_at,
    )


async def add_claim(tx: Tx, claim: Claim) -> None:
    await _QUERIES.add_claim.run(
        tx,
        claim=claim.claim,
        commission=claim.commission,
        kind=claim.kind.value,
        text=claim.text,
        made_at=claim.made_at,
        answer_by=claim.answer_by,
    )


async def claims(tx: Tx, commissions: Sequence[UUID]) -> tuple[Claim, ...]:
    """Every claim about these commissions, oldest first."""
    return tuple(await _QUERIES.claims.rows(tx, Claim, commissions=list(commissions)))


async def add_contract_withdrawal(tx: Tx, withdrawal: ContractWithdrawal) -> None:
    await _QUERIES.add_contract_withdrawal.run(
        tx,
        commission=withdrawal.commission,
        withdrawn_at=withdrawal.withdrawn_at,
        arrived=withdrawal.arrived,
    )


async def contract_withdrawal(tx: Tx, commission: UUID) -> ContractWithdrawal | None:
    return await _QUERIES.contract_withdrawal.row_or_none(tx, ContractWithdrawal, commission=commission)


async def add_request_refusal(tx: Tx, refusal: RefusedRequest) -> None:
    await _QUERIES.add_request_refusal.run(
        tx,
        commission=refusal.commission,
        reason=refusal.reason.value,
        text=refusal.text,
        refused_at=refusal.refused_at,
    )


async def request_refusal(tx: Tx, commission: UUID) -> RefusedRequest | None:
    return await _QUERIES.request_refusal.row_or_none(tx, RefusedRequest, commission=commission)


async def end_what_is_open(tx: Tx, commission: UUID, at: datetime) -> None:
    """Nobody will answer the commission's approvals and its cancellation any more."""
    await _QUERIES.end_what_is_open.run(tx, commission=commission, at=at)
