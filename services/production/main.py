"""Wiring."""

from functools import partial
from pathlib import Path

from fastapi import FastAPI

from services.production import api, pages
from services.production.activities import activities
from services.production.events import inboxes
from services.production.labels import LABELS
from services.production.settings import Settings
from shared.kafka.described import asyncapi
from shared.offerings.store import keep_catalogue
from shared.runtime.service import Kernel, Service, run
from shared.web.app import create_app

LOCALES = Path(__file__).parent / "locales"


def build() -> Service[Settings]:
    """Production, from its environment."""
    return Service(
        name="production",
        settings=Settings(),
        root=Path(__file__).parent,
        web=web,
        inboxes=inboxes,
        activities=activities,
        prepare=keep_catalogue,
    )


def web(kernel: Kernel[Settings]) -> FastAPI:
    return create_app(
        kernel,
        title="Production",
        routers=api.routers(kernel),
        pages=pages.routers(kernel),
        templates=[pages.TEMPLATES],
        own=pages.ASSETS,
        labels=LABELS,
        locales=[LOCALES],
        documents=asyncapi(kernel.name, partial(inboxes, kernel)),
    )


def main() -> None:
    """The entry point `touchmark-production`."""
    run(build)
