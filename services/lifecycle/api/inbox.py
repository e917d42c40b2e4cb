"""The studio's inbox."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.lifecycle import actions
from services.lifecycle.actions.inbox import InboxRow, InboxStep
from services.lifecycle.settings import LifecycleSettings
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import ClaimKind
from shared.i18n import Reader
from shared.offerings.spoken import named
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.language import CurrentReader
from shared.web.responses import MessageRead

Ops = Annotated[Caller, Allow(Role.OPS)]


class OpenQuestionRead(BaseModel):
    """A question on a quote; it is answered at quotes. `words` is null once they were erased."""

    question: UUID
    words: str | None
    asked_at: datetime


class OpenClaimRead(BaseModel):
    """Something that is wrong with a piece; it is answered at quotes, before `answer_by`."""

    claim: UUID
    kind: ClaimKind
    made_at: datetime
    answer_by: datetime


class InboxItemRead(BaseModel):
    """What waits about one commission: since when it is unanswered, unread by the studio, asked, or claimed."""

    commission: UUID
    customer_name: str | None = Field(description="Null until it has arrived here, and once it was erased.")
    piece: str | None = Field(description="What is made, in a few words of the reader's language.")
    waits_since: datetime
    unanswered_since: datetime | None
    unread_since: datetime | None
    question_since: datetime | None
    claim_since: datetime | None
    taken_by: UUID | None
    taken_at: datetime | None
    messages: list[MessageRead] = Field(description="The newest, oldest first; all are intake's.")
    questions: list[OpenQuestionRead]
    claims: list[OpenClaimRead]


def router(kernel: Kernel[LifecycleSettings]) -> APIRouter:
    api = APIRouter(tags=["inbox"])

    @api.get("/inbox")
    async def inbox(caller: Ops, reader: CurrentReader) -> list[InboxItemRead]:
        """Everything that nobody of the studio has read, or nobody has answered: the oldest first, at most 100."""
        async with kernel.database.transaction() as tx:
            found = await actions.read_inbox(
                tx, caller, now=kernel.clock(), soon=kernel.settings.soon, language=reader.language
            )
        return [_read(each, reader) for each in found.rows]

    @api.get("/inbox/count")
    async def count(caller: Ops) -> int:
        """How many commissions that is."""
        async with kernel.database.transaction() as tx:
            return await actions.waiting_count(tx, caller)

    @api.post("/inbox/{commission}/{step}", status_code=204)
    async def take_step(commission: UUID, step: InboxStep, caller: Ops) -> Response:
        """Take it, give it back, or say that it is done: it needs no answer. Idempotent."""
        async with kernel.database.transaction() as tx:
            await actions.take_step(tx, caller, commission, step, kernel.clock())
        return Response(status_code=204)

    return api


def _read(row: InboxRow, reader: Reader) -> InboxItemRead:
    summary = row.summary
    return InboxItemRead(
        **vars(row.item.entry),
        customer_name=summary.customer.name if summary and summary.customer else None,
        piece=named(summary.made, summary.answers, reader) if summary and summary.made else None,
        messages=[MessageRead.of(each) for each in row.item.messages],
        questions=[
            OpenQuestionRead(question=each.question, words=each.body, asked_at=each.asked_at)
            for each in row.item.questions
        ],
        claims=[
            OpenClaimRead(claim=each.claim, kind=each.kind, made_at=each.made_at, answer_by=each.answer_by)
            for each in row.item.claims
        ],
    )
