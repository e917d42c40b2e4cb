"""The log of mails in the browser: every state, at both widths and in both lights; and it changes by itself."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from playwright.async_api import Browser, expect

from services.notify import actions
from services.notify.domain.mails import AttemptOutcome, AttemptResult, QuietRules, RetryPolicy, result_of_reply
from services.notify.main import web
from shared.auth.roles import Role
from shared.contracts.lifecycle import Phase
from shared.kernel.ids import new_id
from tests.support.browser import PHONE, assert_accessible_everywhere, visitor
from tests.support.notify import AT_MOST_A_MINUTE, ZONE, Customer, Notify, kernel_of, opened
from tests.support.web import NOW, served, token

RETRY_POLICY = RetryPolicy(timedelta(minutes=5), timedelta(minutes=5), timedelta(days=3))


@pytest.fixture
async def notify(make_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Notify]:
    """In a database of the test's own, so that the mail that is due is its own."""
    async with opened(make_database) as doors:
        yield doors


@pytest.fixture
async def url(notify: Notify) -> AsyncIterator[str]:
    kernel = kernel_of(notify.dsn, notify.database)
    async with served(web(replace(kernel, clock=lambda: NOW))) as address:
        yield address


async def _attempt(notify: Notify, result: AttemptResult, hours: int = 0) -> None:
    """The mail that is due gets this answer, so many hours from now."""
    later = notify.now() + timedelta(hours=hours)
    async with notify.database.transaction() as tx:
        leased = await actions.lease_next(
            tx, lease=new_id(), now=later, duration=timedelta(minutes=1), waits=AT_MOST_A_MINUTE, zone=ZONE
        )
        assert leased
        await actions.record_result(tx, leased, result, policy=RETRY_POLICY, now=later, jitter=0)


async def _history(notify: Notify) -> Customer:
    """Somebody to whom one mail was sent after some trouble, one was refused, and one is about to be sent.

    A message to a maker who is not known yet waits, and one to the customer is held back.
    """
    customer = await notify.submit()
    await notify.know(customer)
    for hours, result in enumerate(
        (result_of_reply(451), AttemptResult(AttemptOutcome.UNREACHABLE), AttemptResult(AttemptOutcome.ACCEPTED))
    ):
        await _attempt(notify, result, hours)
    facts = notify.facts_of(customer)
    await notify.receives(facts.drafted())
    await _attempt(notify, result_of_reply(550), hours=3)
    await notify.receives(facts.invoiced(due_on=date(2027, 5, 31)))
    await _attempt(notify, result_of_reply(250), hours=4)
    await notify.receives(facts.reminded(Phase.BALANCE), facts.certified())
    await notify.write(customer, Role.CUSTOMER)
    await notify.write(customer, Role.MAKER, quiet=QuietRules(timedelta(minutes=3), timedelta(hours=1)))
    return customer


@pytest.mark.parametrize("language", ["en", "de"])
async def test_the_log_is_accessible_and_fits_its_window(
    chromium: Browser, notify: Notify, url: str, language: str
) -> None:
    customer = await _history(notify)

    async with visitor(chromium, url, token(Role.OPS), PHONE, locale=language) as page:
        await page.goto(f"/mails/{customer.commission}")
        await expect(page.get_by_role("heading", level=2)).to_have_count(7)

        await assert_accessible_everywhere(page, f"mails-{language}")


async def test_the_log_reads_without_scripts(chromium: Browser, notify: Notify, url: str) -> None:
    customer = await _history(notify)

    async with visitor(chromium, url, token(Role.OPS), java_script_enabled=False) as page:
        await page.goto(f"/mails/{customer.commission}")

        await expect(page.get_by_text("refused for good (550)")).to_be_visible()
        await expect(page.get_by_text("a•••@example.org").first).to_be_visible()


async def test_the_log_changes_by_itself(chromium: Browser, notify: Notify, url: str) -> None:
    customer = await notify.submit()

    async with visitor(chromium, url, token(Role.OPS)) as page:
        await page.goto(f"/mails/{customer.commission}")
        await expect(page.get_by_text("Waiting for an address")).to_be_visible()
        await notify.know(customer)
        await _attempt(notify, AttemptResult(AttemptOutcome.ACCEPTED))

        await expect(page.get_by_text("accepted by the mail server")).to_be_visible(timeout=15_000)
