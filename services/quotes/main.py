"""Wiring."""

from functools import partial
from pathlib import Path

from fastapi import FastAPI

from services.quotes import api, pages
from services.quotes.activities import activities
from services.quotes.events import inboxes
from services.quotes.settings import Settings
from shared import offerings
from shared.kafka.described import asyncapi
from shared.offerings.store import record
from shared.runtime.service import Kernel, Service, run
from shared.web.app import create_app


def build() -> Service[Settings]:
    """Quotes, from its environment."""
    return Service(
        name="quotes",
        settings=Settings(),
        root=Path(__file__).parent,
        web=web,
        inboxes=inboxes,
        activities=activities,
        prepare=prepare,
    )


async def prepare(kernel: Kernel[Settings]) -> None:
    """Keep the offerings' documents: quotes are drafted from the version that a brief was written for."""
    async with kernel.database.transaction() as tx:
        await record(tx, offerings.catalogue())


def web(kernel: Kernel[Settings]) -> FastAPI:
    return create_app(
        kernel,
        title="Quotes",
        routers=[api.router(kernel)],
        pages=pages.routers(kernel),
        templates=[pages.TEMPLATES],
        documents=asyncapi(kernel.name, partial(inboxes, kernel)),
    )


def main() -> None:
    """The entry point `touchmark-quotes`."""
    run(build)
