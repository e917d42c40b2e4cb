"""Wiring."""

from functools import partial
from pathlib import Path

from fastapi import FastAPI

from services.notify import api, pages
from services.notify.activities import activities
from services.notify.events import inboxes
from services.notify.labels import LABELS
from services.notify.mailer import loops
from services.notify.settings import NotifySettings
from shared.kafka.described import asyncapi
from shared.offerings.store import keep_catalogue
from shared.runtime.service import Kernel, Service, run
from shared.web.app import create_app


def build() -> Service[NotifySettings]:
    """Notify, from its environment."""
    return Service(
        name="notify",
        settings=NotifySettings(),
        root=Path(__file__).parent,
        web=web,
        inboxes=inboxes,
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
        documents=asyncapi(kernel.name, partial(inboxes, kernel)),
    )


def main() -> None:
    """The entry point `touchmark-notify`."""
    run(build)
