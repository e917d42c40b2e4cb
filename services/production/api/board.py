"""The board as JSON: what is to be done, and the maker's own steps."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from services.production.actions import board, publishing, tasks
from services.production.actions.context import ProductionContext
from services.production.api.schemas import BoardRead, JobTicketRead, job_ticket_read, piece_read
from services.production.domain.quality import PREFIX
from services.production.settings import ProductionSettings
from shared.auth.roles import Caller, Role
from shared.i18n import Reader
from shared.kernel.problems import ProblemType
from shared.kernel.text import Line, Prose
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.bodies import Body, JsonBody
from shared.web.idempotency import IdempotencyKey
from shared.web.language import CurrentReader
from shared.web.openapi import problems

Bench = Annotated[Caller, Allow(Role.MAKER, Role.OPS)]
Worker = Annotated[Caller, Allow(Role.MAKER, Role.OPS, of="task")]

NOTE_LIMIT = 2000
_CONFLICT = problems(ProblemType.CONFLICT)
_ONCE = problems(ProblemType.IDEMPOTENCY_KEY_MISSING, ProblemType.IDEMPOTENCY_KEY_REUSED, ProblemType.CONFLICT)
Code = Annotated[str, Line(longest=60)]


class TaskStart(Body):
    """`sign_offs` are the maker's own, by their ids, at the gate before the stage."""

    sign_offs: tuple[Code, ...] = ()


class TaskFinish(Body):
    """For the last stage: every check's id with `yes`, `no`, or what was measured; and where a failed piece goes."""

    checks: dict[str, Annotated[str, Line(longest=40)]] = Field(default_factory=dict, max_length=100)
    back_to: Code | None = None

    @property
    def answers(self) -> dict[str, str]:
        """As the checklist takes them."""
        return {PREFIX + name: said for name, said in self.checks.items()} | {"back_to": self.back_to or ""}


class NoteCreate(Body):
    body: Annotated[str, Prose(longest=NOTE_LIMIT)] = Field(description="For the customer to read.")


class NoteCreated(Body):
    note: UUID


def router(kernel: Kernel[ProductionSettings]) -> APIRouter:
    api = APIRouter(tags=["bench"])

    def context(reader: Reader) -> ProductionContext:
        return ProductionContext(kernel.clock(), kernel.ids, kernel.settings, reader.language)

    @api.get("/board")
    async def read_board(caller: Bench, reader: CurrentReader) -> BoardRead:
        """Your pieces that something is to be done for, or everybody's for ops: what is due first, first."""
        async with kernel.database.transaction() as tx:
            found = await board.read_board(tx, caller, context(reader))
        return BoardRead(items=[piece_read(each, reader) for each in found.pieces], skilled=found.skilled)

    @api.get("/tasks/{task}")
    async def read_job_ticket(task: UUID, caller: Worker, reader: CurrentReader) -> JobTicketRead:
        """A task's job ticket."""
        async with kernel.database.transaction() as tx:
            return job_ticket_read(await board.read_job_ticket(tx, caller, task, context(reader)), reader)

    @api.post("/tasks/{task}/start", responses=_CONFLICT)
    async def start(task: UUID, caller: Worker, given: JsonBody[TaskStart], reader: CurrentReader) -> JobTicketRead:
        """Start a task, or resume it. Idempotent."""
        async with kernel.database.transaction() as tx:
            await tasks.start_task(tx, caller, task, set(given.sign_offs), context(reader))
            return job_ticket_read(await board.read_job_ticket(tx, caller, task, context(reader)), reader)

    @api.post("/tasks/{task}/pause", responses=_CONFLICT)
    async def pause(task: UUID, caller: Worker, reader: CurrentReader) -> JobTicketRead:
        """Pause a task. Idempotent."""
        async with kernel.database.transaction() as tx:
            await tasks.pause_task(tx, caller, task, context(reader))
            return job_ticket_read(await board.read_job_ticket(tx, caller, task, context(reader)), reader)

    @api.post("/tasks/{task}/finish", responses=_CONFLICT)
    async def finish(task: UUID, caller: Worker, given: JsonBody[TaskFinish], reader: CurrentReader) -> JobTicketRead:
        """Finish a task; the last one with the quality checklist. Idempotent."""
        async with kernel.database.transaction() as tx:
            await tasks.finish_task(tx, caller, task, given.answers, context(reader))
            return job_ticket_read(await board.read_job_ticket(tx, caller, task, context(reader)), reader)

    @api.post("/tasks/{task}/notes", status_code=201, responses=_ONCE)
    async def note(
        task: UUID, caller: Worker, key: IdempotencyKey, given: JsonBody[NoteCreate], reader: CurrentReader
    ) -> NoteCreated:
        """Write a note for the customer, who reads it from `shown_from` on: the job ticket says when that is."""
        async with kernel.database.transaction() as tx:
            answer = await tasks.write_note(tx, caller, task, body=given.body, key=key, context=context(reader))
        return NoteCreated.model_validate(answer.body)

    @api.post("/tasks/{task}/notes/{note}/withdraw", status_code=204, responses=_CONFLICT)
    async def withdraw_note(task: UUID, note: UUID, caller: Worker, reader: CurrentReader) -> None:
        """Take a note back before the customer can read it. Idempotent; a conflict once it is too late."""
        async with kernel.database.transaction() as tx:
            await publishing.withdraw_note(tx, caller, task, note, context(reader))

    return api
