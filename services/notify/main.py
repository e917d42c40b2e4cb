"""Wiring."""

from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI

from services.notify import actions, api, events, pages
from services.notify.labels import LABELS
from services.notify.mailer import loops
from services.notify.settings import NotifySettings
from shared.offerings.store import keep_catalogue
from shared.runtime.service import Kernel, Service, run
from shared.web import failed_events
from shared.web.app import create_app

MAILED = (
    events.commissions,
    events.quotes,
    events.payments,
    events.production,
    events.lifecycle,
    events.notifications,
    events.access,
    events.failures,
)
INBOXES = (events.people, events.briefs, events.texts, events.documents, *MAILED)


def build() -> Service[NotifySettings]:
    """Notify, from its environment."""
    return Service(
        name="notify",
        settings=NotifySettings(),
        root=Path(__file__).parent,
        web=web,
        inboxes=INBOXES,
        loops=loops,
        prepare=prepare,
    )


async def prepare(kernel: Kernel[NotifySettings]) -> None:
    """Keep the offerings; fix, at the first start, from when on facts are mailed."""
    await keep_catalogue(kernel)
    topics = [topic for inbox in MAILED for topic in inbox.topics]
    look_back = timedelta(seconds=kernel.settings.mail_look_back)
    async with kernel.database.transaction() as tx:
        await actions.start_reading(tx, topics, look_back=look_back, now=kernel.clock())


def web(kernel: Kernel[NotifySettings]) -> FastAPI:
    return create_app(
        kernel,
        title="Notify",
        routers=[*api.routers(kernel), failed_events.api(kernel)],
        pages=[failed_events.page(kernel), *pages.routers(kernel)],
        labels=LABELS,
        locales=[Path(__file__).parent / "locales"],
        templates=[pages.TEMPLATES],
        documents={"asyncapi.json": kernel.asyncapi},
    )


def main() -> None:
    """The entry point `touchmark-notify`."""
    run(build)
