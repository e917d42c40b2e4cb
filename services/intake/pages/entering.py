"""The studio enters a request for somebody at the counter or on the phone: whom, what, and the form of the piece."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import entering, offerings, submissions
from services.intake.actions.submissions import ConfirmationRules, NewRequest
from services.intake.api.entering import SEARCH_LIMIT, AddressCreate, EntryCreate
from services.intake.domain.briefs import NewBrief, together
from services.intake.domain.entering import EntryReason, RequestEntry, has_known_address
from services.intake.domain.people import Person, read_address
from services.intake.pages.form import FormPage, spoken
from services.intake.pages.forms import EntryForm
from services.intake.pages.submitted_form import SubmittedForm, read_submitted_form
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import EntryWay
from shared.kernel.problems import Problem, ProblemType
from shared.offerings import Offering
from shared.runtime import faults
from shared.runtime.service import Kernel
from shared.web.access import Allow, SignInNeeded
from shared.web.forms import MULTIPART, FormState, Sent
from shared.web.idempotency import RequestKey, request_key
from shared.web.language import reader_of
from shared.web.templates import Pages

Ops = Annotated[Caller, Allow(Role.OPS)]
FilledEntry = Annotated[Sent[EntryForm], Form(media_type=MULTIPART)]
Search = Annotated[str, Query(max_length=SEARCH_LIMIT)]
_HOW = {"way": EntryReason.WAY_MISSING}


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()
    door = _Door(kernel)

    @pages.get("/requests/new")
    async def choose(
        request: Request, templates: Pages, _: Ops, find: Search = "", customer: UUID | None = None
    ) -> HTMLResponse:
        """Whom it is for, then what it is; a search is by the beginnings of name or address."""
        async with kernel.database.transaction() as tx:
            chosen = await entering.customer(tx, customer) if customer else None
            found = await entering.find_customers(tx, find)
        language = reader_of(request.scope).language
        offered = [each.offering.in_language(language) for each in offerings.offered()]
        page = {"offered": offered, "chosen": chosen, "found": found, "find": find.strip()}
        return templates.page(request, "new_request.html", page)

    @pages.get("/requests/new/{craft}/{offering}")
    async def new(
        craft: str, offering: str, request: Request, templates: Pages, _: Ops, customer: UUID | None = None
    ) -> HTMLResponse:
        form = FormState({"for_customer": str(customer)} if customer else {})
        shown = await door.shown(spoken(request, offerings.form_of(craft, offering)), form)
        page = templates.page(request, "form.html", shown)
        page.headers["Cache-Control"] = "private, no-cache"  # a browser that goes back then keeps what was typed
        return page

    @pages.post("/requests")
    async def enter(request: Request, templates: Pages, caller: Ops, filled: FilledEntry) -> Response:
        form = filled.form
        document = offerings.known(form.value("craft"), form.value("offering"), field="offering")
        sent = await read_submitted_form(document, form, caller, new_id=kernel.ids)
        who = {name: form.value(name) for name in (*EntryCreate.model_fields, "for_known")}
        key = request_key(caller, "POST /requests", form.key).of(*sent.identity, who)
        try:
            commission = await door.accept(caller, key, filled, sent, request.app.state.readers.languages)
        except Problem as problem:
            again = await door.again(caller, key, sent, problem, spoken(request, document))
            return templates.page(request, "form.html", again, problem=problem)
        faults.reach("web.after_commit")
        return RedirectResponse(f"/commissions/{commission}", 303)

    _addresses(pages, kernel)
    return pages


def _addresses(pages: APIRouter, kernel: Kernel[IntakeSettings]) -> None:
    """An address for somebody who had none."""

    @pages.get("/customers/{person}/address")
    async def ask(request: Request, person: UUID, templates: Pages, _: Ops) -> HTMLResponse:
        async with kernel.database.transaction() as tx:
            found = await entering.customer(tx, person)
        return templates.page(request, "address.html", {"customer": found, "form": FormState()})

    @pages.post("/customers/{person}/address")
    async def give(
        request: Request, person: UUID, templates: Pages, _: Ops, sent: Annotated[Sent[AddressCreate], Form()]
    ) -> Response:
        """The same again changes nothing, so that the form needs no key."""
        async with kernel.database.transaction() as tx:
            found = await entering.customer(tx, person)
        try:
            given = sent.read()
            async with kernel.database.transaction() as tx:
                await entering.give_address(tx, person, given.email, kernel.clock())
        except Problem as problem:
            again = {"customer": found, "form": sent.form.with_problem(problem)}
            return templates.page(request, "address.html", again, problem=problem)
        return RedirectResponse(f"/customers/{person}/address", 303)


class _Door:
    """Where requests are entered."""

    def __init__(self, kernel: Kernel[IntakeSettings]) -> None:
        self._kernel = kernel
        self._page = FormPage(kernel)

    async def accept(
        self, caller: Caller, key: RequestKey, filled: Sent[EntryForm], sent: SubmittedForm, languages: Sequence[str]
    ) -> str:
        """The commission's id. Raises the problem of every field, of the customer's and the form's."""
        settings = self._kernel.settings
        entry, brief, country = self._read(filled, sent, languages)
        new = NewRequest(brief, country, pictures=list(sent.pictures.values()), kept=sent.kept)
        rules, ids, now = ConfirmationRules.of(settings), self._kernel.ids, self._kernel.clock()
        async with self._kernel.database.transaction() as tx:
            answer = await entering.enter(tx, rules, key, caller, new, entry=entry, new_id=ids, now=now)
        return str(answer.body["commission"])

    async def again(
        self, caller: Caller, key: RequestKey, sent: SubmittedForm, problem: Problem, offering: Offering
    ) -> Mapping[str, Any]:
        """The form with what was typed, and with whom it can be for. Raises SignInNeeded, if the person is gone."""
        if problem.type is ProblemType.NOT_SIGNED_IN:
            raise SignInNeeded from problem
        form = await self._page.kept(caller, sent)
        async with self._kernel.database.transaction() as tx:
            before = await submissions.sent_before(tx, key)
        if problem.type is ProblemType.IDEMPOTENCY_KEY_REUSED and before:
            return await self.shown(offering, FormState(form.values), sent=str(before.body["commission"]))
        async with self._kernel.database.transaction() as tx:
            known = await entering.customer_with(tx, read_address(form.value("for_email")))
        if known and form.value("for_known") == str(known.person):
            form = replace(form, values={**form.values, "for_customer": str(known.person)})
        offered = known if has_known_address(problem) else None
        return await self.shown(offering, form.with_problem(problem), known=offered)

    async def shown(
        self, offering: Offering, form: FormState, *, sent: str = "", known: Person | None = None
    ) -> Mapping[str, Any]:
        """What the template needs: `entry` says whom it is for, and what can be chosen about them.

        `known` is whom it can be entered for instead, since they have the address that was typed.
        """
        customer = None
        if chosen := _id(form.value("for_customer")):
            async with self._kernel.database.transaction() as tx:
                customer = await entering.customer(tx, chosen)
        usual = {"for_language": self._kernel.settings.studio_language}
        form = replace(form, values={**usual, **form.values})
        entry = {"customer": customer, "known": known, "ways": list(EntryWay)}
        return {**self._page.shown(offering, form, sent=sent), "entry": entry}

    def _read(
        self, filled: Sent[EntryForm], sent: SubmittedForm, languages: Sequence[str]
    ) -> tuple[RequestEntry, NewBrief, str]:
        entry, read, found = None, None, list[Problem]()
        try:
            entry = filled.read(_HOW).entry(languages, self._kernel.settings.studio_language)
        except Problem as problem:
            found.append(problem)
        try:
            read = sent.read(self._page.today, home=self._kernel.settings.studio_country)
        except Problem as problem:
            found.append(problem)
        if entry is None or read is None:
            raise together(*found)
        return entry, *read


def _id(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None
