"""Changes that are proposed while a quote is offered."""

from datetime import datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import changing, proposals
from services.intake.actions.proposals import ProposalList, ReadProposal
from services.intake.api.changing import BriefCreate, changed_brief
from services.intake.api.schemas import AnswerChangeRead, change_read
from services.intake.domain.briefs import Proposal, ProposalState
from services.intake.domain.messages import LONGEST
from services.intake.labels import CommissionWords
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.contracts.people import Role as Who
from shared.i18n import Reader
from shared.kernel.calendar import day_of
from shared.kernel.problems import ProblemType
from shared.kernel.text import Prose
from shared.runtime import faults
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.idempotency import IdempotencyKey
from shared.web.language import CurrentReader
from shared.web.openapi import problems
from shared.web.responses import ResponseModel

CustomerOrStudio = Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="commission")]
Studio = Annotated[Caller, Allow(Role.OPS, of="commission")]
_ADDRESS = "/commissions/{commission}/proposals"


class ProposalCreated(BaseModel):
    proposal: UUID
    number: int


class ProposalRefusalCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    words: Annotated[str, Prose(longest=LONGEST)] = Field(description="Why not. The customer reads it.")


class ProposalStateRead(ResponseModel):
    """`brief_version` is what it became, if it was applied."""

    proposal: UUID
    number: int
    state: ProposalState
    brief_version: int | None


class ProposalRead(BaseModel):
    """A change that was proposed, with what differs in it, and why it was refused, null once that was erased."""

    proposal: UUID
    number: int
    state: ProposalState
    by: Who
    made_at: datetime
    closed_at: datetime | None
    brief_version: int | None
    changes: list[AnswerChangeRead]
    images: list[UUID]
    images_changed: bool
    words: str | None


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["commissions"])

    @api.get(_ADDRESS)
    async def read(commission: UUID, caller: CustomerOrStudio, reader: CurrentReader) -> list[ProposalRead]:
        """Every change that was proposed while a quote was offered, the newest first; at most one is open."""
        async with kernel.database.transaction() as tx:
            return _list(await proposals.read(tx, caller, commission), reader)

    @api.post(
        _ADDRESS,
        status_code=201,
        responses=problems(
            ProblemType.CONFLICT, ProblemType.IDEMPOTENCY_KEY_MISSING, ProblemType.IDEMPOTENCY_KEY_REUSED
        ),
    )
    async def propose(
        commission: UUID, caller: CustomerOrStudio, key: IdempotencyKey, given: BriefCreate
    ) -> ProposalCreated:
        """Propose something else while a quote is offered. It cannot be accepted until the studio has answered."""
        now, zone = kernel.clock(), ZoneInfo(kernel.settings.studio_zone)
        async with kernel.database.transaction() as tx:
            sheet = await changing.read(tx, caller, commission)
        wished = changed_brief(sheet, caller, given, day_of(now, zone), zone)
        async with kernel.database.transaction() as tx:
            answer = await proposals.propose(tx, caller, commission, key.of(given), wished, new_id=kernel.ids, now=now)
        faults.reach("web.after_commit")
        return ProposalCreated.model_validate(answer.body)

    @api.post(_ADDRESS + "/{proposal}/apply", responses=problems(ProblemType.CONFLICT, ProblemType.NOT_YET))
    async def apply(commission: UUID, proposal: UUID, caller: Studio) -> ProposalStateRead:
        """Make it the next version of the brief: what is offered is withdrawn, and the quote drafted again."""
        async with kernel.database.transaction() as tx:
            return _state(await proposals.apply(tx, caller, commission, proposal, now=kernel.clock()))

    @api.post(_ADDRESS + "/{proposal}/refuse", responses=problems(ProblemType.CONFLICT))
    async def refuse(
        commission: UUID, proposal: UUID, caller: Studio, given: ProposalRefusalCreate
    ) -> ProposalStateRead:
        """Say why not. What is offered stands."""
        async with kernel.database.transaction() as tx:
            refused = await proposals.refuse(
                tx, caller, commission, proposal, given.words, new_id=kernel.ids, now=kernel.clock()
            )
        return _state(refused)

    @api.post(_ADDRESS + "/{proposal}/take-back", responses=problems(ProblemType.CONFLICT))
    async def take_back(commission: UUID, proposal: UUID, caller: CustomerOrStudio) -> ProposalStateRead:
        """Wish for what is offered after all."""
        async with kernel.database.transaction() as tx:
            return _state(await proposals.take_back(tx, caller, commission, proposal, now=kernel.clock()))

    return api


def _state(found: Proposal) -> ProposalStateRead:
    return ProposalStateRead.model_validate(found)


def _list(found: ProposalList, reader: Reader) -> list[ProposalRead]:
    words = CommissionWords(reader, found.in_language(reader.language).record)
    return [_read(each, words) for each in found.proposals]


def _read(found: ReadProposal, words: CommissionWords) -> ProposalRead:
    proposal = found.proposal
    return ProposalRead(
        proposal=proposal.proposal,
        number=proposal.number,
        state=proposal.state,
        by=proposal.by_role,
        made_at=proposal.made_at,
        closed_at=proposal.closed_at,
        brief_version=proposal.brief_version,
        changes=[change_read(each, words) for each in found.changes],
        images=list(proposal.images),
        images_changed=found.pictures_changed,
        words=found.words.body if found.words else None,
    )
