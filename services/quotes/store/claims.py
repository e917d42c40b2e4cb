"""What is wrong with pieces, and what the studio answered."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.quotes.domain.claims import ReportedClaim
from shared.contracts.commissions import ClaimMade
from shared.contracts.quotes import ClaimRemedy
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parents[1] / "sql" / "claims.sql")


async def record_claim(tx: Tx, made: ClaimMade) -> None:
    await _QUERIES.record_claim.run(
        tx,
        claim=made.claim,
        commission=made.commission,
        kind=made.kind.value,
        made_at=made.at,
        answer_by=made.answer_by,
    )


async def claim(tx: Tx, claim: UUID) -> ReportedClaim | None:
    return await _QUERIES.claim.row_or_none(tx, ReportedClaim, claim=claim)


async def answer(
    tx: Tx, claim: UUID, remedy: ClaimRemedy, *, answer: UUID, body: str, answered_by: UUID, at: datetime
) -> None:
    await _QUERIES.answer_claim.run(
        tx,
        claim=claim,
        remedy=remedy.value,
        answer=answer,
        answer_body=body,
        answered_by=answered_by,
        answered_at=at,
    )
