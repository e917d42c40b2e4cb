"""Every page of the bench in German: nothing is wider than its window, and axe finds nothing."""

from contextlib import AbstractAsyncContextManager

from playwright.async_api import Browser, Page, expect

from services.production.actions import parcels
from shared.auth.roles import Role
from shared.kernel.ids import new_id
from tests.support.browser import assert_accessible_everywhere, visitor
from tests.support.certificates import Bench
from tests.support.production import MAKER, OPS, Production
from tests.support.web import token


def reader(chromium: Browser, url: str, role: Role) -> AbstractAsyncContextManager[Page]:
    person = MAKER.person if role is Role.MAKER else OPS.person
    return visitor(chromium, url, token(role, person), locale="de-DE")


async def test_the_board_and_the_ticket(chromium: Browser, url: str, production: Production) -> None:
    await production.booked()
    running = await production.booked()
    await production.open_gate(running, "cut")
    await production.start(running)
    away = await production.booked()
    await production.make_until(away, "engrave")
    checked = await production.booked()
    await production.make_until(checked, "check")
    await production.start(checked)

    async with reader(chromium, url, Role.MAKER) as page:
        await page.goto("/bench")
        await expect(page.get_by_role("heading", name="Werkbank", exact=True)).to_be_visible()
        await assert_accessible_everywhere(page, "de-board")
        for name, commission in (("ticket", running), ("ticket-away", away), ("ticket-checklist", checked)):
            await page.goto(f"/bench/tasks/{(await production.current(commission)).task}")
            await assert_accessible_everywhere(page, f"de-{name}")
        await page.goto(f"/bench/tasks/{(await production.current(running)).task}/photos")
        await assert_accessible_everywhere(page, "de-photos")


async def test_the_piece_and_its_parcel(chromium: Browser, url: str, production: Production) -> None:
    packed = await production.booked()
    await production.make_until(packed)
    await production.act(parcels.pack, packed)
    await production.paid(packed)

    async with reader(chromium, url, Role.OPS) as page:
        await page.goto(f"/bench/commissions/{packed}")
        await expect(page.get_by_role("heading", name="Verpackt")).to_be_visible()
        await assert_accessible_everywhere(page, "de-piece")


async def test_promises_and_makers(chromium: Browser, url: str, production: Production) -> None:
    held = new_id()
    await production.hold(held)
    await production.another_maker(name="Berta Bench")

    async with reader(chromium, url, Role.OPS) as page:
        for name, address in (
            ("promises", "/bench/promises"),
            ("pending", f"/bench/commissions/{held}"),
            ("makers", "/makers"),
            ("maker", f"/makers/{MAKER.person}"),
        ):
            await page.goto(address)
            await assert_accessible_everywhere(page, f"de-{name}")
    async with reader(chromium, url, Role.MAKER) as page:
        for name, address in (
            ("my-hours", f"/makers/{MAKER.person}"),
            ("profile", f"/makers/{MAKER.person}/profile"),
        ):
            await page.goto(address)
            await assert_accessible_everywhere(page, f"de-{name}")


async def test_the_certificate(chromium: Browser, url: str, production: Production) -> None:
    bench = Bench(production.database)
    await bench.make()
    serial = await bench.certify()

    async with visitor(chromium, url, locale="de-DE") as page:
        await page.goto(f"/c/{serial}")
        await expect(page.get_by_text("Gerade geprüft")).to_be_visible()
        await assert_accessible_everywhere(page, "de-certificate")
        await page.goto("/c")
        await assert_accessible_everywhere(page, "de-certificate-search")
        await bench.tamper("UPDATE journal SET last_digest = 'x' WHERE piece = $1", bench.piece)
        await page.goto(f"/c/{serial}")
        await expect(page.get_by_role("heading", name="nicht gültig")).to_be_visible()
        await assert_accessible_everywhere(page, "de-certificate-invalid")
