"""Photos from the bench: taken with the phone at the task, shown to everybody who may see the piece."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.production.actions import photos, publishing
from services.production.actions.context import ProductionContext
from services.production.domain.reasons import BenchInput
from services.production.pages.forms import PhotoForm
from services.production.pages.values import TEMPLATE_VALUES
from services.production.settings import ProductionSettings
from shared.auth.roles import Caller, Role
from shared.i18n import Reader
from shared.kernel.problems import Problem, ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.downloads import picture_response
from shared.web.forms import FormState, Sent
from shared.web.idempotency import request_key
from shared.web.images import read_picture
from shared.web.language import reader_of
from shared.web.templates import Pages

Worker = Annotated[Caller, Allow(Role.MAKER, Role.OPS, of="task")]
Viewer = Annotated[Caller, Allow(Role.CUSTOMER, Role.MAKER, Role.OPS, of="photo")]


def router(kernel: Kernel[ProductionSettings]) -> APIRouter:
    pages = APIRouter()

    async def values(reader: Reader, caller: Caller, task: UUID, form: FormState) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            return {
                "taken": (await photos.of_task(tx, caller, task)).in_language(reader.language),
                "form": form,
                "publish_after": kernel.settings.publish_after,
                **TEMPLATE_VALUES,
            }

    @pages.get("/bench/tasks/{task}/photos")
    async def of_task(request: Request, task: UUID, caller: Worker, templates: Pages) -> HTMLResponse:
        return templates.page(request, "photos.html", await values(reader_of(request.scope), caller, task, FormState()))

    @pages.post("/bench/tasks/{task}/photos")
    async def take(
        request: Request, task: UUID, caller: Worker, templates: Pages, sent: Annotated[Sent[PhotoForm], Form()]
    ) -> Response:
        key = request_key(caller, f"POST /bench/tasks/{task}/photos", sent.form.key)
        context = ProductionContext(kernel.clock(), kernel.ids, kernel.settings)
        try:
            given = sent.read({"photo": BenchInput.PHOTO_MISSING})
            picture = await read_picture(given.photo, "photo", caller.person)
            async with kernel.database.transaction() as tx:
                await photos.take_photo(tx, caller, task, picture, key, public=given.public, context=context)
        except Problem as problem:
            if problem.type is ProblemType.NOT_FOUND:
                raise
            again = await values(reader_of(request.scope), caller, task, sent.form.with_problem(problem))
            return templates.page(request, "photos.html", again, problem=problem)
        return RedirectResponse(f"/bench/tasks/{task}/photos", 303)

    @pages.post("/bench/tasks/{task}/photos/{photo}/withdraw")
    async def withdraw(request: Request, task: UUID, photo: UUID, caller: Worker, templates: Pages) -> Response:
        context = ProductionContext(kernel.clock(), kernel.ids, kernel.settings)
        try:
            async with kernel.database.transaction() as tx:
                await publishing.withdraw_photo(tx, caller, task, photo, context)
        except Problem as problem:
            if problem.type is not ProblemType.CONFLICT:
                raise
            again = await values(reader_of(request.scope), caller, task, FormState().with_problem(problem))
            return templates.page(request, "photos.html", again, problem=problem)
        return RedirectResponse(f"/bench/tasks/{task}/photos", 303)

    @pages.get("/bench/commissions/{commission}/photos/{photo}")
    async def photo(commission: UUID, photo: UUID, caller: Viewer) -> Response:
        async with kernel.database.transaction() as tx:
            found = await photos.of_commission(tx, caller, commission, photo)
        return picture_response(found)

    return pages
