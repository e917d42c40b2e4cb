"""Mishaps as JSON: what one would move, the report, and the way back."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from services.production.actions import mishaps
from services.production.actions.context import ProductionContext
from services.production.api.board import NOTE_LIMIT, Code, Worker
from services.production.api.schemas import MishapPreviewRead
from services.production.domain.mishaps import MishapSaid
from services.production.settings import ProductionSettings
from shared.contracts.production import Mishap, MishapCause
from shared.i18n import Reader
from shared.kernel.problems import ProblemType
from shared.kernel.text import Prose
from shared.runtime.service import Kernel
from shared.web.bodies import Body, JsonBody
from shared.web.idempotency import IdempotencyKey
from shared.web.language import CurrentReader
from shared.web.openapi import problems

_CONFLICT = problems(ProblemType.CONFLICT)
_ONCE = problems(ProblemType.IDEMPOTENCY_KEY_MISSING, ProblemType.IDEMPOTENCY_KEY_REUSED, ProblemType.CONFLICT)


class MishapCreate(Body):
    """`back_to` is the stage that the piece goes back to, where it is not the first one."""

    kind: Mishap
    back_to: Code | None = None
    cause: MishapCause | None = None
    words: Annotated[str, Prose(longest=NOTE_LIMIT)] | None = Field(
        default=None, description="For the bench and the studio; the customer does not read them."
    )

    @property
    def said(self) -> MishapSaid:
        return MishapSaid(self.kind, self.back_to, self.cause, self.words or None)


class MishapCreated(Body):
    mishap: UUID


def router(kernel: Kernel[ProductionSettings]) -> APIRouter:
    api = APIRouter(tags=["bench"])

    def context(reader: Reader) -> ProductionContext:
        return ProductionContext(kernel.clock(), kernel.ids, kernel.settings, reader.language)

    @api.get("/tasks/{task}/mishaps/preview", responses=_CONFLICT)
    async def preview(
        task: UUID,
        caller: Worker,
        reader: CurrentReader,
        kind: Mishap,
        back_to: Annotated[str | None, Query(max_length=60)] = None,
    ) -> MishapPreviewRead:
        """What a mishap would move if it were reported now. Nothing changes."""
        async with kernel.database.transaction() as tx:
            found = await mishaps.preview_mishap(tx, caller, task, MishapSaid(kind, back_to), context(reader))
        return MishapPreviewRead(
            next_stage=found.next_stage.id,
            ready_by=found.ready_by,
            ready_by_now=found.piece.ready_by,
            needed_by=found.piece.needed_by,
        )

    @api.post("/tasks/{task}/mishaps", status_code=201, responses=_ONCE)
    async def mishap(
        task: UUID, caller: Worker, key: IdempotencyKey, given: JsonBody[MishapCreate], reader: CurrentReader
    ) -> MishapCreated:
        """Report a mishap; the piece is replanned at once. A photo of it is sent to the task's photos."""
        async with kernel.database.transaction() as tx:
            answer = await mishaps.report_mishap(tx, caller, task, given.said, key=key, context=context(reader))
        return MishapCreated.model_validate(answer.body)

    @api.post("/tasks/{task}/mishaps/{mishap}/undo", status_code=204, responses=_CONFLICT)
    async def undo(task: UUID, mishap: UUID, caller: Worker, reader: CurrentReader) -> None:
        """Undo a mishap that was reported by mistake. Idempotent; a conflict once work has gone on."""
        async with kernel.database.transaction() as tx:
            await mishaps.undo_mishap(tx, caller, task, mishap, context(reader))

    return api
