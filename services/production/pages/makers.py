"""Makers: the list, and one maker's skills and hours, which ops may change."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.production.actions import makers
from services.production.actions.context import ProductionContext
from services.production.domain.makers import DAYS, Maker, write_days_off
from services.production.domain.reasons import BenchInput
from services.production.pages.forms import SKILL, MakerForm
from services.production.pages.values import TEMPLATE_VALUES
from services.production.settings import ProductionSettings
from shared.auth.roles import Caller, Role
from shared.i18n import Reader
from shared.kernel.problems import Problem, ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.templates import Pages

Anybody = Annotated[Caller, Allow(Role.MAKER, Role.OPS)]
MakerViewer = Annotated[Caller, Allow(Role.MAKER, Role.OPS, of="maker")]
Ops = Annotated[Caller, Allow(Role.OPS, of="maker")]


def router(kernel: Kernel[ProductionSettings]) -> APIRouter:
    pages = APIRouter()

    async def page_values(caller: Caller, maker: UUID, form: FormState | None) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            found = await makers.read_maker(tx, caller, maker)
        return {
            **TEMPLATE_VALUES,
            "days": DAYS,
            "maker": found,
            "form": form or _filled(found),
            "skills": _skills(found),
            "usual": _usual(),
            "weekday": _weekday,
        }

    def _usual() -> tuple[int, ...]:
        return kernel.settings.calendar.week

    @pages.get("/makers")
    async def listed(request: Request, caller: Anybody, templates: Pages) -> HTMLResponse:
        today = ProductionContext(kernel.clock(), kernel.ids, kernel.settings).today
        async with kernel.database.transaction() as tx:
            found = await makers.read_makers(tx, caller, since=today)
        return templates.page(request, "makers.html", {**TEMPLATE_VALUES, "makers": found})

    @pages.get("/makers/{maker}")
    async def one(request: Request, maker: UUID, caller: MakerViewer, templates: Pages) -> HTMLResponse:
        return templates.page(request, "maker.html", await page_values(caller, maker, None))

    @pages.post("/makers/{maker}")
    async def change(
        request: Request, maker: UUID, caller: Ops, templates: Pages, sent: Annotated[Sent[MakerForm], Form()]
    ) -> Response:
        try:
            given = sent.read({"state": BenchInput.STATE_UNKNOWN})
            async with kernel.database.transaction() as tx:
                await makers.change_maker(
                    tx,
                    caller,
                    maker,
                    state=given.state,
                    skills=given.skills,
                    week=given.week,
                    days_off=given.days_off,
                )
        except Problem as problem:
            if problem.type is not ProblemType.VALIDATION_FAILED:
                raise
            values = await page_values(caller, maker, sent.form.with_problem(problem))
            return templates.page(request, "maker.html", values, problem=problem)
        return RedirectResponse(f"/makers/{maker}", 303)

    return pages


def _weekday(reader: Reader, place: int) -> str:
    """Monday is 0."""
    return str(reader.locale.days["stand-alone"]["wide"][place])


def _skills(maker: Maker) -> list[str]:
    return sorted({*makers.known_skills(), *maker.skills})


def _filled(maker: Maker) -> FormState:
    """The form, filled in with what is stored."""
    week = [f"{minutes / 60:g}" for minutes in maker.week] if maker.week else [""] * len(DAYS)
    skills = {SKILL + skill: "yes" for skill in maker.skills}
    days = {"state": maker.state.value, "days_off": write_days_off(maker.days_off)}
    return FormState({**dict(zip(DAYS, week, strict=True)), **skills, **days})
