"""An approval: what is signed, shown large; corrected, looked at once more, signed, or refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import approvals
from services.intake.actions.approvals import Signature, SignOffSheet
from services.intake.api.approvals import RefusalCreate
from services.intake.domain.messages import MessageReason
from services.intake.domain.signing import TICK, SigningReason
from services.intake.labels import CommissionWords
from services.intake.pages.forms import TEXT, CorrectionForm, SignatureForm
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem, ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.language import reader_of
from shared.web.templates import Pages, Templates

Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]
Anybody = Annotated[Caller, Allow(*Role, of="commission")]
_ADDRESS = "/commissions/{commission}/approvals/{approval}"


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()

    @pages.get(_ADDRESS)
    async def read(
        request: Request, commission: UUID, approval: UUID, caller: Anybody, templates: Pages
    ) -> HTMLResponse:
        visit = _ApprovalPage(kernel, request, templates, caller, commission, approval)
        return visit.page(await visit.sheet(), FormState())

    @pages.post(_ADDRESS + "/preview")
    async def preview(
        request: Request,
        commission: UUID,
        approval: UUID,
        caller: Customer,
        templates: Pages,
        *,
        sent: Annotated[Sent[CorrectionForm], Form()],
    ) -> HTMLResponse:
        visit = _ApprovalPage(kernel, request, templates, caller, commission, approval)
        try:
            return visit.page(await visit.corrected(sent.read().corrected), sent.form)
        except Problem as problem:
            return await visit.again(sent.form, _named(problem))

    @pages.post(_ADDRESS + "/sign")
    async def sign(
        request: Request,
        commission: UUID,
        approval: UUID,
        caller: Customer,
        templates: Pages,
        *,
        sent: Annotated[Sent[SignatureForm], Form()],
    ) -> Response:
        visit = _ApprovalPage(kernel, request, templates, caller, commission, approval)
        try:
            await visit.sign(sent.read({"brief_version": SigningReason.VERSION_MISSING}))
        except Problem as problem:
            return await visit.again(sent.form, _named(problem))
        return RedirectResponse(request.url.path.removesuffix("/sign"), 303)

    @pages.post(_ADDRESS + "/refuse")
    async def refuse(
        request: Request,
        commission: UUID,
        approval: UUID,
        caller: Customer,
        templates: Pages,
        *,
        sent: Annotated[Sent[RefusalCreate], Form()],
    ) -> Response:
        visit = _ApprovalPage(kernel, request, templates, caller, commission, approval)
        try:
            await visit.refuse(sent.read({"words": MessageReason.EMPTY}).words)
        except Problem as problem:
            return await visit.again(sent.form, problem)
        return RedirectResponse(f"/commissions/{commission}", 303)

    return pages


@dataclass(frozen=True)
class _ApprovalPage:
    """Somebody before the page of one approval."""

    kernel: Kernel[IntakeSettings]
    request: Request
    templates: Templates
    caller: Caller
    commission: UUID
    approval: UUID

    async def sheet(self) -> SignOffSheet:
        async with self.kernel.database.transaction() as tx:
            return await approvals.read(tx, self.caller, self.commission, self.approval)

    async def corrected(self, texts: Mapping[str, str]) -> SignOffSheet:
        """What would be signed with this correction."""
        async with self.kernel.database.transaction() as tx:
            return await approvals.preview(tx, self.caller, self.commission, self.approval, texts)

    async def sign(self, given: SignatureForm) -> None:
        signature = Signature(given.brief_version, frozenset(given.signed), given.corrected)
        now, language = self.kernel.clock(), reader_of(self.request.scope).language
        async with self.kernel.database.transaction() as tx:
            await approvals.sign(tx, self.caller, self.commission, self.approval, signature, now=now, language=language)

    async def refuse(self, words: str) -> None:
        new_id, now = self.kernel.ids, self.kernel.clock()
        async with self.kernel.database.transaction() as tx:
            await approvals.refuse(tx, self.caller, self.commission, self.approval, words, new_id=new_id, now=now)

    async def again(self, form: FormState, problem: Problem) -> HTMLResponse:
        """The page with what needs another look, as things are now; a correction that is good in itself stays on it."""
        try:
            sheet = await self.corrected(_typed(form))
        except Problem:
            sheet = await self.sheet()
        return self.page(sheet, form.with_problem(problem), problem)

    def page(self, found: SignOffSheet, form: FormState, problem: Problem | None = None) -> HTMLResponse:
        reader = reader_of(self.request.scope)
        sheet = found.in_language(reader.language)
        context = {
            "sheet": sheet,
            "words": CommissionWords(reader, sheet.record),
            "form": form,
            "customer": self.caller.person == sheet.record.commission.customer,
            "labels": _labels(sheet),
            "correction": _correction(sheet, form),
            "misspelt": any(found.field.startswith(TEXT) for found in form.problems),
        }
        return self.templates.page(self.request, "approval.html", context, problem=problem)


def _labels(sheet: SignOffSheet) -> Mapping[str, str]:
    return {f"{TEXT}{each.field}": each.label for each in sheet.texts}


def _correction(sheet: SignOffSheet, form: FormState) -> FormState:
    """The form for the spelling: what was typed, else the words as they are."""
    now = {f"{TEXT}{each.field}": each.text for each in sheet.texts}
    return FormState({**now, **form.values}, problems=form.problems)


def _typed(form: FormState) -> Mapping[str, str]:
    """The corrected texts, by their fields."""
    return {name.removeprefix(TEXT): value for name, value in form.values.items() if name.startswith(TEXT)}


def _named(problem: Problem) -> Problem:
    """The same problem with its fields named as the page's inputs are."""
    if problem.type is not ProblemType.VALIDATION_FAILED:
        return problem
    return problem.with_fields(found.at(_input(found.field)) for found in problem.fields)


def _input(field: str) -> str:
    """The input of a field; the version's cannot be seen, so that what is wrong with it is said above all."""
    if field == "brief_version":
        return ""
    return field if field.startswith(TICK) else f"{TEXT}{field}"
