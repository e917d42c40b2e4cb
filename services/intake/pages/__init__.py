"""HTTP in, for people: the welcome, signing in, an offering's form, a commission's page and all that is done on it."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter

from services.intake.pages import (
    approval,
    cancellation,
    changing,
    claims,
    commissions,
    confirmation,
    contract_withdrawals,
    delivery,
    entering,
    form,
    language,
    leaving,
    local_links,
    messages,
    passkeys,
    people,
    proposals,
    provider,
    provider_sign_out,
    refusals,
    second_step,
    session,
    sessions,
    sign_in,
    sign_up,
    studio_pages,
    tablet,
    welcome,
)
from services.intake.settings import IntakeSettings
from shared.runtime.service import Kernel
from shared.web.assets import OwnAssets

__all__ = ["ASSETS", "TEMPLATES", "routers"]

TEMPLATES = Path(__file__).parent / "templates"
ASSETS = OwnAssets(Path(__file__).parent / "static", at="/intake")


def routers(kernel: Kernel[IntakeSettings]) -> Sequence[APIRouter]:
    """`form` comes before `commissions`: `/commissions/new` is not a commission."""
    own_provider = provider.provider_of(kernel.settings)
    return [
        welcome.router(),
        studio_pages.router(kernel),
        sign_up.router(kernel),
        local_links.router(kernel),
        session.router(kernel, own_provider),
        sessions.router(kernel, own_provider),
        sign_in.router(kernel),
        passkeys.router(kernel),
        provider.router(kernel, own_provider),
        provider_sign_out.router(kernel, own_provider),
        second_step.router(kernel),
        language.router(kernel),
        form.router(kernel),
        entering.router(kernel),
        commissions.router(kernel),
        changing.router(kernel),
        proposals.router(kernel),
        refusals.router(kernel),
        confirmation.router(kernel),
        messages.router(kernel),
        approval.router(kernel),
        delivery.router(kernel),
        cancellation.router(kernel),
        claims.router(kernel),
        contract_withdrawals.router(kernel),
        tablet.router(kernel),
        people.router(kernel),
        leaving.router(kernel),
    ]
