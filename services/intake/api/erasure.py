"""Somebody leaves: their data as an archive, what would be erased, and the erasure; for themselves and for ops."""

import asyncio
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from services.intake.actions import erasure, export
from services.intake.domain.erasure import ErasurePreview, Leaves
from services.intake.domain.export import MEDIA_TYPE, PersonExport
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.openapi import problems
from shared.web.pagination import AskedPage, Page, Paging, Position, paged

Anybody = Annotated[Caller, Allow(*Role)]
Ops = Annotated[Caller, Allow(Role.OPS)]
_ARCHIVE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The archive.", "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}


class KeptInvoiceRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    number: str
    until: date


class LeavingCommissionRead(BaseModel):
    """`ready_by` is the day by which the piece of an open contract is promised."""

    commission: UUID
    leaves: Leaves
    ready_by: date | None


class ErasureRead(BaseModel):
    """That somebody is to be erased, and what came of it; the numbers are of what was erased."""

    model_config = ConfigDict(from_attributes=True)

    person: UUID
    role: Role
    by_themselves: bool
    asked_at: datetime
    erased_at: datetime | None
    commissions: int
    texts: int
    pictures: int


class ErasurePreviewRead(BaseModel):
    """What happens if this person is erased now: `waits` says that something has to end before."""

    person: UUID
    role: Role
    waits: bool
    not_before: date | None
    pieces: int
    commissions: list[LeavingCommissionRead]
    invoices: list[KeptInvoiceRead]
    erasure: ErasureRead | None


async def archive_response(collected: PersonExport, at: datetime) -> Response:
    """The archive as a file to keep. It is packed beside the event loop, which takes its time."""
    archive = await asyncio.to_thread(collected.archive, at)
    headers = {
        "Content-Disposition": f'attachment; filename="touchmark-{at.date().isoformat()}.zip"',
        "Cache-Control": "private, no-store",
    }
    return Response(archive, media_type=MEDIA_TYPE, headers=headers)


class _Door:
    """What the routes have in common, whoever asks."""

    def __init__(self, kernel: Kernel[IntakeSettings]) -> None:
        self._kernel = kernel
        self._rules = erasure.LeavingRules.of(kernel.settings)

    async def archive(self, person: UUID) -> Response:
        now = self._kernel.clock()
        async with self._kernel.database.transaction() as tx:
            collected = await export.collect(tx, person, now)
        return await archive_response(collected, now)

    async def preview(self, person: UUID) -> ErasurePreviewRead:
        async with self._kernel.database.transaction() as tx:
            return _preview(await erasure.preview(tx, person, self._rules, self._kernel.clock()))

    async def erase(self, caller: Caller, person: UUID) -> ErasureRead:
        async with self._kernel.database.transaction() as tx:
            asked = await erasure.ask(tx, caller, person, self._rules, self._kernel.clock())
        return ErasureRead.model_validate(asked)

    async def keep(self, person: UUID) -> None:
        async with self._kernel.database.transaction() as tx:
            await erasure.take_back(tx, person)

    async def report(self, paging: Paging) -> Page[ErasureRead]:
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with self._kernel.database.transaction() as tx:
            found = await erasure.read_report(tx, before=before, at_most=paging.fetch)
        read = [(Position(each.asked_at, each.person), ErasureRead.model_validate(each)) for each in found]
        return paged(read, paging)


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["leaving"])
    door = _Door(kernel)
    _own(api, door)
    _for_ops(api, door)
    return api


def _own(api: APIRouter, door: _Door) -> None:
    @api.get("/people/me/export", responses=_ARCHIVE | problems(ProblemType.NOT_FOUND))
    async def export_own(caller: Anybody) -> Response:
        """Who you are, your commissions, and what you wrote, as one archive: `data.json`, and your pictures."""
        return await door.archive(caller.person)

    @api.get("/people/me/erasure", responses=problems(ProblemType.NOT_FOUND))
    async def preview_own(caller: Anybody) -> ErasurePreviewRead:
        """What happens if you leave."""
        return await door.preview(caller.person)

    @api.post("/people/me/erasure", responses=problems(ProblemType.CONFLICT, ProblemType.NOT_FOUND))
    async def erase_own(caller: Anybody) -> ErasureRead:
        """Leave: open requests are cancelled, contracts are waited for, then everything is erased for good."""
        return await door.erase(caller, caller.person)

    @api.delete("/people/me/erasure", status_code=204, responses=problems(ProblemType.NOT_FOUND))
    async def stay(caller: Anybody) -> None:
        """Stay after all, as long as nothing was erased."""
        await door.keep(caller.person)


def _for_ops(api: APIRouter, door: _Door) -> None:
    @api.get("/people/{person}/export", responses=_ARCHIVE)
    async def export_other(person: UUID, _: Ops) -> Response:
        """The archive of somebody who asked the studio for it."""
        return await door.archive(person)

    @api.get("/people/{person}/erasure")
    async def preview_other(person: UUID, _: Ops) -> ErasurePreviewRead:
        """What happens if this person is erased."""
        return await door.preview(person)

    @api.post("/people/{person}/erasure", responses=problems(ProblemType.CONFLICT))
    async def erase_other(person: UUID, caller: Ops) -> ErasureRead:
        """Erase somebody who asked the studio for it."""
        return await door.erase(caller, person)

    @api.delete("/people/{person}/erasure", status_code=204)
    async def keep(person: UUID, _: Ops) -> None:
        """Keep somebody after all, as long as nothing was erased."""
        await door.keep(person)

    @api.get("/erasures")
    async def report(paging: AskedPage, _: Ops) -> Page[ErasureRead]:
        """Those who left or want to, newest first: ids and numbers, no names."""
        return await door.report(paging)


def _preview(found: ErasurePreview) -> ErasurePreviewRead:
    return ErasurePreviewRead(
        person=found.person.person,
        role=found.person.role,
        waits=found.waits,
        not_before=found.not_before,
        pieces=found.pieces,
        commissions=[
            LeavingCommissionRead(commission=each.commission.commission, leaves=each.leaves, ready_by=each.ready_by)
            for each in found.commissions
        ],
        invoices=[KeptInvoiceRead.model_validate(each) for each in found.invoices],
        erasure=ErasureRead.model_validate(found.erasure) if found.erasure else None,
    )
