"""Wiring."""

from functools import partial
from pathlib import Path

from fastapi import FastAPI

from services.production import api, pages
from services.production.activities import activities
from services.production.events import inboxes
from services.production.settings import Settings
from shared import offerings
from shared.kafka.described import asyncapi
from shared.offerings.store import record
from shared.runtime.service import Kernel, Service, run
from shared.web.app import create_app


def build() -> Service[Settings]:
    """Production, from its environment."""
    return Service(
        name="production",
        settings=Settings(),
        root=Path(__file__).parent,
        web=web,
        inboxes=inboxes,
        activities=activities,
        prepare=prepare,
    )


async def prepare(kernel: Kernel[Settings]) -> None:
    """Keep the offerings' documents: hours are planned by the stages of the version a commission started with."""
    async with kernel.database.transaction() as tx:
        await record(tx, offerings.catalogue())


def web(kernel: Kernel[Settings]) -> FastAPI:
    return create_app(
        kernel,
        title="Production",
        routers=api.routers(kernel),
        pages=pages.routers(kernel),
        templates=[pages.TEMPLATES],
        documents=asyncapi(kernel.name, partial(inboxes, kernel)),
    )


def main() -> None:
    """The entry point `touchmark-production`."""
    run(build)
