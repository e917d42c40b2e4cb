"""Wiring."""

from pathlib import Path

from fastapi import FastAPI

from services.production import api, events, pages
from services.production.actions.makers import equip_first_bench
from services.production.activities import activities, loops
from services.production.labels import LABELS
from services.production.settings import ProductionSettings
from shared.offerings.store import keep_catalogue
from shared.runtime.service import Kernel, Service, run
from shared.web import failed_events
from shared.web.app import create_app

LOCALES = Path(__file__).parent / "locales"

INBOXES = (events.commissions, events.people, events.briefs, events.texts)


def build() -> Service[ProductionSettings]:
    """Production, from its environment."""
    return Service(
        name="production",
        settings=ProductionSettings(),
        root=Path(__file__).parent,
        web=web,
        inboxes=INBOXES,
        activities=activities,
        loops=loops,
        prepare=prepare,
    )


async def prepare(kernel: Kernel[ProductionSettings]) -> None:
    """Keep this release's offerings, and let the studio's own bench make them."""
    await keep_catalogue(kernel)
    async with kernel.database.transaction() as tx:
        await equip_first_bench(tx)


def web(kernel: Kernel[ProductionSettings]) -> FastAPI:
    return create_app(
        kernel,
        title="Production",
        routers=[*api.routers(kernel), failed_events.api(kernel)],
        pages=[failed_events.page(kernel), *pages.routers(kernel)],
        templates=[pages.TEMPLATES],
        own=pages.ASSETS,
        labels=LABELS,
        locales=[LOCALES],
        documents={"asyncapi.json": kernel.asyncapi},
    )


def main() -> None:
    """The entry point `touchmark-production`."""
    run(build)
