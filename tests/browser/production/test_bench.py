"""The bench in the browser: what is promised, at both widths and in both lights; and it changes by itself."""

from datetime import date

from playwright.async_api import Browser, expect

from services.production.actions import promises as actions
from shared.auth.roles import Role
from shared.contracts.commissions import CommissionWithdrawn, WithdrawalReason
from shared.kernel.ids import new_id
from tests.support.browser import PHONE, assert_accessible, assert_accessible_everywhere, picture, visitor
from tests.support.production import NOW, Production
from tests.support.web import token

PATIENCE = 20_000
"""Milliseconds: a busy machine takes its time, and nothing is lost by waiting for it."""


async def _taken_back(production: Production) -> None:
    commission = new_id()
    await production.hold(commission)
    withdrawn = CommissionWithdrawn(
        at=NOW, commission=commission, customer=new_id(), reason=WithdrawalReason.CHANGED_MIND
    )
    async with production.database.transaction() as tx:
        await actions.record_withdrawal(tx, withdrawn)


async def test_every_kind_of_promise_is_accessible(chromium: Browser, url: str, production: Production) -> None:
    await production.hold(new_id())
    await production.hold(new_id(), needed_by=date(2026, 12, 24))
    await _taken_back(production)
    await production.hold(new_id(), needed_by=date(2027, 6, 5))

    async with visitor(chromium, url, token(Role.MAKER), PHONE) as page:
        await page.goto("/bench/promises")

        await assert_accessible_everywhere(page, "bench")


async def test_a_bench_without_promises_says_so_and_fills_without_a_click(
    chromium: Browser, url: str, production: Production
) -> None:
    async with visitor(chromium, url, token(Role.OPS)) as page:
        await page.goto("/bench/promises")
        await expect(page.get_by_role("heading", name="Nothing is promised")).to_be_visible()
        await picture(page, "bench-empty")
        await assert_accessible(page)

        await production.hold(new_id())

        await expect(page.get_by_role("heading", name="ring")).to_be_visible(timeout=PATIENCE)
        await expect(page.get_by_role("link", name="Status of this commission")).to_be_visible()
