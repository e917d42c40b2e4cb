"""Something is wrong with a piece: the customer's form with pictures, and what became of each claim."""

from collections.abc import Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import claims
from services.intake.actions.claims import NewClaim
from services.intake.api.claims import ClaimCreate, times_of
from services.intake.domain.claims import ClaimReason
from services.intake.domain.messages import LONGEST
from services.intake.pages.submitted_message import keep_pictures, read_message_form
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import ClaimKind
from shared.kernel.problems import Problem
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.idempotency import request_key
from shared.web.language import reader_of
from shared.web.templates import Pages

Anybody = Annotated[Caller, Allow(*Role, of="commission")]
Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]

_MISSING: Final = {"kind": ClaimReason.KIND_MISSING, "words": ClaimReason.WORDS_MISSING}


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()

    async def found(
        request: Request, caller: Caller, commission: UUID, form: FormState, kept: Sequence[UUID] = ()
    ) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            options = await claims.read(tx, caller, commission, times_of(kernel))
        return {
            "options": options.in_language(reader_of(request.scope).language),
            "customer": caller.role is Role.CUSTOMER,
            "ops": caller.role is Role.OPS,
            "form": form,
            "kept": kept,
            "kinds": list(ClaimKind),
            "longest": LONGEST,
        }

    @pages.get("/commissions/{commission}/claim")
    async def ask(request: Request, commission: UUID, caller: Anybody, templates: Pages) -> HTMLResponse:
        return templates.page(request, "claim.html", await found(request, caller, commission, FormState()))

    @pages.post("/commissions/{commission}/claim")
    async def make(
        request: Request,
        commission: UUID,
        caller: Customer,
        templates: Pages,
        sent: Annotated[Sent[ClaimCreate], Form()],
    ) -> Response:
        await found(request, caller, commission, sent.form)  # before any picture is read: it is not somebody else's
        key = request_key(caller, f"POST /commissions/{commission}/claim", sent.form.key)
        claimed = await read_message_form(sent, caller, new_id=kernel.ids, missing=_MISSING)
        kind = sent.form.value("kind")
        try:
            new = claimed.new
            async with kernel.database.transaction() as tx:
                await claims.make(
                    tx,
                    key.of(kind, *claimed.identity),
                    caller,
                    commission,
                    NewClaim(ClaimKind(kind), new),
                    new_id=kernel.ids,
                    times=times_of(kernel),
                )
        except Problem as problem:
            waiting = await keep_pictures(kernel, caller, claimed)
            again = await found(request, caller, commission, sent.form.with_problem(problem), waiting)
            return templates.page(request, "claim.html", again, problem=problem)
        return RedirectResponse(f"/commissions/{commission}/claim", 303)

    return pages
