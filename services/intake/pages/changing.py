"""Changing what is wished until the quote is sent: the form once more; and every version that there was."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import changing, proposals
from services.intake.actions.changing import ChangeSheet
from services.intake.domain.briefs import together
from services.intake.domain.changing import ChangedBrief, ChangeReason, may_change, way_of
from services.intake.domain.proposals import may_propose
from services.intake.labels import CommissionWords
from services.intake.pages.form import FormPage, spoken
from services.intake.pages.forms import ChangeForm
from services.intake.pages.submitted_form import SubmittedForm, read_submitted_form
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import EntryWay
from shared.kernel.problems import Problem, ProblemType
from shared.runtime import faults
from shared.runtime.service import Kernel
from shared.web.access import Allow, SignInNeeded
from shared.web.forms import MULTIPART, FormState, Sent
from shared.web.idempotency import request_key
from shared.web.language import CurrentReader
from shared.web.templates import Pages, Templates

CustomerOrStudio = Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="commission")]
Anybody = Annotated[Caller, Allow(*Role, of="commission")]
FilledChange = Annotated[Sent[ChangeForm], Form(media_type=MULTIPART)]
_HOW = {"way": ChangeReason.WAY_MISSING, "brief_version": ChangeReason.VERSION_MISSING}


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()
    counter = _Counter(kernel)

    @pages.get("/commissions/{commission}/change")
    async def ask(request: Request, commission: UUID, caller: CustomerOrStudio, templates: Pages) -> Response:
        sheet = await counter.sheet(caller, commission)
        if not may_change(sheet.record) and not may_propose(sheet.record):
            where = "/proposal" if sheet.record.open_proposal else ""
            return RedirectResponse(f"/commissions/{commission}{where}", 303)
        return templates.page(request, "change.html", counter.shown(request, caller, sheet, FormState(sheet.typed)))

    @pages.post("/commissions/{commission}/change")
    async def change(
        request: Request, commission: UUID, caller: CustomerOrStudio, templates: Pages, filled: FilledChange
    ) -> Response:
        return await counter.hand_in(request, caller, commission, templates, filled, proposed=False)

    @pages.post("/commissions/{commission}/proposals")
    async def propose(
        request: Request, commission: UUID, caller: CustomerOrStudio, templates: Pages, filled: FilledChange
    ) -> Response:
        """The same form, while a quote is offered: what it says is a proposal."""
        return await counter.hand_in(request, caller, commission, templates, filled, proposed=True)

    @pages.get("/commissions/{commission}/briefs")
    async def versions(
        request: Request, commission: UUID, caller: Anybody, templates: Pages, reader: CurrentReader
    ) -> HTMLResponse:
        """What was wished before, and what was changed each time."""
        async with kernel.database.transaction() as tx:
            found = (await changing.history(tx, caller, commission)).in_language(reader.language)
        words = CommissionWords(reader, found.record)
        context = {"history": found, "words": words, "customer": caller.role is Role.CUSTOMER}
        return templates.page(request, "briefs.html", context)

    return pages


class _Counter:
    """Where changes are handed in."""

    def __init__(self, kernel: Kernel[IntakeSettings]) -> None:
        self._kernel = kernel
        self._page = FormPage(kernel)

    async def sheet(self, caller: Caller, commission: UUID) -> ChangeSheet:
        async with self._kernel.database.transaction() as tx:
            return await changing.read(tx, caller, commission)

    async def hand_in(
        self,
        request: Request,
        caller: Caller,
        commission: UUID,
        templates: Templates,
        filled: Sent[ChangeForm],
        *,
        proposed: bool,
    ) -> Response:
        """Take the form, or show it again with what to do about it."""
        sheet = await self.sheet(caller, commission)
        sent = await read_submitted_form(sheet.document, filled.form, caller, new_id=self._kernel.ids)
        take = self._propose if proposed else self._change
        try:
            await take(caller, sheet, filled, sent)
        except Problem as problem:
            newest, form = await self.again(caller, sheet, sent, problem)
            return templates.page(request, "change.html", self.shown(request, caller, newest, form), problem=problem)
        faults.reach("web.after_commit")
        return RedirectResponse(f"/commissions/{commission}{'/proposal' if proposed else '#brief'}", 303)

    async def _change(self, caller: Caller, sheet: ChangeSheet, filled: Sent[ChangeForm], sent: SubmittedForm) -> None:
        """Write the new version. Raises the problem of every field, or why it cannot be changed."""
        commission, given = sheet.commission.commission, self._read(caller, sheet, filled, sent)
        key = request_key(caller, f"POST /commissions/{commission}/change", filled.form.key)
        asked = key.of(*sent.identity, given.version, given.way)
        new, now = list(sent.pictures.values()), self._kernel.clock()
        async with self._kernel.database.transaction() as tx:
            await changing.change(tx, caller, commission, asked, given, new=new, now=now)

    async def _propose(self, caller: Caller, sheet: ChangeSheet, filled: Sent[ChangeForm], sent: SubmittedForm) -> None:
        """Write down the proposal. Raises the problem of every field, or why nothing can be proposed."""
        commission, given = sheet.commission.commission, self._read(caller, sheet, filled, sent)
        key = request_key(caller, f"POST /commissions/{commission}/proposals", filled.form.key)
        asked = key.of(*sent.identity, given.version, given.way)
        new, now, ids = list(sent.pictures.values()), self._kernel.clock(), self._kernel.ids
        async with self._kernel.database.transaction() as tx:
            await proposals.propose(tx, caller, commission, asked, given, new=new, new_id=ids, now=now)

    async def again(
        self, caller: Caller, sheet: ChangeSheet, sent: SubmittedForm, problem: Problem
    ) -> tuple[ChangeSheet, FormState]:
        """What is in force now, and the form with what was typed, to be sent over that version.

        Raises:
            SignInNeeded: the person is not here any more.
        """
        if problem.type is ProblemType.NOT_SIGNED_IN:
            raise SignInNeeded from problem
        form = await self._page.kept(caller, sent, own=sheet.brief.images)
        newest = await self.sheet(caller, sheet.commission.commission)
        values = {**form.values, "brief_version": str(newest.brief.version)}
        return newest, replace(form, values=values).with_problem(problem)

    def shown(self, request: Request, caller: Caller, sheet: ChangeSheet, form: FormState) -> Mapping[str, Any]:
        """What the template needs; `attached` is where the pictures are that the commission has already."""
        id = sheet.commission.commission  # noqa: A001 (what the templates call it)
        page = self._page.shown(spoken(request, sheet.document), form)
        attached = {str(image): f"/commissions/{id}/images/{image}" for image in sheet.brief.images}
        ways = list(EntryWay) if caller.role is Role.OPS else []
        return {
            **page,
            "id": id,
            "sheet": sheet,
            "attached": attached,
            "ways": ways,
            "proposing": not may_change(sheet.record),
        }

    def _read(self, caller: Caller, sheet: ChangeSheet, filled: Sent[ChangeForm], sent: SubmittedForm) -> ChangedBrief:
        asked, brief, found = None, None, list[Problem]()
        try:
            asked = filled.read(_HOW)
            asked.way = way_of(caller.role, asked.way)
        except Problem as problem:
            found.append(problem)
        try:
            brief = sent.brief(lambda typed: sheet.read(typed, self._page.today, self._page.zone))
        except Problem as problem:
            found.append(problem)
        if asked is None or brief is None or found:
            raise together(*found)
        return ChangedBrief(asked.brief_version, brief, sent.kept, asked.way)
