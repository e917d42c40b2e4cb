"""Wiring."""

from pathlib import Path

from fastapi import FastAPI

from services.notify import api, events, pages
from services.notify.activities import activities
from services.notify.labels import LABELS
from services.notify.mailer import loops
from services.notify.settings import NotifySettings
from shared.offerings.store import keep_catalogue
from shared.runtime.service import Kernel, Service, run
from shared.web.app import create_app

INBOXES = (events.people, events.commissions, events.briefs, events.texts, events.quotes, events.production)


def build() -> Service[NotifySettings]:
    """Notify, from its environment."""
    return Service(
        name="notify",
        settings=NotifySettings(),
        root=Path(__file__).parent,
        web=web,
        inboxes=INBOXES,
        activities=activities,
        loops=loops,
        prepare=keep_catalogue,
    )


def web(kernel: Kernel[NotifySettings]) -> FastAPI:
    return create_app(
        kernel,
        title="Notify",
        routers=api.routers(kernel),
        pages=pages.routers(kernel),
        labels=LABELS,
        locales=[Path(__file__).parent / "locales"],
        templates=[pages.TEMPLATES],
        documents={"asyncapi.json": kernel.asyncapi},
    )


def main() -> None:
    """The entry point `touchmark-notify`."""
    run(build)
