"""Changes that were proposed while a quote was offered."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from pydantic import TypeAdapter

from services.intake.domain.briefs import Proposal, ProposalState
from shared.contracts.briefs import BriefAnswer
from shared.contracts.commissions import EntryWay
from shared.contracts.people import Role
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parent.parent / "sql" / "proposals.sql")
_ANSWERS = TypeAdapter(tuple[BriefAnswer, ...])


class _ProposalRow(NamedTuple):
    proposal: UUID
    commission: UUID
    number: int
    answers: str
    images: tuple[UUID, ...]
    by_role: Role
    way: EntryWay | None
    state: ProposalState
    made_at: datetime
    closed_at: datetime | None
    brief_version: int | None
    text: UUID | None

    def read(self) -> Proposal:
        return Proposal(**{**self._asdict(), "answers": _ANSWERS.validate_json(self.answers)})


async def add_proposal(tx: Tx, proposal: Proposal) -> None:
    await _QUERIES.add_proposal.run(
        tx,
        proposal=proposal.proposal,
        commission=proposal.commission,
        number=proposal.number,
        answers=_ANSWERS.dump_json(proposal.answers).decode(),
        images=list(proposal.images),
        by_role=proposal.by_role.value,
        way=proposal.way,
        made_at=proposal.made_at,
    )


async def save_proposal(tx: Tx, proposal: Proposal) -> None:
    await _QUERIES.save_proposal.run(
        tx,
        proposal=proposal.proposal,
        state=proposal.state.value,
        closed_at=proposal.closed_at,
        brief_version=proposal.brief_version,
        text=proposal.text,
    )


async def proposals(tx: Tx, commissions: Sequence[UUID]) -> tuple[Proposal, ...]:
    """Every change that was proposed of these commissions, oldest first."""
    rows = await _QUERIES.proposals.rows(tx, _ProposalRow, commissions=list(commissions))
    return tuple(row.read() for row in rows)
