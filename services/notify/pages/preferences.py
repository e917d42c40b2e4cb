"""`/mails/preferences`: what a maker, or somebody of the studio, wishes to be told, and when."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.notify import actions
from services.notify.domain.preferences import OPTIONAL, Preferences, Timing, quiet_hours
from services.notify.settings import NotifySettings
from shared.auth.roles import Caller, Role
from shared.contracts.notifications import Intent
from shared.kernel.problems import Problem
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.templates import Pages

Told = Annotated[Caller, Allow(Role.MAKER, Role.OPS)]

PATH = "/mails/preferences"


class PreferencesForm(BaseModel):
    """A choice for each thing, by its intent; and the quiet hours, by the studio's clock."""

    model_config = ConfigDict(extra="allow")

    quiet_from: time | None = None
    quiet_until: time | None = None

    def chosen(self, role: Role) -> Preferences:
        """What is to be kept. Raises `validation-failed`."""
        said = self.model_extra or {}
        timings = {intent: said.get(intent.value, "") for intent in OPTIONAL[role]}
        known = {intent: Timing(value) for intent, value in timings.items() if value in set(Timing)}
        return Preferences(known, quiet_hours(self.quiet_from, self.quiet_until))


def router(kernel: Kernel[NotifySettings]) -> APIRouter:
    pages = APIRouter()
    zone = ZoneInfo(kernel.settings.studio_zone)

    def context(caller: Caller, form: FormState, *, saved: bool = False) -> Mapping[str, object]:
        return {
            "form": form,
            "intents": [each.value for each in OPTIONAL[caller.role]],
            "titles": {each.value: each for each in OPTIONAL[caller.role]},
            "timings": list(Timing),
            "daily_at": datetime.combine(kernel.clock().astimezone(zone).date(), kernel.settings.daily_at, zone),
            "saved": saved,
        }

    @pages.get(PATH)
    async def preferences(request: Request, caller: Told, templates: Pages) -> HTMLResponse:
        async with kernel.database.transaction() as tx:
            found = await actions.read_preferences(tx, caller)
        form = FormState(_values(found, OPTIONAL[caller.role]))
        return templates.page(request, "preferences.html", context(caller, form, saved="saved" in request.query_params))

    @pages.post(PATH)
    async def choose(
        request: Request, caller: Told, templates: Pages, sent: Annotated[Sent[PreferencesForm], Form()]
    ) -> Response:
        try:
            chosen = sent.read().chosen(caller.role)
            async with kernel.database.transaction() as tx:
                await actions.choose(tx, caller, chosen)
        except Problem as problem:
            again = context(caller, sent.form.with_problem(problem))
            return templates.page(request, "preferences.html", again, problem=problem)
        return RedirectResponse(f"{PATH}?saved=yes", 303)

    return pages


def _values(found: Preferences, intents: tuple[Intent, ...]) -> dict[str, str]:
    """The form as it would be filled in for what is chosen."""
    quiet = found.quiet
    return {intent.value: found.timing(intent).value for intent in intents} | {
        "quiet_from": quiet.begin.isoformat("minutes") if quiet else "",
        "quiet_until": quiet.until.isoformat("minutes") if quiet else "",
    }
