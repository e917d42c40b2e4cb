"""The change of a brief that is proposed and not answered yet."""

from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from pydantic import AwareDatetime, TypeAdapter

from shared.contracts.briefs import BriefAnswer, BriefProposal
from shared.contracts.people import Role
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parents[1] / "sql" / "proposals.sql")
_ANSWERS = TypeAdapter(tuple[BriefAnswer, ...])


class _ProposalRow(NamedTuple):
    proposal: UUID
    number: int
    answers: str
    images: tuple[UUID, ...]
    by_role: Role
    made_at: AwareDatetime


async def keep_proposal(tx: Tx, commission: UUID, proposal: BriefProposal | None) -> None:
    """Keep what is proposed by now; None where nothing is."""
    if proposal is None:
        await _QUERIES.drop_proposal.run(tx, commission=commission)
        return
    await _QUERIES.keep_proposal.run(
        tx,
        commission=commission,
        proposal=proposal.proposal,
        number=proposal.number,
        answers=_ANSWERS.dump_json(proposal.answers).decode(),
        images=list(proposal.images),
        by_role=proposal.by.value,
        made_at=proposal.at,
    )


async def proposal(tx: Tx, commission: UUID) -> BriefProposal | None:
    """What is proposed and not answered yet."""
    row = await _QUERIES.proposal.row_or_none(tx, _ProposalRow, commission=commission)
    if row is None:
        return None
    return BriefProposal(
        proposal=row.proposal,
        number=row.number,
        answers=_ANSWERS.validate_json(row.answers),
        images=row.images,
        by=row.by_role,
        at=row.made_at,
    )
