"""The certificate in the browser: on screen in both lights, on paper, with its code; and what is not in order."""

import os
import re
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest
import segno
from PIL import Image, ImageDraw
from playwright.async_api import Browser, Page, expect

from services.production.actions import profiles
from services.production.domain.profiles import Profile
from services.production.main import web
from shared.auth.roles import Role
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.conftest import MakeDatabase
from tests.support.browser import (
    PHONE,
    Look,
    assert_accessible,
    assert_accessible_everywhere,
    picture,
    visitor,
)
from tests.support.certificates import Bench
from tests.support.production import MAKER, NOW, Production, kernel_of, opened
from tests.support.web import bearer, served, token


def photo(ground: str, metal: str) -> bytes:
    """Something like a ring on something like a bench."""
    drawn = Image.new("RGB", (1600, 1200), ground)
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((480, 280, 1120, 920), outline=metal, width=70)
    pen.rectangle((0, 1000, 1600, 1200), fill="#4a2f16")
    made = BytesIO()
    drawn.save(made, "JPEG")
    return made.getvalue()


@pytest.fixture
async def database(make_database: MakeDatabase) -> AsyncIterator[Database]:
    async with opened(await make_database("production")) as database:
        yield database


@pytest.fixture
async def url(database: Database) -> AsyncIterator[str]:
    async with served(web(kernel_of(database))) as address:
        yield address


async def certified(database: Database, photos: int) -> Bench:
    """A ring with so many photos, made by somebody who wants to be named."""
    profile = Profile(MAKER.person, True, "Ada Kern", "Goldsmith and hand engraver. She learnt it in Pforzheim.")
    async with database.transaction() as tx:
        await profiles.save_profile(tx, MAKER, profile, now=NOW)
        await profiles.save_portrait(tx, MAKER, MAKER.person, photo("#d9c9ae", "#8a5a12"))
    bench = Bench(database)
    await bench.book()
    for stage, ground in list({"bend": "#d9c9ae", "file": "#b98a5a", "finish": "#8c8376"}.items())[:photos]:
        await bench.photograph(stage, photo(ground, "#dcae62"))
    await bench.make()
    await bench.certify()
    return bench


@pytest.mark.parametrize("photos", [0, 1, 3])
async def test_a_certificate_is_accessible(chromium: Browser, url: str, database: Database, photos: int) -> None:
    serial = await (await certified(database, photos)).serial()

    async with visitor(chromium, url) as page:
        await page.goto(f"/c/{serial}")

        await expect(page.get_by_text("Verified just now")).to_be_visible()
        await loaded(page)
        await assert_accessible_everywhere(page, f"certificate-{photos}-photos")


async def loaded(page: Page) -> None:
    """Every picture has been looked at."""
    for image in await page.locator("main img").all():
        await image.scroll_into_view_if_needed()
        await expect(image).to_have_js_property("complete", value=True)
        assert await image.evaluate("image => image.naturalWidth") > 0


@pytest.mark.parametrize("language", ["en", "de"])
async def test_the_file_that_is_taken_along_is_whole_without_the_studio(
    chromium: Browser, url: str, database: Database, tmp_path: Path, language: str
) -> None:
    bench = await certified(database, 3)
    headers = bearer(Role.CUSTOMER, bench.customer) | {"Accept-Language": language}
    async with httpx.AsyncClient(base_url=url, headers=headers) as client:
        archive = (await client.get(f"/api/v1/production/people/{bench.customer}/certificates")).raise_for_status()
    with ZipFile(BytesIO(archive.content)) as file:
        file.extractall(tmp_path)
    saved = tmp_path / f"certificate-{await bench.serial()}.html"

    async with visitor(chromium, url, offline=True) as page:
        await page.goto(saved.as_uri())
        await assert_accessible_everywhere(page, f"certificate-file-{language}")
        drawn = await page.locator("img").evaluate_all("every => every.map(each => each.naturalWidth)")

    assert len(drawn) == 4, "three photos, and the maker"
    assert all(drawn)


async def test_the_certificate_on_paper_is_whole(chromium: Browser, url: str, database: Database) -> None:
    serial = await (await certified(database, 3)).serial()

    async with visitor(chromium, url) as page:
        await page.goto(f"/c/{serial}")
        await loaded(page)
        await page.emulate_media(media="print")
        await page.set_viewport_size({"width": 718, "height": 1015})  # A4 less its margins, at 96 dpi
        await picture(page, "certificate-paper")
        paper = await page.pdf(prefer_css_page_size=True, print_background=False)
        keep(paper, "certificate.pdf")

        await expect(page.locator(".qr")).to_be_visible()
        await expect(page.get_by_role("link", name="Download")).to_be_hidden()
        await expect(page.get_by_role("navigation")).to_be_hidden()
    assert 1 <= len(re.findall(rb"/Type /Page\b", paper)) <= 2, "on one sheet, both sides"


def keep(paper: bytes, name: str) -> None:
    """Keep it, where a folder for pictures is set."""
    if folder := os.environ.get("TOUCHMARK_SCREENSHOTS"):
        Path(folder, name).write_bytes(paper)


async def test_the_code_leads_to_the_page(chromium: Browser, url: str, database: Database) -> None:
    serial = await (await certified(database, 0)).serial()
    address = f"{kernel_of(database).settings.public_url}/c/{serial}"
    expected = [list(row) for row in segno.make(address, error="m", micro=False).matrix]

    async with visitor(chromium, url, look=Look(1280, "dark")) as page:
        await page.goto(f"/c/{serial}")
        shot = await page.locator(".qr").screenshot()

    assert modules(shot, len(expected)) == expected, "dark on light, also in the dark"


def modules(shot: bytes, size: int, border: int = 4) -> list[list[int]]:
    """The code's modules as a camera would see them: 1 is dark."""
    seen = Image.open(BytesIO(shot)).convert("L")
    step = seen.width / (size + 2 * border)
    levels = seen.tobytes()

    def dark(row: int, column: int) -> int:
        across, down = int((column + border + 0.5) * step), int((row + border + 0.5) * step)
        return int(levels[down * seen.width + across] < 128)

    return [[dark(row, column) for column in range(size)] for row in range(size)]


async def test_a_certificate_that_was_changed_says_what_differs(
    chromium: Browser, url: str, database: Database
) -> None:
    bench = await certified(database, 1)
    await bench.tamper(
        "UPDATE journal_entry SET said = replace(said, ':63', ':36') WHERE piece = $1 AND said LIKE '%:63%'",
        bench.piece,
    )

    async with visitor(chromium, url) as page:
        await page.goto(f"/c/{await bench.serial()}")

        await expect(page.get_by_role("heading", name="This certificate is not valid")).to_be_visible()
        await assert_accessible_everywhere(page, "certificate-wrong")


async def test_a_certificate_that_is_on_its_way_says_so(chromium: Browser, url: str, database: Database) -> None:
    bench = Bench(database)
    await bench.book()

    async with visitor(chromium, url) as page:
        await page.goto(f"/c/{await bench.serial()}")

        await expect(page.get_by_role("heading", name="This certificate does not exist yet")).to_be_visible()
        await assert_accessible_everywhere(page, "certificate-on-its-way")


async def test_a_number_that_there_is_not_is_answered_calmly(chromium: Browser, url: str) -> None:
    async with visitor(chromium, url) as page:
        await page.goto("/c/0000-0000-0011")

        await expect(page.get_by_text("One character may be wrong")).to_be_visible()
        await assert_accessible(page)


async def test_a_photo_is_taken_at_the_bench(chromium: Browser, url: str, database: Database) -> None:
    production = Production(database)
    commission = await production.booked(new_id())
    task = (await production.piece(commission)).tasks[0].task

    async with visitor(chromium, url, token(Role.MAKER, MAKER.person), PHONE) as page:
        await page.goto(f"/bench/tasks/{task}/photos")
        await page.get_by_role("button", name="Add the photo").click()
        await expect(page.get_by_role("alert")).to_be_visible()
        await assert_accessible_everywhere(page, "photos-wrong")
        await page.get_by_label("Photo", exact=True).set_input_files(
            {"name": "ring.jpg", "mimeType": "image/jpeg", "buffer": photo("#d9c9ae", "#dcae62")}
        )
        await page.get_by_label("The certificate may show it").check()
        await page.get_by_role("button", name="Add the photo").click()

        await expect(page.get_by_text("The certificate may show it.", exact=False).last).to_be_visible()
        await loaded(page)
        await assert_accessible_everywhere(page, "photos")


async def test_a_maker_writes_a_profile(chromium: Browser, url: str) -> None:
    async with visitor(chromium, url, token(Role.MAKER, MAKER.person)) as page:
        await page.goto(f"/makers/{MAKER.person}/profile")
        await page.get_by_label("Certificates may name me").check()
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("alert")).to_be_visible()
        await assert_accessible_everywhere(page, "profile-wrong")
        await page.get_by_label("Name", exact=True).fill("Ada Kern")
        await page.get_by_role("button", name="Save").click()

        await expect(page.get_by_text("You are named")).to_be_visible()
        await assert_accessible_everywhere(page, "profile")
