"""An approval: what is signed, shown large; corrected, looked at once more, signed, or refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import approvals
from services.intake.actions.approvals import Signature, SignOffSheet
from services.intake.domain.messages import read_words
from services.intake.domain.signing import TICK, SigningReason
from services.intake.labels import CommissionWords
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import Form, read_form
from shared.web.language import reader_of
from shared.web.templates import Pages, Templates

Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]
Anybody = Annotated[Caller, Allow(*Role, of="commission")]
_ADDRESS = "/commissions/{commission}/approvals/{approval}"
_TEXT = "text_"
"""How the names of the inputs begin that hold a corrected text."""


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()

    @pages.get(_ADDRESS)
    async def read(
        request: Request, commission: UUID, approval: UUID, caller: Anybody, templates: Pages
    ) -> HTMLResponse:
        visit = _ApprovalPage(kernel, request, templates, caller, commission, approval)
        return visit.page(await visit.sheet(), Form())

    @pages.post(_ADDRESS + "/preview")
    async def preview(
        request: Request, commission: UUID, approval: UUID, caller: Customer, templates: Pages
    ) -> HTMLResponse:
        visit = _ApprovalPage(kernel, request, templates, caller, commission, approval)
        form = await read_form(request)
        try:
            return visit.page(await visit.corrected(form), form)
        except Problem as problem:
            return await visit.again(form, _named(problem))

    @pages.post(_ADDRESS + "/sign")
    async def sign(request: Request, commission: UUID, approval: UUID, caller: Customer, templates: Pages) -> Response:
        visit = _ApprovalPage(kernel, request, templates, caller, commission, approval)
        form = await read_form(request)
        try:
            await visit.sign(form)
        except Problem as problem:
            return await visit.again(form, _named(problem))
        return RedirectResponse(request.url.path.removesuffix("/sign"), 303)

    @pages.post(_ADDRESS + "/refuse")
    async def refuse(
        request: Request, commission: UUID, approval: UUID, caller: Customer, templates: Pages
    ) -> Response:
        visit = _ApprovalPage(kernel, request, templates, caller, commission, approval)
        form = await read_form(request)
        try:
            await visit.refuse(form)
        except Problem as problem:
            return await visit.again(form, problem)
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

    async def corrected(self, form: Form) -> SignOffSheet:
        """What would be signed with the correction in this form."""
        async with self.kernel.database.transaction() as tx:
            return await approvals.preview(tx, self.caller, self.commission, self.approval, _typed(form))

    async def sign(self, form: Form) -> None:
        signature = Signature(_version(form), _ticked(form), _typed(form))
        now, language = self.kernel.clock(), reader_of(self.request.scope).language
        async with self.kernel.database.transaction() as tx:
            await approvals.sign(tx, self.caller, self.commission, self.approval, signature, now=now, language=language)

    async def refuse(self, form: Form) -> None:
        words = read_words(form.value("words"), field="words")
        new_id, now = self.kernel.ids, self.kernel.clock()
        async with self.kernel.database.transaction() as tx:
            await approvals.refuse(tx, self.caller, self.commission, self.approval, words, new_id=new_id, now=now)

    async def again(self, form: Form, problem: Problem) -> HTMLResponse:
        """The page with what needs another look, as things are now; a correction that is good in itself stays on it."""
        try:
            sheet = await self.corrected(form)
        except Problem:
            sheet = await self.sheet()
        return self.page(sheet, form.with_problem(problem), problem.type.status)

    def page(self, found: SignOffSheet, form: Form, status: int = 200) -> HTMLResponse:
        reader = reader_of(self.request.scope)
        sheet = found.in_language(reader.language)
        context = {
            "sheet": sheet,
            "words": CommissionWords(reader, sheet.record),
            "form": form,
            "customer": self.caller.person == sheet.record.commission.customer,
            "labels": _labels(sheet),
            "correction": _correction(sheet, form),
            "misspelt": any(found.field.startswith(_TEXT) for found in form.problems),
        }
        return self.templates.page(self.request, "approval.html", context, status=status)


def _labels(sheet: SignOffSheet) -> Mapping[str, str]:
    return {f"{_TEXT}{each.field}": each.label for each in sheet.texts}


def _correction(sheet: SignOffSheet, form: Form) -> Form:
    """The form for the spelling: what was typed, else the words as they are."""
    now = {f"{_TEXT}{each.field}": each.text for each in sheet.texts}
    return Form({**now, **form.values}, problems=form.problems)


def _typed(form: Form) -> Mapping[str, str]:
    """The corrected texts, by their fields."""
    return {name.removeprefix(_TEXT): value for name, value in form.values.items() if name.startswith(_TEXT)}


def _ticked(form: Form) -> frozenset[str]:
    ticks = (name for name, value in form.values.items() if name.startswith(TICK) and value == "yes")
    return frozenset(name.removeprefix(TICK) for name in ticks)


def _version(form: Form) -> int:
    """The version that was looked at, from the form's own hidden input."""
    written = form.value("brief_version")
    if not (written.isascii() and written.isdigit() and len(written) < 10):  # noqa: PLR2004 (fits an integer)
        raise invalid(FieldProblem("", SigningReason.VERSION_MISSING))
    return int(written)


def _named(problem: Problem) -> Problem:
    """The same problem with its fields named as the page's inputs are."""
    if problem.type is not ProblemType.VALIDATION_FAILED:
        return problem
    fields = tuple(
        found if found.field.startswith(TICK) else found.at(f"{_TEXT}{found.field}") for found in problem.fields
    )
    return problem.with_fields(fields)
