"""The studio does not take a request: a reason, and words for the customer."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import commissions, refusals
from services.intake.api.refusals import RequestRefusalCreate
from services.intake.domain.messages import LONGEST
from services.intake.domain.refusals import RefusalReason
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import RequestRefusal
from shared.kernel.problems import Problem
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.language import reader_of
from shared.web.templates import templates_of

Studio = Annotated[Caller, Allow(Role.OPS, of="commission")]
_MISSING: Final = {"reason": RefusalReason.REASON_MISSING, "words": RefusalReason.WORDS_MISSING}


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()

    async def shown(
        request: Request, caller: Caller, commission: UUID, form: FormState, problem: Problem | None = None
    ) -> HTMLResponse:
        async with kernel.database.transaction() as tx:
            found = await commissions.read(tx, caller, commission)
        context = {
            "record": found.record.in_language(reader_of(request.scope).language),
            "form": form,
            "may_refuse": found.may_refuse,
            "reasons": list(RequestRefusal),
            "longest": LONGEST,
        }
        return templates_of(request).page(request, "refuse.html", context, problem=problem)

    @pages.get("/commissions/{commission}/refuse")
    async def ask(request: Request, commission: UUID, caller: Studio) -> HTMLResponse:
        return await shown(request, caller, commission, FormState())

    @pages.post("/commissions/{commission}/refuse")
    async def refuse(
        request: Request, commission: UUID, caller: Studio, sent: Annotated[Sent[RequestRefusalCreate], Form()]
    ) -> Response:
        try:
            given = sent.read(_MISSING)
            async with kernel.database.transaction() as tx:
                await refusals.refuse(
                    tx, caller, commission, given.reason, given.words, new_id=kernel.ids, now=kernel.clock()
                )
        except Problem as problem:
            return await shown(request, caller, commission, sent.form.with_problem(problem), problem)
        return RedirectResponse(f"/commissions/{commission}", 303)

    return pages
