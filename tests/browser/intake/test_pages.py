"""What pages of intake become: nothing for axe to find, nothing wider than its window.

Their first state is in `tests/browser/every_page`.
"""

import asyncio
from uuid import UUID, uuid4

from fastapi import FastAPI
from playwright.async_api import Browser, Page, Route, expect

from services.intake.domain.people import SEEDED
from shared.contracts.lifecycle import CommissionEnded, Holder, Outcome, Phase
from shared.contracts.people import Role
from shared.kernel.clock import system_clock
from shared.postgres.database import Database
from tests.browser.intake.commission import facts_of, tell, token_of
from tests.support.browser import PHONE, assert_accessible_everywhere, visitor
from tests.support.intake import Program, apply_facts, local_link, photo, token
from tests.support.intake_facts import ask_approval


async def look_at(page: Page, name: str) -> None:
    await assert_accessible_everywhere(page, f"intake-{name}")


async def test_a_sign_up_with_nothing_in_it(chromium: Browser, url: str) -> None:
    async with visitor(chromium, url, look=PHONE) as page:
        await page.goto("/sign-up?next=/commissions/new/jewellery/engraved-ring")
        await page.get_by_role("button", name="Continue").click()
        await look_at(page, "join-wrong")


async def test_the_form_with_problems(chromium: Browser, url: str, ada: Program) -> None:
    async with visitor(chromium, url, token_of(ada), PHONE) as page:
        await page.goto("/commissions/new/jewellery/engraved-ring")
        await page.get_by_label("Size", exact=True).fill("99")
        await page.get_by_label("System").select_option("iso")
        await page.get_by_label("Engraving inside").fill("as it was, as it will be, for ever and ever and ever")
        await page.get_by_label("A reference picture").set_input_files(
            {"name": "ring.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        )
        await page.get_by_role("button", name="Send the request").click()
        await look_at(page, "form-wrong")


async def test_german_is_chosen_at_the_foot_of_a_page(chromium: Browser, url: str) -> None:
    async with visitor(chromium, url, look=PHONE) as page:
        await page.goto("/")
        await page.get_by_role("button", name="Deutsch").click()

        await expect(page.get_by_role("heading", level=1)).to_have_text("Ein Stück, für einen Menschen gemacht")


async def test_a_commission_from_its_first_minute_to_its_end(
    chromium: Browser, url: str, ada: Program, database: Database
) -> None:
    async with visitor(chromium, url, token_of(ada), PHONE) as page:
        await page.goto("/sign-up")
        await look_at(page, "join-again")
        await page.goto("/commissions")
        await look_at(page, "list-empty")
        image = await ada.send_image(photo())
        commission = UUID((await ada.submit(images=[image])).json()["commission"])
        await page.goto(f"/commissions/{commission}")
        await look_at(page, "commission-new")
        await tell(database, ada, commission)
        await page.reload()
        await look_at(page, "commission-desk")
        ended = CommissionEnded(at=system_clock(), commission=commission, outcome=Outcome.LAPSED)
        await apply_facts(database, ended, first=90)
        await page.goto(f"/commissions/{commission}")
        await look_at(page, "commission-ended")


async def test_the_whole_life_of_a_commission(chromium: Browser, url: str, ada: Program, database: Database) -> None:
    commission = UUID((await ada.submit(images=[await ada.send_image(photo())])).json()["commission"])
    record = facts_of(database, ada, commission)
    async with visitor(chromium, url, token_of(ada), PHONE) as page:
        await page.route("**/bench/**", with_a_photo)

        async def see(name: str, path: str = "") -> None:
            await page.goto(f"/commissions/{commission}{path}")
            await look_at(page, name)

        await record.until_offered()
        await see("commission-offered")
        await record.accept()
        await see("commission-deposit")
        await record.pay_deposit()
        await record.work("prepare", "bend")
        await record.note("The joint closed at the first try.\nYou will not find it.")
        await record.delay()
        await see("commission-making")
        await record.passes("cut", 35)
        await record.reach("engraving")
        approval = await ask_approval(database, commission, "engraving")
        await see("commission-approval")
        await page.goto(f"/commissions/{commission}/approvals/{approval}")
        await page.get_by_role("button", name="Sign off").click()
        await look_at(page, "approval-unticked")
        await see("cancel-after-a-gate", "/cancel")
        await ada.http.post(
            f"/commissions/{commission}/messages",
            json={"words": "Could the satin run across the band, not along it?\n\nIf it is too late, leave it."},
            headers={"Idempotency-Key": "one"},
        )
        await see("messages", "/messages")
        await record.enter(Phase.MAKING, Holder.MAKER, paused=True)
        await see("commission-paused")
        await record.finish()
        await record.send_parcel()
        await see("commission-parcel")
        await record.arrive()
        await see("commission-completed")
        await page.goto("/your-data")
        await look_at(page, "your-data")


async def test_a_cancellation_that_waits(chromium: Browser, url: str, ada: Program, database: Database) -> None:
    commission = await ada.commission()
    record = facts_of(database, ada, commission)
    await record.until_making()
    async with visitor(chromium, url, token_of(ada), PHONE) as page:
        await page.goto(f"/commissions/{commission}/cancel")
        await page.get_by_role("button", name="Cancel commission").click()
        await look_at(page, "cancel-wrong")
        await page.get_by_label("It takes too long").check()
        await page.get_by_label("I agree that").check()
        await page.get_by_role("button", name="Cancel commission").click()
        await look_at(page, "cancel-pending")
        await page.goto(f"/commissions/{commission}")
        await look_at(page, "commission-cancelling")


async def test_the_people_of_the_studio(chromium: Browser, url: str) -> None:
    async with visitor(chromium, url, token(Role.OPS), PHONE) as page:
        await page.goto("/people")
        await page.get_by_role("button", name="Send invitation").click()
        await look_at(page, "people-wrong")
        await page.get_by_label("Name").fill("Bo Hammer")
        await page.get_by_label("Email address", exact=True).fill("bo@example.org")
        await page.get_by_label("Maker").check()
        await page.get_by_role("button", name="Send invitation").click()
        await look_at(page, "people-invited")


async def test_somebody_is_let_go(chromium: Browser, url: str, app: FastAPI) -> None:
    me = uuid4()
    ops = Program(app)
    ops.http.headers["Authorization"] = f"Bearer {token(Role.OPS, me)}"
    for name, role, comes in (
        ("Wilhelmina Featherstonehaugh-Cholmondeley", "ops", True),
        ("Cy", "maker", False),
        ("Dee Anvil", "maker", True),
    ):
        who = {"name": name, "email": f"{name.split()[0].lower()}.of.the.bench@goldsmiths.example.org", "role": role}
        said = (await ops.post("/people/colleagues", who)).json()
        if comes:
            await Program(app).post("/session/invitation", {"secret": said["secret"]})
    async with visitor(chromium, url, token(Role.OPS, me), PHONE) as page:
        await page.goto("/people")
        await look_at(page, "people-listed")
        await page.get_by_role("link", name="Remove Cy").click()
        await look_at(page, "end-access-link")
        await page.goto("/people")
        await page.get_by_role("link", name="Remove Wilhelmina").click()
        await look_at(page, "end-access-studio")
        await page.goto("/people")
        await page.get_by_role("link", name="Remove Dee Anvil").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("End access for Dee Anvil?")
        await look_at(page, "end-access")
        await page.get_by_role("button", name="End access").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Dee Anvil has no access")
        await look_at(page, "end-access-done")
        await page.goto("/people")
        await expect(page.get_by_role("link", name="Remove Dee Anvil")).to_have_count(0)
        await look_at(page, "people-after")


async def test_ops_see_themselves_in_the_list(chromium: Browser, url: str) -> None:
    async with visitor(chromium, url, look=PHONE) as page:
        await page.goto(f"/sign-in/local?link={local_link(Role.OPS)}")
        await page.get_by_role("button", name="Sign in").click()
        await page.goto("/people")
        await expect(page.get_by_text("This is you")).to_be_visible()
        await page.goto(f"/people/{SEEDED[Role.OPS].person}/end-access")
        await look_at(page, "end-access-own")


async def with_a_photo(route: Route) -> None:
    """What production would answer with."""
    await route.fulfill(body=photo(), content_type="image/jpeg")


async def test_a_double_click_uses_a_link_once(chromium: Browser, url: str) -> None:
    sent, clicked = [], asyncio.Event()

    async def slowly(route: Route) -> None:
        sent.append(route.request.method)
        await clicked.wait()
        await route.continue_()

    async with visitor(chromium, url) as page:
        await page.goto(f"/sign-in/local?link={local_link(Role.CUSTOMER)}")
        await page.route("**/sign-in/local", slowly)
        place = await page.get_by_role("button", name="Sign in").bounding_box()
        assert place
        await page.mouse.dblclick(place["x"] + 5, place["y"] + 5)
        clicked.set()
        await expect(page).to_have_url(f"{url}/commissions")

    assert sent == ["POST"]
