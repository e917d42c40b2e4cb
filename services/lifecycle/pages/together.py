"""`/ops/together`: the same deed for several commissions, each seen before it is done."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.lifecycle import actions
from services.lifecycle.domain.deeds import MOST_TOGETHER, Deed, Together
from services.lifecycle.pages.asking import LIMITS, USUAL_DAYS, asked, days_of, spans
from services.lifecycle.pages.frame import framed
from services.lifecycle.settings import Settings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem, ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import Form, read_form
from shared.web.idempotency import request_key
from shared.web.templates import Pages, Templates

Ops = Annotated[Caller, Allow(Role.OPS)]
Ticked = Annotated[list[UUID], Query(default_factory=list)]


def router(kernel: Kernel[Settings]) -> APIRouter:
    pages = APIRouter()
    lives = actions.Lives(kernel.temporal, kernel.settings.prefix)

    async def show(
        request: Request, templates: Templates, some: Sequence[UUID], deed: Deed, *, form: Form
    ) -> HTMLResponse:
        async with kernel.database.transaction() as tx:
            found = await actions.read_previews(
                tx,
                request.state.caller,
                some,
                deed,
                days=days_of(form, deed),
                now=kernel.clock(),
                soon=kernel.settings.soon,
            )
        frame = framed(templates)
        context = {"found": found, "deed": deed, "form": form, "spans": spans(frame["words"]), **LIMITS, **frame}
        return templates.page(request, "together.html", context, status=422 if form.problems else 200)

    @pages.get("/ops/together", dependencies=[Allow(Role.OPS)])
    async def previews(request: Request, templates: Pages, deed: Together, commission: Ticked) -> HTMLResponse:
        some = list(dict.fromkeys(commission))
        if not 0 < len(some) <= MOST_TOGETHER:
            context = {"some": len(some), **LIMITS, **framed(templates)}
            return templates.page(request, "none_ticked.html", context, status=422)
        return await show(request, templates, some, Deed(deed), form=Form({"days": str(USUAL_DAYS)}))

    @pages.post("/ops/together")
    async def carry_out_together(request: Request, caller: Ops, templates: Pages) -> Response:
        form = await read_form(request)
        key = request_key(caller, f"POST {request.url.path}", form.key)
        some, deed = _ticked(form)
        try:
            await actions.carry_out_together(
                kernel.database, lives, caller, some, asked(form, deed), key=key.key, clock=kernel.clock
            )
        except Problem as problem:
            if problem.type is not ProblemType.VALIDATION_FAILED:
                raise
            return await show(request, templates, some, deed, form=form.with_problem(problem))
        return RedirectResponse(f"/ops/audit?together={actions.together_id(caller, key.key)}", 303)

    return pages


def _ticked(form: Form) -> tuple[list[UUID], Deed]:
    """What the page kept in its hidden fields; anything else was not made by it."""
    try:
        return [UUID(each) for each in form.value("commissions").split()], Deed(Together(form.value("deed")))
    except ValueError:
        raise Problem(ProblemType.MALFORMED_REQUEST, "The form did not say what to do.") from None
