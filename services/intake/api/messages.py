"""Messages between the customer, the maker and the studio."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import messages
from services.intake.actions.messages import NewMessage
from services.intake.domain.messages import LONGEST
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import ProblemType
from shared.kernel.text import Prose
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.idempotency import IdempotencyKey
from shared.web.openapi import problems
from shared.web.responses import MessageRead

Anybody = Annotated[Caller, Allow(*Role, of="commission")]


class MessageCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    words: Annotated[str, Prose(longest=LONGEST)] = Field(
        examples=["Could it be a little wider?"]  # not for people: programmers read it in the API's document
    )
    images: tuple[UUID, ...] = Field(
        default=(),
        max_length=100,
        description="Pictures that you sent to `/images`, at most four.",  # not for people: as above
    )


class MessageCreated(BaseModel):
    message: UUID


class ThreadRead(BaseModel):
    """The newest messages, oldest first; `earlier` is how many there were before them."""

    messages: list[MessageRead]
    earlier: int
    unread: int = Field(description="How many messages of others you have not read.")


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["messages"])

    @api.get("/commissions/{commission}/messages")
    async def thread(commission: UUID, caller: Anybody) -> ThreadRead:
        """What customer, maker and studio wrote to each other."""
        async with kernel.database.transaction() as tx:
            found = await messages.read(tx, caller, commission)
        return ThreadRead(
            messages=[MessageRead.of(each) for each in found.messages], earlier=found.earlier, unread=found.unread
        )

    @api.post(
        "/commissions/{commission}/messages",
        status_code=201,
        responses=problems(
            ProblemType.TOO_MANY_REQUESTS,
            ProblemType.IDEMPOTENCY_KEY_MISSING,
            ProblemType.IDEMPOTENCY_KEY_REUSED,
        ),
    )
    async def send(commission: UUID, caller: Anybody, key: IdempotencyKey, given: MessageCreate) -> MessageCreated:
        """Write to the others, at any time: after the end too."""
        async with kernel.database.transaction() as tx:
            answer = await messages.send(
                tx,
                key.of(given),
                caller,
                commission,
                NewMessage(given.words, kept=given.images),
                new_id=kernel.ids,
                now=kernel.clock(),
            )
        return MessageCreated.model_validate(answer.body)

    @api.post("/commissions/{commission}/messages/read", status_code=204)
    async def mark_read(commission: UUID, caller: Anybody) -> None:
        """You have read all that the others wrote so far."""
        async with kernel.database.transaction() as tx:
            await messages.mark_read(tx, caller, commission, kernel.clock())

    return api
