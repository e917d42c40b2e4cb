"""The form says what a piece may cost and when it can be ready, as their owners answer; without them it works."""

from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Browser, Page, Route, expect

from tests.support.browser import assert_accessible, picture, visitor
from tests.support.intake import token

FORM = "/commissions/new/jewellery/engraved-ring"


class Owners:
    """Quotes and production, as the edge would lead to them."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.away = False

    async def answer(self, route: Route) -> None:
        self.asked.append(route.request.url)
        path = urlsplit(route.request.url).path
        if self.away:
            await route.fulfill(status=502, content_type="text/html", body="<p>Bad gateway</p>")
        else:
            await route.fulfill(content_type="text/html", body=f"<p>An answer of {path}.</p>")

    def last(self, path: str) -> dict[str, list[str]]:
        """What was asked there last."""
        return parse_qs([urlsplit(url).query for url in self.asked if urlsplit(url).path == path][-1])


async def opened(page: Page, owners: Owners) -> None:
    for path in ("**/quotes/estimate?*", "**/bench/earliest?*"):
        await page.route(path, owners.answer)
    await page.goto(FORM)


async def test_price_and_day_are_shown_as_answers_change_and_nothing_that_is_written_is_asked_with(
    chromium: Browser, url: str
) -> None:
    owners = Owners()
    async with visitor(chromium, url, token()) as page:
        await opened(page, owners)
        await expect(page.get_by_text("An answer of /quotes/estimate.")).to_be_visible()
        await expect(page.get_by_text("An answer of /bench/earliest.")).to_be_visible()
        first = owners.last("/quotes/estimate")
        await page.locator("[name=engraving]").fill("Ada & Grace")
        async with page.expect_request("**/quotes/estimate?*metal=*"):
            await page.locator("[name=metal]").first.check()
        async with page.expect_request("**/bench/earliest?*needed_by=2027*"):
            await page.locator("[name=needed_by]").fill("2027-03-01")
            await page.locator("[name=needed_by]").blur()
        await picture(page, "form-estimate")
        await assert_accessible(page)

    last = owners.last("/quotes/estimate")
    fields = {"craft", "offering", "version", "delivery_country"}
    assert set(first) == fields
    assert set(last) <= fields | {"metal", "finish", "occasion"}
    assert len(last["metal"]) == 1


async def test_owners_that_are_away_leave_their_buttons_and_the_form(chromium: Browser, url: str) -> None:
    owners = Owners()
    owners.away = True
    async with visitor(chromium, url, token()) as page:
        await opened(page, owners)

        async with page.expect_response("**/quotes/estimate?*metal=*"):
            await page.locator("[name=metal]").first.check()

        await expect(page.get_by_role("link", name="Show what it may cost")).to_be_visible()
        await expect(page.get_by_role("link", name="Show the earliest day")).to_be_visible()
        await expect(page.get_by_text("Bad gateway")).to_have_count(0)
        await expect(page.get_by_role("button", name="Send the request")).to_be_visible()
