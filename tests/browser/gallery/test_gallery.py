"""Every component on two pages that only tests have: looked at by axe, and by people."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import pytest
import pytest_asyncio
from fastapi import APIRouter
from markupsafe import Markup
from PIL import Image, ImageDraw, ImageFilter
from playwright.async_api import Browser, Route
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from shared.auth.roles import Caller, Role
from shared.kernel.money import Money
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, invalid
from shared.web.access import Allow, Public
from shared.web.forms import FormState
from shared.web.language import reader_of
from shared.web.live import Live, sse
from shared.web.reasons import RequestReason
from shared.web.templates import Pages
from tests.support.browser import assert_accessible, assert_accessible_everywhere, visitor
from tests.support.every_page import ServicePages, Visit, assert_every_page
from tests.support.waiting import until
from tests.support.web import NOW, Kernel, app_with, served, token

HERE = Path(__file__).parent
PAGES = APIRouter()
STEPS: list[dict[str, object]] = [
    {"what": "Your request arrived", "state": "done", "at": NOW - timedelta(days=3)},
    {"what": "Days held for your maker", "state": "done", "at": NOW - timedelta(days=2), "said": "Two days in May."},
    {"what": "Quote drafted", "state": "now", "at": NOW, "photo": "/gallery/photo.jpg", "alt": "A sketch of the ring"},
    {"what": "Deposit", "state": "late", "at": datetime(2026, 11, 20, tzinfo=UTC)},
    {"what": "On the bench", "state": "ahead"},
]
WRONG = invalid(
    FieldProblem("/size", Phrase(RequestReason.MORE_THAN, le=76)),
    FieldProblem("/metal", RequestReason.MISSING),
)


def _things() -> dict[str, Any]:
    price = Money(minor=128_050, currency="EUR")
    status = Markup('<span class="mark-word {}">{}</span>')
    return {
        "steps": STEPS,
        "day": date(2027, 5, 31),
        "amount": price,
        "rows": [
            [
                Markup('<a href="#a">Engraved ring</a>'),
                status.format("good", "Desk"),
                "The studio",
                "2 hours",
                "29 May",
                "€1,280.50",
            ],
            [
                Markup('<a href="#b">Engraved ring</a>'),
                status.format("wrong", "Quote late"),
                "Quotes",
                "3 days",
                "20 May",
                "€980.00",
            ],
            [
                Markup('<a href="#c">Signet ring</a>'),
                status.format("attention", "Waits for a gate"),
                "The customer",
                "1 day",
                "2 June",
                "€2,450.00",
            ],
        ],
        "lines": [["Silver", "11 g, today's rate", "€23.10"], ["Hours", "Six on the bench", "€420.00"]],
    }


@PAGES.get("/gallery")
async def gallery(request: Request, pages: Pages, _: Annotated[Caller | None, Public()]) -> HTMLResponse:
    form = FormState({"engraving": "as it was, as it will be", "size": "540", "finish": "brushed"})
    return pages.page(request, "gallery.html", {**_things(), "form": form})


@PAGES.get("/gallery/wrong")
async def gallery_wrong(request: Request, pages: Pages, _: Annotated[Caller | None, Public()]) -> HTMLResponse:
    form = FormState({"engraving": "as it was", "size": "540"}).with_problem(WRONG)
    return pages.page(request, "gallery.html", {**_things(), "form": form})


@PAGES.get("/gallery/wide")
async def wide(request: Request, pages: Pages, _: Annotated[Caller | None, Public()]) -> HTMLResponse:
    return pages.page(request, "wide.html", _things())


@PAGES.get("/gallery/live")
async def live(request: Request, pages: Pages, _: Annotated[Caller, Allow(Role.OPS)]) -> Response:
    async def revision() -> str:
        return str(len(STEPS))

    async def render() -> str:
        return pages.fragment("_timeline.html", reader_of(request.scope), steps=STEPS)

    return sse(request, "gallery", revision, render)


@PAGES.get("/gallery/photo.jpg")
async def photo(_: Annotated[Caller | None, Public()]) -> Response:
    return Response(_ring(), media_type="image/jpeg")


@cache
def _ring() -> bytes:
    """A bench, and a ring on it, drawn."""
    image = Image.new("RGB", (1200, 800), "#6b4f3a")
    draw = ImageDraw.Draw(image)
    for y in range(0, 800, 7):
        draw.line(
            [(0, y), (1200, y + (y * 37 % 23) - 11)], fill=(90 + y * 13 % 40, 66 + y * 7 % 28, 48 + y * 5 % 18), width=6
        )
    draw.ellipse([420, 300, 800, 560], outline="#2b1f16", width=58)
    image = image.filter(ImageFilter.GaussianBlur(6))
    draw = ImageDraw.Draw(image)
    draw.ellipse([410, 270, 790, 530], outline="#cfc9bf", width=52)
    draw.ellipse([412, 268, 788, 520], outline="#efeae2", width=12)
    sink = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.2)).save(sink, "JPEG", quality=85)
    return sink.getvalue()


@pytest_asyncio.fixture(scope="module")
async def address() -> AsyncIterator[str]:
    async with served(app_with(pages=[PAGES], templates=[HERE])) as url:
        yield url


@pytest.mark.parametrize("path", ["/gallery", "/gallery/wrong", "/gallery/wide", "/nowhere"])
async def test_every_component_is_accessible(chromium: Browser, address: str, path: str) -> None:
    async with visitor(chromium, address, token(Role.OPS)) as page:
        await page.goto(path)

        await assert_accessible_everywhere(page, path.replace("/", "_"))


async def test_a_live_part_changes_without_a_click(chromium: Browser, address: str) -> None:
    async with visitor(chromium, address, token(Role.OPS)) as page:
        await page.goto("/gallery")
        STEPS.append({"what": "Packed", "state": "ahead"})
        try:
            await page.get_by_text("Packed").wait_for(timeout=5000)
        finally:
            STEPS.pop()


async def test_a_live_part_changes_though_a_script_came_late(chromium: Browser, address: str) -> None:
    async def late(route: Route) -> None:
        await asyncio.sleep(1)  # the case itself: a slow line between the two scripts
        await route.continue_()

    async with visitor(chromium, address, token(Role.OPS)) as page:
        await page.route("**/live*.js*", late)
        await page.goto("/gallery")
        STEPS.append({"what": "Packed", "state": "ahead"})
        try:
            await page.get_by_text("Packed").wait_for(timeout=5000)
        finally:
            STEPS.pop()


async def test_a_live_part_that_gave_way_says_so_and_leads_back(chromium: Browser) -> None:
    me = token(Role.OPS)
    kernel = Kernel(live=Live(per_person=1))
    async with (
        served(app_with(pages=[PAGES], templates=[HERE], kernel=kernel)) as url,
        visitor(chromium, url, me) as first,
        visitor(chromium, url, me) as second,
    ):
        await first.goto("/gallery")
        await until("it follows", lambda: kernel.live.open_streams == 1)
        note = first.get_by_text("This page has stopped updating by itself")
        assert not await note.is_visible()
        await second.goto("/gallery")

        await note.wait_for(timeout=5000)
        await assert_accessible_everywhere(first)
        await first.get_by_role("status").get_by_role("link", name="Load the page again").click()
        await second.get_by_text("This page has stopped updating by itself").wait_for(timeout=5000)


async def test_axe_tells_what_is_wrong(chromium: Browser, address: str) -> None:
    async with visitor(chromium, address, token(Role.OPS)) as page:
        await page.goto("/gallery")
        await page.evaluate("document.querySelector('figure img').removeAttribute('alt')")

        with pytest.raises(AssertionError, match="image-alt"):
            await assert_accessible(page)


async def test_axe_tells_what_is_wrong_in_the_dark_alone(chromium: Browser, address: str) -> None:
    async with visitor(chromium, address, token(Role.OPS)) as page:
        await page.goto("/gallery")
        await page.evaluate(
            """() => {
                if (matchMedia('(prefers-color-scheme: dark)').matches) throw new Error('this test begins by day')
                matchMedia('(prefers-color-scheme: dark)').onchange = dark =>
                    document.querySelector('h1').style.color = dark.matches ? '#222' : ''
            }"""
        )

        with pytest.raises(AssertionError, match="color-contrast"):
            await assert_accessible_everywhere(page)


async def test_a_page_that_nobody_looks_at_is_named(chromium: Browser) -> None:
    app = app_with(pages=[PAGES], templates=[HERE])

    with pytest.raises(AssertionError, match="/gallery/wide"):
        await assert_every_page(chromium, ServicePages(app, [Visit("/gallery", "/gallery")]))


async def test_english_on_a_german_page_is_found(chromium: Browser) -> None:
    app = app_with(pages=[PAGES], templates=[HERE])
    files = ["/gallery", "/gallery/wrong", "/gallery/photo.jpg"]

    with pytest.raises(AssertionError, match="/gallery/wide: "):
        await assert_every_page(chromium, ServicePages(app, [Visit("/gallery/wide", "/gallery/wide")], files))
