"""Wiring."""

from pathlib import Path

from fastapi import FastAPI

from services.lifecycle import api, events, pages
from services.lifecycle.activities import activities
from services.lifecycle.labels import LABELS
from services.lifecycle.settings import LifecycleSettings
from services.lifecycle.workflow.commission import CommissionWorkflow
from shared.offerings.store import keep_catalogue
from shared.runtime.service import Kernel, Service, run
from shared.web.app import create_app

LOCALES = Path(__file__).parent / "locales"

INBOXES = (events.bridge, events.projection, events.names, events.texts)


def build() -> Service[LifecycleSettings]:
    """Lifecycle, from its environment."""
    return Service(
        name="lifecycle",
        settings=LifecycleSettings(),
        root=Path(__file__).parent,
        web=web,
        inboxes=INBOXES,
        activities=activities,
        workflows=[CommissionWorkflow],
        prepare=keep_catalogue,
    )


def web(kernel: Kernel[LifecycleSettings]) -> FastAPI:
    return create_app(
        kernel,
        title="Lifecycle",
        routers=api.routers(kernel),
        pages=pages.routers(kernel),
        templates=[pages.TEMPLATES],
        own=pages.ASSETS,
        labels=LABELS,
        locales=[LOCALES],
        documents={"asyncapi.json": kernel.asyncapi},
    )


def main() -> None:
    """The entry point `touchmark-lifecycle`."""
    run(build)
