"""The second step of signing in: given at `/second-step`, set up and taken away from one's own page, `/sessions`."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import second_step
from services.intake.actions.sessions import SignInContext, noting_refusals
from services.intake.api.devices import CurrentDevice
from services.intake.api.second_step import Half, Owner, Staff, proven
from services.intake.domain.people import PeopleReason
from services.intake.domain.sessions import SignInWay
from services.intake.pages.cookies import keep_session
from services.intake.pages.forms import AuthenticatorForm, PasskeyForm, StepForm
from services.intake.pages.session import HOME, come_in
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Proof
from shared.kernel.problems import Problem, ProblemType
from shared.runtime.service import Kernel
from shared.web.access import SECOND_STEP, safe_next
from shared.web.forms import FormState, Sent
from shared.web.qr import qr
from shared.web.templates import Pages, Templates

_CODE = {"code": PeopleReason.STEP_CODE_MISSING}
_OF_THE_FORM = frozenset({ProblemType.VALIDATION_FAILED, ProblemType.TOO_MANY_REQUESTS})
"""What somebody can mend where they are; all else is a page of its own."""


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()
    _giving(pages, kernel)
    _adding(pages, kernel)
    _removing(pages, kernel)
    _recovery_codes(pages, kernel)
    return pages


def _giving(pages: APIRouter, kernel: Kernel[IntakeSettings]) -> None:
    context = SignInContext.of(kernel.settings, kernel.ids)

    @pages.get(SECOND_STEP)
    async def ask(
        request: Request, caller: Half, templates: Pages, to: Annotated[str, Query(alias="next")] = ""
    ) -> Response:
        """Whoever has nothing to give or to set up is let on; whoever lost it meanwhile signs in again."""
        async with kernel.database.transaction() as tx:
            standing = await second_step.own(tx, context, caller)
        if caller.proof is Proof.HALF and not standing.asked:
            return RedirectResponse("/sign-in", 303)
        if caller.proof is Proof.TWO or not (standing.asked or standing.needed):
            return RedirectResponse(safe_next(to) if to else HOME[caller.role], 303)
        page = {"form": FormState({"next": to}), "standing": standing}
        return templates.page(request, "second_step.html", page)

    @pages.post(SECOND_STEP)
    async def answer(
        request: Request,
        caller: Half,
        templates: Pages,
        device: CurrentDevice,
        sent: Annotated[Sent[StepForm], Form()],
    ) -> Response:
        now, here = kernel.clock(), context.on(device)
        try:
            given = sent.read(_CODE)
            async with kernel.database.transaction() as tx:
                result = await second_step.answer(tx, here, caller, given.code, now)
            signed_in = await proven(kernel, here, caller, result, now)
        except Problem as problem:
            if problem.type not in _OF_THE_FORM:
                raise
            async with kernel.database.transaction() as tx:
                standing = await second_step.own(tx, context, caller)
            page = {"form": sent.form.with_problem(problem), "standing": standing}
            return templates.page(request, "second_step.html", page, problem=problem)
        return come_in(kernel, signed_in, given.next)


def _adding(pages: APIRouter, kernel: Kernel[IntakeSettings]) -> None:
    context = SignInContext.of(kernel.settings, kernel.ids)

    @pages.get("/authenticators/new")
    async def offer(request: Request, caller: Staff, templates: Pages) -> Response:
        try:
            async with kernel.database.transaction() as tx:
                made = await second_step.offer(tx, context, caller, kernel.clock())
        except Problem as problem:
            return _to_second_step(request, problem)
        page = {"form": FormState({"sealed": made.sealed}), "offer": made, "qr": qr(made.address)}
        return templates.page(request, "authenticator.html", page)

    @pages.post("/authenticators")
    async def add(
        request: Request,
        caller: Staff,
        templates: Pages,
        device: CurrentDevice,
        sent: Annotated[Sent[AuthenticatorForm], Form()],
    ) -> Response:
        now = kernel.clock()
        try:
            given = sent.read(_CODE)
            async with kernel.database.transaction() as tx:
                added = await second_step.add(
                    tx, context.on(device), caller, given.sealed, code=given.code, name=given.name, now=now
                )
        except Problem as problem:
            if problem.type not in _OF_THE_FORM:
                raise
            async with kernel.database.transaction() as tx:
                made = await second_step.offer(tx, context, caller, now, again=sent.form.value("sealed"))
            page = {"form": sent.form.with_problem(problem), "offer": made, "qr": qr(made.address)}
            return templates.page(request, "authenticator.html", page, problem=problem)
        secret = added.signed_in.secret or ""
        if not added.recovery_codes:
            return keep_session(RedirectResponse("/sessions", 303), added.signed_in, secret, kernel.settings)
        page = {"codes": added.recovery_codes, "home": HOME[caller.role], "added": "app"}
        answered = templates.page(request, "recovery_codes.html", page)
        return keep_session(answered, added.signed_in, secret, kernel.settings)


def _removing(pages: APIRouter, kernel: Kernel[IntakeSettings]) -> None:
    context = SignInContext.of(kernel.settings, kernel.ids)

    @pages.get("/authenticators/{authenticator}/remove")
    async def ask(request: Request, authenticator: UUID, caller: Owner, templates: Pages) -> HTMLResponse:
        async with kernel.database.transaction() as tx:
            found = await second_step.own_authenticator(tx, context, caller, authenticator)
        return templates.page(
            request,
            "remove_authenticator.html",
            {"app": found, "form": FormState(), "alone": not context.needs_two(caller)},
        )

    @pages.post("/authenticators/{authenticator}/remove")
    async def remove(
        request: Request,
        authenticator: UUID,
        *,
        caller: Owner,
        templates: Pages,
        device: CurrentDevice,
        sent: Annotated[Sent[StepForm], Form()],
    ) -> Response:
        now, here = kernel.clock(), context.on(device)
        try:
            given = sent.read(_CODE)
            async with kernel.database.transaction() as tx:
                result = await second_step.remove(tx, here, caller, authenticator, code=given.code, now=now)
            await proven(kernel, here, caller, result, now)
        except Problem as problem:
            if problem.type not in _OF_THE_FORM:
                raise
            async with kernel.database.transaction() as tx:
                found = await second_step.own_authenticator(tx, context, caller, authenticator)
            page = {"app": found, "form": sent.form.with_problem(problem), "alone": not context.needs_two(caller)}
            return templates.page(request, "remove_authenticator.html", page, problem=problem)
        return RedirectResponse("/sessions", 303)


def _recovery_codes(pages: APIRouter, kernel: Kernel[IntakeSettings]) -> None:
    context = SignInContext.of(kernel.settings, kernel.ids)

    @pages.get("/recovery-codes")
    async def ask(request: Request, caller: Staff, templates: Pages) -> Response:
        """Who is asked for no second step needs none."""
        async with kernel.database.transaction() as tx:
            standing = await second_step.own(tx, context, caller)
        if not standing.asked:
            return RedirectResponse("/sessions", 303)
        return templates.page(
            request, "new_recovery_codes.html", {"form": FormState(), "standing": standing, "wrong": None}
        )

    async def shown_again(
        request: Request, caller: Caller, templates: Templates, form: FormState, why: Problem
    ) -> Response:
        async with kernel.database.transaction() as tx:
            standing = await second_step.own(tx, context, caller)
        page = {"form": form.with_problem(why), "standing": standing, "wrong": why}
        return templates.page(request, "new_recovery_codes.html", page, problem=why)

    @pages.post("/recovery-codes")
    async def make(
        request: Request,
        caller: Staff,
        templates: Pages,
        device: CurrentDevice,
        sent: Annotated[Sent[StepForm], Form()],
    ) -> Response:
        now, here = kernel.clock(), context.on(device)
        try:
            given = sent.read(_CODE)
            async with kernel.database.transaction() as tx:
                result = await second_step.make_recovery_codes(tx, here, caller, given.code, now)
            codes = await proven(kernel, here, caller, result, now)
        except Problem as problem:
            if problem.type not in _OF_THE_FORM:
                raise
            return await shown_again(request, caller, templates, sent.form, problem)
        page = {"codes": codes, "home": "/sessions", "added": ""}
        return templates.page(request, "recovery_codes.html", page)

    @pages.post("/recovery-codes/passkey")
    async def make_by_passkey(
        request: Request,
        caller: Staff,
        templates: Pages,
        device: CurrentDevice,
        sent: Annotated[Sent[PasskeyForm], Form()],
    ) -> Response:
        now, here = kernel.clock(), context.on(device)
        try:
            async with (
                noting_refusals(kernel.database, here, SignInWay.PASSKEY, now, person=caller.person),
                kernel.database.transaction() as tx,
            ):
                answer = sent.read().answer
                codes = await second_step.make_recovery_codes_by_passkey(tx, here, caller, answer, now)
        except Problem as problem:
            if problem.detail is not PeopleReason.PASSKEY_REFUSED:
                raise
            return await shown_again(request, caller, templates, FormState(), problem)
        page = {"codes": codes, "home": "/sessions", "added": ""}
        return templates.page(request, "recovery_codes.html", page)


def _to_second_step(request: Request, problem: Problem) -> Response:
    """Who has to give the second step first is led to it, and back; any other problem is raised."""
    if problem.detail is not PeopleReason.STEP_NEEDED:
        raise problem
    return RedirectResponse(f"{SECOND_STEP}?next={quote(request.url.path, safe='')}", 303)
