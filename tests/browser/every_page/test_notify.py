"""Every page of notify, as its routes name them: whoever adds a page adds its visit here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from playwright.async_api import Browser

import services.notify.main
from shared.auth.roles import Role
from tests.conftest import MakeDatabase
from tests.support import notify
from tests.support.every_page import ServicePages, Visit, assert_every_page
from tests.support.web import NOW, token


@asynccontextmanager
async def opened(make_database: MakeDatabase) -> AsyncIterator[ServicePages]:
    async with notify.opened(make_database) as post:
        customer = await post.submit()
        await post.know(customer)
        await post.receives(post.facts_of(customer).drafted())
        kernel = replace(notify.kernel_of(post.dsn, post.database), clock=lambda: NOW)
        visits = [
            Visit("/mails/{commission}", f"/mails/{customer.commission}", token(Role.OPS)),
            Visit("/mails/failed-events", "/mails/failed-events", token(Role.OPS)),
            Visit("/mails/preferences", "/mails/preferences?saved=yes", token(Role.OPS)),
            Visit("/mails/preferences", "/mails/preferences", token(Role.MAKER), "maker"),
        ]
        yield ServicePages(services.notify.main.web(kernel), visits)


async def test_every_page_is_accessible_fits_its_window_and_is_in_german_where_german_is_read(
    chromium: Browser, make_database: MakeDatabase
) -> None:
    async with opened(make_database) as pages:
        await assert_every_page(chromium, pages)
