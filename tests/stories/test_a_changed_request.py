"""The wrong size is noticed before the quote, or while it is offered: the quote is for what is wished."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from shared.auth.roles import Role
from tests.support.browser import DESK, PHONE, Look, visitor
from tests.support.studio import RING, Person, Studio
from tests.support.waiting import until


async def sends(somebody: Person, path: str, body: Any) -> httpx.Response:
    return await somebody.client.post(f"/api/v1{path}", json=body, headers={"Idempotency-Key": str(uuid4())})


async def draft_of(ops: Person, commission: UUID, brief_version: int) -> Any:
    """What the desk has, once its draft is of this version of the brief."""
    found: dict[str, Any] = {}

    async def drafted() -> bool:
        found.update(await ops.get(f"/api/v1/quotes/commissions/{commission}/quote"))
        return bool(found["quote"] and found["quote"]["brief_version"] == brief_version)

    await until(f"a draft of {commission} from brief {brief_version}", drafted, 60)
    return found


@pytest.mark.timeout(240)
async def test_the_wrong_size_is_noticed_before_the_quote(studio: Studio) -> None:
    ops, customer = studio.as_role(Role.OPS), await studio.customer()
    commission = await customer.submit()
    await studio.until_stage(commission, "desk")
    here = f"/quotes/commissions/{commission}"
    line = {"line": "bench", "minor": 40_000, "currency": "EUR", "reason": "The customer brings the wire."}
    (await sends(ops, f"{here}/quote/adjust", {"version": 1, **line})).raise_for_status()

    changed = {"brief_version": 1, "answers": {**RING, "size": "55"}}
    (await sends(customer, f"/intake/commissions/{commission}/briefs", changed)).raise_for_status()

    desk = await draft_of(ops, commission, 2)
    late = await sends(ops, f"{here}/quote/send", {"version": 2})
    (await sends(ops, f"{here}/quote/send", {"version": desk["quote"]["version"]})).raise_for_status()
    await studio.until_stage(commission, "offered")
    agreed = {"version": desk["quote"]["version"], "terms": True, "variation": True}
    (await sends(customer, f"{here}/offer/accept", agreed)).raise_for_status()
    await studio.until_stage(commission, "deposit")
    too_late = await sends(customer, f"/intake/commissions/{commission}/briefs", {**changed, "brief_version": 2})
    assert [each["field"] for each in desk["change"]["answers"]] == ["size"]
    assert desk["change"]["kept"] == ["bench"]
    assert (late.status_code, too_late.status_code) == (httpx.codes.CONFLICT, httpx.codes.CONFLICT)


@dataclass(frozen=True)
class Words:
    """What is pressed and read, in one language."""

    change: str
    save: str
    ask: str
    propose: str
    blocked: str
    revise: str
    draft: str
    send: str
    order: str


_WORDS: Final = {
    "en": Words(
        change="Change the request",
        save="Save the change",
        ask="Request a change",
        propose="Send the proposal",
        blocked="You proposed a change",
        revise="Revise the quote",
        draft="Look over the new draft",
        send="Send version",
        order="Continue to order",
    ),
    "de": Words(
        change="Anfrage ändern",
        save="Änderung speichern",
        ask="Änderung wünschen",
        propose="Vorschlag senden",
        blocked="Sie haben eine Änderung vorgeschlagen",
        revise="Angebot überarbeiten",
        draft="Den neuen Entwurf prüfen",
        send="Version",
        order="Weiter zur Bestellung",
    ),
}


async def follows(page: Page, name: str) -> None:
    await page.get_by_role("main").get_by_role("link", name=name).first.click(timeout=60_000)


async def presses(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name).first.click(timeout=60_000)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("look", "language"), [(PHONE, "de"), (DESK, "en")], ids=["phone, de", "desktop, en"])
async def test_the_wrong_size_is_noticed_by_clicks_before_the_quote_and_while_it_is_offered(
    chromium: Browser, studio: Studio, look: Look, language: str
) -> None:
    words, ops, customer = _WORDS[language], studio.as_role(Role.OPS), await studio.customer()
    commission = await customer.submit()
    await studio.until_stage(commission, "desk")
    tokens = [studio.signer.token(each.caller, datetime.now(UTC)) for each in (customer, ops)]
    async with (
        visitor(chromium, studio.url, tokens[0], look, locale=language) as theirs,
        visitor(chromium, studio.url, tokens[1], look, locale=language) as desk,
    ):
        await theirs.goto(f"/commissions/{commission}")
        await follows(theirs, words.change)
        await theirs.locator("[name=size]").fill("55")
        await presses(theirs, words.save)
        await draft_of(ops, commission, 2)
        await desk.goto(f"/quotes/{commission}")
        await presses(desk, words.send)
        await studio.until_stage(commission, "offered")

        await theirs.goto(f"/quotes/{commission}")
        await expect(theirs.get_by_role("link", name=words.order)).to_be_visible(timeout=60_000)
        await follows(theirs, words.ask)
        await theirs.locator("[name=size]").fill("56")
        await presses(theirs, words.propose)
        await theirs.goto(f"/quotes/{commission}")
        await expect(theirs.get_by_text(words.blocked).first).to_be_visible(timeout=60_000)
        await expect(theirs.get_by_role("link", name=words.order)).to_have_count(0)

        await desk.goto(f"/commissions/{commission}/proposal")
        await presses(desk, words.revise)
        await draft_of(ops, commission, 3)
        await follows(desk, words.draft)
        await presses(desk, words.send)
        await expect(theirs.get_by_role("link", name=words.order)).to_be_visible(timeout=60_000)

    offer = await customer.get(f"/api/v1/quotes/commissions/{commission}/offer")
    assert (offer["quote"]["brief_version"], offer["change_proposed"]) == (3, False)
