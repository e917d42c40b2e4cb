"""An offering's form: shown, sent, and shown again with what needs another look."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import offerings, pictures, submissions
from services.intake.actions.submissions import ConfirmationRules, NewRequest
from services.intake.domain.pictures import slots
from services.intake.pages.forms import CommissionForm
from services.intake.pages.submitted_form import COUNTRY, SubmittedForm, read_submitted_form
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.i18n.countries import countries
from shared.kernel.calendar import day_of
from shared.kernel.problems import Problem, ProblemType
from shared.offerings import Offering, OfferingDocument
from shared.offerings.rules.ring_sizes import RingSystem
from shared.runtime import faults
from shared.runtime.service import Kernel
from shared.web.access import Allow, SignInNeeded
from shared.web.downloads import picture_response
from shared.web.forms import MULTIPART, FormState, Sent
from shared.web.idempotency import RequestKey, request_key
from shared.web.language import reader_of
from shared.web.templates import Pages

Customer = Annotated[Caller, Allow(Role.CUSTOMER)]
FilledForm = Annotated[Sent[CommissionForm], Form(media_type=MULTIPART)]


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()
    counter = FormPage(kernel)

    @pages.get("/commissions/new")
    async def choose(_: Customer) -> RedirectResponse:
        only = offerings.offered()[0].key if len(offerings.offered()) == 1 else None
        return RedirectResponse(f"/commissions/new/{only.craft}/{only.offering}" if only else "/#offerings", 303)

    @pages.get("/commissions/new/images/{image}")
    async def waiting(image: UUID, caller: Annotated[Caller, Allow(*Role, of="image")]) -> Response:
        async with kernel.database.statement() as tx:
            return picture_response(await pictures.waiting(tx, caller, image))

    @pages.get("/commissions/new/{craft}/{offering}")
    async def new(craft: str, offering: str, request: Request, templates: Pages, _: Customer) -> HTMLResponse:
        shown = counter.shown(spoken(request, offerings.form_of(craft, offering)), FormState())
        page = templates.page(request, "form.html", shown)
        page.headers["Cache-Control"] = "private, no-cache"  # a browser that goes back then keeps what was typed
        return page

    @pages.post("/commissions")
    async def send(request: Request, templates: Pages, caller: Customer, filled: FilledForm) -> Response:
        form, chosen = filled.form, filled.read()
        document = offerings.known(chosen.craft, chosen.offering, field="offering")
        sent = await read_submitted_form(document, form, caller, new_id=kernel.ids)
        key = request_key(caller, "POST /commissions", form.key).of(*sent.identity)
        try:
            commission = await counter.accept(caller, key, sent)
        except Problem as problem:
            again = await counter.again(caller, key, sent, problem, spoken(request, document))
            return templates.page(request, "form.html", again, problem=problem)
        faults.reach("web.after_commit")
        return RedirectResponse(f"/commissions/{commission}", 303)

    return pages


def spoken(request: Request, document: OfferingDocument) -> Offering:
    """The offering in the words of the reader's language."""
    return document.offering.in_language(reader_of(request.scope).language)


def _labels(offering: Offering) -> Mapping[str, str]:
    """What each input is called, for the list of problems at the head of the form."""
    form = offering.form
    words = {name: field.label for field in form.questions for name in field.inputs}
    return words | {slot.name: slot.field.label for slot in slots(form)}


@dataclass(frozen=True)
class FormPage:
    """Where forms are handed in; what the studio enters for somebody is the same form."""

    kernel: Kernel[IntakeSettings]

    async def accept(self, caller: Caller, key: RequestKey, sent: SubmittedForm) -> str:
        """The commission's id. Raises the problem of every field."""
        now = self.kernel.clock()
        brief, country = sent.read(self.today, home=self.kernel.settings.studio_country)
        new = NewRequest(brief, country, pictures=list(sent.pictures.values()), kept=sent.kept)
        rules = ConfirmationRules.of(self.kernel.settings)
        async with self.kernel.database.statement() as tx:
            answer = await submissions.submit(tx, rules, key, caller, new, new_id=self.kernel.ids, now=now)
        return str(answer.body["commission"])

    async def again(
        self, caller: Caller, key: RequestKey, sent: SubmittedForm, problem: Problem, offering: Offering
    ) -> Mapping[str, Any]:
        """The form with what was typed; its pictures wait here meanwhile, since a browser forgets them.

        Raises:
            SignInNeeded: the person is not here any more.
        """
        if problem.type is ProblemType.NOT_SIGNED_IN:
            raise SignInNeeded from problem
        form = await self.kept(caller, sent)
        async with self.kernel.database.transaction() as tx:
            before = await submissions.sent_before(tx, key)
            elsewhere = await submissions.confirmed_elsewhere(tx, caller)
        if problem.type is ProblemType.IDEMPOTENCY_KEY_REUSED and before:
            return self.shown(offering, FormState(form.values), sent=str(before.body["commission"]))
        return self.shown(offering, form.with_problem(problem), elsewhere=elsewhere)

    async def kept(self, caller: Caller, sent: SubmittedForm, own: Iterable[UUID] = ()) -> FormState:
        """The form with what was typed, once its pictures wait here; `own` are the commission's already."""
        async with self.kernel.database.transaction() as tx:
            for picture in sent.pictures.values():
                await pictures.keep(tx, picture, self.kernel.clock())
            still = await pictures.still_waiting(tx, caller, list(sent.kept.values()))
        return sent.to_show_again(still | set(own))

    def shown(
        self, offering: Offering, form: FormState, *, sent: str = "", elsewhere: UUID | None = None
    ) -> Mapping[str, Any]:
        """What the template needs.

        `sent` is the commission that this very form has become before, `elsewhere` one of this browser that was
        confirmed in another one. `entry` says whom it is for, where the studio enters it.
        """
        usual = {COUNTRY: self.kernel.settings.studio_country}
        return {
            "offering": offering,
            "form": replace(form, values={**usual, **form.values}),
            "slots": slots(offering.form),
            "labels": _labels(offering),
            "systems": list(RingSystem),
            "day": self._day_after,
            "sent": sent,
            "elsewhere": elsewhere,
            "entry": None,
            "countries": countries,
        }

    @property
    def today(self) -> date:
        """The day in the studio's zone."""
        return day_of(self.kernel.clock(), self.zone)

    @property
    def zone(self) -> ZoneInfo:
        """The studio's."""
        return ZoneInfo(self.kernel.settings.studio_zone)

    def _day_after(self, days: int) -> str:
        """The day so many days after today in the studio's zone, in ISO 8601."""
        return (self.today + timedelta(days=days)).isoformat()
