"""A change that is proposed while a quote is offered: what differs in it, and its answer."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import proposals
from services.intake.api.proposals import ProposalRefusalCreate
from services.intake.domain.proposals import ProposalReason
from services.intake.labels import CommissionWords
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.language import reader_of
from shared.web.templates import templates_of

CustomerOrStudio = Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="commission")]
Studio = Annotated[Caller, Allow(Role.OPS, of="commission")]
_PAGE = "/commissions/{commission}/proposal"
_ADDRESS = "/commissions/{commission}/proposals/{proposal}"


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()

    async def shown(
        request: Request, caller: Caller, commission: UUID, form: FormState, problem: Problem | None = None
    ) -> HTMLResponse:
        async with kernel.database.transaction() as tx:
            found = await proposals.read(tx, caller, commission)
        reader = reader_of(request.scope)
        context = {
            "found": found.in_language(reader.language),
            "words": CommissionWords(reader, found.in_language(reader.language).record),
            "form": form,
            "ops": caller.role is Role.OPS,
        }
        return templates_of(request).page(request, "proposal.html", context, problem=problem)

    @pages.get(_PAGE)
    async def read(request: Request, commission: UUID, caller: CustomerOrStudio) -> HTMLResponse:
        return await shown(request, caller, commission, FormState())

    @pages.post(_ADDRESS + "/apply")
    async def apply(request: Request, commission: UUID, proposal: UUID, caller: Studio) -> Response:
        try:
            async with kernel.database.transaction() as tx:
                await proposals.apply(tx, caller, commission, proposal, now=kernel.clock())
        except Problem as problem:
            return await shown(request, caller, commission, FormState().with_problem(problem), problem)
        return RedirectResponse(_PAGE.format(commission=commission), 303)

    @pages.post(_ADDRESS + "/refuse")
    async def refuse(
        request: Request,
        commission: UUID,
        proposal: UUID,
        caller: Studio,
        *,
        sent: Annotated[Sent[ProposalRefusalCreate], Form()],
    ) -> Response:
        try:
            words = sent.read({"words": ProposalReason.WORDS_MISSING}).words
            async with kernel.database.transaction() as tx:
                await proposals.refuse(tx, caller, commission, proposal, words, new_id=kernel.ids, now=kernel.clock())
        except Problem as problem:
            return await shown(request, caller, commission, sent.form.with_problem(problem), problem)
        return RedirectResponse(_PAGE.format(commission=commission), 303)

    @pages.post(_ADDRESS + "/take-back")
    async def take_back(request: Request, commission: UUID, proposal: UUID, caller: CustomerOrStudio) -> Response:
        try:
            async with kernel.database.transaction() as tx:
                await proposals.take_back(tx, caller, commission, proposal, now=kernel.clock())
        except Problem as problem:
            return await shown(request, caller, commission, FormState().with_problem(problem), problem)
        return RedirectResponse(_PAGE.format(commission=commission), 303)

    return pages
