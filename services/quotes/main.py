"""Wiring."""

from pathlib import Path

from fastapi import FastAPI

from services.quotes import api, events, pages
from services.quotes.activities import activities, loops
from services.quotes.labels import LABELS, LOCALES
from services.quotes.settings import QuotesSettings
from shared.offerings.store import keep_catalogue
from shared.runtime.service import Kernel, Service, run
from shared.web import failed_events
from shared.web.app import create_app

INBOXES = (events.commissions, events.briefs, events.people, events.lifecycle, events.texts)


def build() -> Service[QuotesSettings]:
    """Quotes, from its environment."""
    return Service(
        name="quotes",
        settings=QuotesSettings(),
        root=Path(__file__).parent,
        web=web,
        inboxes=INBOXES,
        activities=activities,
        loops=loops,
        prepare=keep_catalogue,
    )


def web(kernel: Kernel[QuotesSettings]) -> FastAPI:
    return create_app(
        kernel,
        title="Quotes",
        routers=[*api.routers(kernel), failed_events.api(kernel)],
        pages=[failed_events.page(kernel), *pages.routers(kernel)],
        templates=[pages.TEMPLATES],
        labels=LABELS,
        locales=[LOCALES],
        documents={"asyncapi.json": kernel.asyncapi},
    )


def main() -> None:
    """The entry point `touchmark-quotes`."""
    run(build)
