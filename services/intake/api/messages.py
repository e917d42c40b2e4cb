"""Messages between the customer, the maker and the studio."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import messages
from services.intake.domain.messages import LONGEST
from services.intake.domain.texts import Text
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import ProblemType
from shared.kernel.text import Prose
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.idempotency import IdempotencyKey
from shared.web.openapi import problems

Anybody = Annotated[Caller, Allow(*Role, of="commission")]


class MessageCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    words: Annotated[str, Prose(longest=LONGEST)] = Field(
        examples=["Could it be a little wider?"]  # not for people: programmers read it in the API's document
    )


class MessageCreated(BaseModel):
    message: UUID


class MessageRead(BaseModel):
    """`words` is null once they were erased."""

    message: UUID
    author: UUID
    author_role: Role
    words: str | None
    written_at: datetime


class ThreadRead(BaseModel):
    """The newest messages, oldest first; `earlier` is how many there were before them."""

    messages: list[MessageRead]
    earlier: int
    open: bool = Field(description="Whether one may still write.")


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["messages"])

    @api.get("/commissions/{commission}/messages")
    async def thread(commission: UUID, caller: Anybody) -> ThreadRead:
        """What customer, maker and studio wrote to each other."""
        async with kernel.database.transaction() as tx:
            found = await messages.read(tx, caller, commission)
        return ThreadRead(messages=[_read(each) for each in found.messages], earlier=found.earlier, open=found.open)

    @api.post(
        "/commissions/{commission}/messages",
        status_code=201,
        responses=problems(
            ProblemType.CONFLICT,
            ProblemType.TOO_MANY_REQUESTS,
            ProblemType.IDEMPOTENCY_KEY_MISSING,
            ProblemType.IDEMPOTENCY_KEY_REUSED,
        ),
    )
    async def send(commission: UUID, caller: Anybody, key: IdempotencyKey, given: MessageCreate) -> MessageCreated:
        """Write to the others. After the commission has ended, nobody would read it, and it is refused."""
        async with kernel.database.transaction() as tx:
            answer = await messages.send(
                tx, key.of(given), caller, commission, given.words, new_id=kernel.ids, now=kernel.clock()
            )
        return MessageCreated.model_validate(answer.body)

    return api


def _read(text: Text) -> MessageRead:
    return MessageRead(
        message=text.text,
        author=text.author,
        author_role=text.author_role,
        words=text.body,
        written_at=text.written_at,
    )
