"""Notify's database, a mail server that answers as a test says, and the mailer between them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from services.notify.mailer import loops
from shared.postgres.database import Database, DatabaseUnavailableError
from tests.support.mail_server import MailServer, mail_server
from tests.support.notify import Notify, kernel_of, tables

Mailing = Callable[..., AbstractAsyncContextManager[None]]


@pytest.fixture(scope="session")
async def notify_dsn(make_database: Callable[[str], Awaitable[str]]) -> str:
    return await tables(make_database)


@pytest.fixture(scope="session")
async def database(notify_dsn: str) -> AsyncIterator[Database]:
    opened = await Database.open(notify_dsn, application="notify")
    yield opened
    await opened.close(1)


@pytest.fixture
def notify(database: Database, notify_dsn: str) -> Notify:
    return Notify(database, notify_dsn)


@pytest.fixture
async def mail() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
def mailing(notify_dsn: str, mail: MailServer, database: Database) -> Mailing:
    """Runs the mailer while a block lasts, with short waits and what the test sets; `by` another database."""

    @asynccontextmanager
    async def running(by: Database = database, **changes: object) -> AsyncIterator[None]:
        kernel = kernel_of(notify_dsn, by, smtp=mail.address, **changes)
        tasks = [asyncio.ensure_future(loop.run()) for loop in loops(kernel)]
        try:
            yield
            ended = [task.exception() for task in tasks if task.done()]
            assert [error for error in ended if not isinstance(error, DatabaseUnavailableError)] == []
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    return running
