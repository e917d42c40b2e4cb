"""Wiring."""

from pathlib import Path

from fastapi import FastAPI

from services.intake import api, events, pages
from services.intake.actions import erasure
from services.intake.activities import activities, loops
from services.intake.labels import LABELS
from services.intake.settings import IntakeSettings
from shared.offerings.store import keep_catalogue
from shared.runtime.service import Kernel, Service, run
from shared.web import failed_events
from shared.web.app import create_app

INBOXES = (events.timeline, events.texts)


def build() -> Service[IntakeSettings]:
    """Intake, from its environment."""
    return Service(
        name="intake",
        settings=IntakeSettings(),
        root=Path(__file__).parent,
        web=web,
        inboxes=INBOXES,
        activities=activities,
        loops=loops,
        prepare=prepare,
    )


async def prepare(kernel: Kernel[IntakeSettings]) -> None:
    """Before anybody can ask for anything: the offerings are known, and whom a backup revived is erased again."""
    await keep_catalogue(kernel)
    await erasure.erase_revived(kernel.database, kernel.clock())


def web(kernel: Kernel[IntakeSettings]) -> FastAPI:
    return create_app(
        kernel,
        title="Intake",
        routers=[*api.routers(kernel), failed_events.api(kernel)],
        pages=[failed_events.page(kernel), *pages.routers(kernel)],
        templates=[pages.TEMPLATES],
        own=pages.ASSETS,
        labels=LABELS,
        locales=[Path(__file__).parent / "locales"],
        documents={"asyncapi.json": kernel.asyncapi},
    )


def main() -> None:
    """The entry point `touchmark-intake`."""
    run(build)
