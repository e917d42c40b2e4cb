"""The ways through intake: by keyboard alone, without scripts, with pictures, and while others work on it."""

from pathlib import Path
from uuid import UUID

from playwright.async_api import Browser, Page, expect

from shared.contracts.lifecycle import CommissionEnded, Outcome
from shared.contracts.people import Role
from shared.kernel.clock import system_clock
from shared.postgres.database import Database
from tests.browser.intake.commission import facts_of, tell, token_of
from tests.support.browser import visitor
from tests.support.intake import RING, Program, apply_facts, mailed_right, photo, token
from tests.support.intake_facts import CommissionFacts, ask_approval


async def typed(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def tabbed_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on the input or button of this name or words."""
    where = "document.activeElement.name || document.activeElement.textContent.trim()"
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.evaluate(where) == name:
            return
    raise AssertionError(f"Tab never comes to {name}")


async def test_a_ring_is_asked_for_by_keyboard_alone(chromium: Browser, url: str, database: Database) -> None:
    async with visitor(chromium, url) as page:
        await page.goto("/")
        await tabbed_to(page, "Start: The engraved ring")
        await typed(page, "Enter")
        await expect(page).to_have_url(f"{url}/sign-up?next=%2Fcommissions%2Fnew%2Fjewellery%2Fengraved-ring")
        await tabbed_to(page, "name")
        await page.keyboard.type("Ada Lovelace")
        await tabbed_to(page, "email")
        await page.keyboard.type("ada@example.org")
        await typed(page, "Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Ask for a ring")

        await tabbed_to(page, "size")
        await page.keyboard.type("54")
        await tabbed_to(page, "size_system")
        await typed(page, "ArrowDown")
        for choice, times in (("metal", 3), ("finish", 2), ("occasion", 2)):
            if choice == "occasion":
                await tabbed_to(page, "engraving")
                await page.keyboard.type("as it was")
            await tabbed_to(page, choice)
            await typed(page, "Space", *["ArrowDown"] * times)
        await tabbed_to(page, "why")
        await page.keyboard.type("For Ada.")
        await tabbed_to(page, "Send the request")
        await typed(page, "Enter")

        await expect(page.get_by_role("heading", name="One more step: check your email")).to_be_visible()
        await expect(page.get_by_text("For Ada.")).to_be_visible()
        right = await mailed_right(database, UUID(page.url.rpartition("/")[2]))
        await tabbed_to(page, "code")
        await page.keyboard.type(right.code)
        await typed(page, "Enter")
        await expect(page.get_by_role("heading", name="We have received your request")).to_be_visible()


async def test_the_summary_of_problems_leads_to_each_field(chromium: Browser, url: str, ada: Program) -> None:
    async with visitor(chromium, url, token_of(ada)) as page:
        await page.goto("/commissions/new/jewellery/engraved-ring")
        await page.get_by_role("button", name="Send the request").click()
        await expect(page).to_have_title("Please check: Ask for a ring · The Studio")

        for words, field in (("Metal: ", "metal"), ("Why this piece: ", "why")):
            await page.get_by_role("alert").get_by_role("link", name=words).click()
            assert await page.evaluate("location.hash") == f"#{field}"


async def test_everything_works_without_scripts(chromium: Browser, url: str, database: Database) -> None:
    async with visitor(chromium, url, java_script_enabled=False) as page:
        await page.goto("/commissions/new/jewellery/engraved-ring")
        await page.get_by_label("Your name").fill("Ada Lovelace")
        await page.get_by_label("Your email address").fill("ada@example.org")
        await page.get_by_role("button", name="Continue").click()
        await fill_in(page, size="540")
        await page.get_by_label("A reference picture").set_input_files(
            {"name": "ring.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        )
        await page.get_by_role("button", name="Send the request").click()

        await expect(page.get_by_text("We do not make this size").last).to_be_visible()
        await expect(page.get_by_alt_text("The picture you chose")).to_be_visible()
        await expect(page.get_by_label("Why this piece")).to_have_value(RING["why"])
        await page.get_by_label("Size", exact=True).fill("54")
        await page.get_by_role("button", name="Send the request").click()
        await expect(page.get_by_role("heading", name="One more step: check your email")).to_be_visible()
        right = await mailed_right(database, UUID(page.url.rpartition("/")[2]))
        await page.get_by_label("Code from our mail").fill(right.code)
        await page.get_by_role("button", name="Confirm").click()

        await expect(page.get_by_role("heading", name="We have received your request")).to_be_visible()
        await expect(page.get_by_alt_text("Reference picture")).to_be_visible()
        await page.get_by_role("link", name="Cancel my request").click()
        await page.get_by_label("I changed my mind").check()
        await page.get_by_role("button", name="Cancel my request").click()
        await expect(page.get_by_role("heading", name="You cancelled your request")).to_be_visible()


async def fill_in(page: Page, **changed: str) -> None:
    """Fill the ring's form in, all but its picture."""
    answers = {**RING, **changed}
    await page.get_by_label("Size", exact=True).fill(answers["size"])
    await page.get_by_label("System").select_option(answers["size_system"])
    for choice in ("metal", "finish", "occasion"):
        await page.locator(f"input[name={choice}][value={answers[choice]}]").check()
    await page.get_by_label("Engraving inside").fill(answers["engraving"])
    await page.get_by_label("Why this piece").fill(answers["why"])


async def test_going_back_keeps_all_that_was_typed(chromium: Browser, url: str, ada: Program) -> None:
    async with visitor(chromium, url, token_of(ada)) as page:
        await page.goto("/commissions/new/jewellery/engraved-ring")
        await fill_in(page, size="53.5")
        await page.get_by_role("link", name="Privacy").or_(page.locator("header a")).first.click()
        await page.wait_for_url(lambda address: "/commissions/new/" not in address)

        await page.go_back()

        await expect(page.get_by_label("Size", exact=True)).to_have_value("53.5")
        await expect(page.get_by_label("Engraving inside")).to_have_value(RING["engraving"])


async def test_the_timeline_updates_by_itself(chromium: Browser, url: str, ada: Program, database: Database) -> None:
    commission: UUID = await ada.commission()
    async with visitor(chromium, url, token_of(ada)) as page:
        await page.goto(f"/commissions/{commission}")
        await expect(page.get_by_role("heading", name="We have received your request")).to_be_visible()

        await tell(database, ada, commission)
        await expect(page.get_by_role("heading", name="The studio is checking your quote")).to_be_visible()
        await expect(page.get_by_text("your piece is ready by Friday, 29 January 2027")).to_be_visible()

        ended = CommissionEnded(at=system_clock(), commission=commission, outcome=Outcome.LAPSED)
        await apply_facts(database, ended, first=90)
        await expect(page.get_by_role("heading", name="We did not send you a quote in time")).to_be_visible()


async def test_a_picture_is_shown_or_refused_before_it_travels(
    chromium: Browser, url: str, ada: Program, tmp_path: Path
) -> None:
    huge = tmp_path / "huge.jpg"
    with huge.open("wb") as file:
        file.truncate(15 * 1024 * 1024 + 1)
    async with visitor(chromium, url, token_of(ada)) as page:
        await page.goto("/commissions/new/jewellery/engraved-ring")
        chooser = page.get_by_label("A reference picture")

        await chooser.set_input_files({"name": "ring.jpg", "mimeType": "image/jpeg", "buffer": photo()})
        await expect(page.get_by_alt_text("The picture you chose")).to_be_visible()

        await chooser.set_input_files(huge)
        await expect(page.get_by_text("This file is larger than 15 MB.")).to_be_visible()
        await expect(page.get_by_alt_text("The picture you chose")).to_have_count(0)
        await expect(chooser).to_have_value("")


async def test_a_customer_signs_out_only_after_reading_what_it_means(chromium: Browser, url: str, ada: Program) -> None:
    async with visitor(chromium, url, token_of(ada)) as page:
        await page.goto("/commissions")
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_role("heading", name="Sign out of this browser?")).to_be_visible()
        await page.get_by_role("main").get_by_role("button", name="Sign out").click()
        await expect(page.get_by_role("heading", name="One piece, made for one person")).to_be_visible()
        await page.goto("/commissions")
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


async def at_the_bench(ada: Program, database: Database) -> CommissionFacts:
    """A commission whose hours are booked."""
    record = facts_of(database, ada, await ada.commission())
    await record.until_making()
    return record


async def test_words_are_corrected_and_signed_without_scripts(
    chromium: Browser, url: str, ada: Program, database: Database
) -> None:
    record = await at_the_bench(ada, database)
    await ask_approval(database, record.commission, "engraving")
    async with visitor(chromium, url, token_of(ada), java_script_enabled=False) as page:
        await page.goto(f"/commissions/{record.commission}")
        await page.get_by_role("link", name="Check and sign").click()
        await page.get_by_text("The spelling is wrong").click()
        await page.get_by_label("Engraving inside").fill("As It Was")
        await page.get_by_role("button", name="Show the corrected words").click()

        await expect(page.get_by_text("This is your correction; nothing is signed yet")).to_be_visible()
        await expect(page.locator(".inscription")).to_have_text("As It Was")
        for tick in await page.get_by_label("This is right").all():
            await tick.check()
        await page.get_by_role("button", name="Sign off").click()

        await expect(page.get_by_text("This is what was signed.")).to_be_visible()
        await expect(page.locator(".inscription")).to_have_text("As It Was")
        await page.get_by_role("link", name="The engraved ring").click()
        await expect(page.get_by_text("You signed it off")).to_be_visible()


async def test_a_signature_is_given_by_keyboard_alone(
    chromium: Browser, url: str, ada: Program, database: Database
) -> None:
    record = await at_the_bench(ada, database)
    await ask_approval(database, record.commission, "engraving")
    async with visitor(chromium, url, token_of(ada)) as page:
        await page.goto(f"/commissions/{record.commission}")
        await tabbed_to(page, "Check and sign")
        await typed(page, "Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text("The first cut of the engraving")
        for tick in ("sign_words", "sign_layout"):
            await tabbed_to(page, tick)
            await typed(page, "Space")
        await tabbed_to(page, "Sign off")
        await typed(page, "Enter")

        await expect(page.get_by_text("This is what was signed.")).to_be_visible()


async def test_a_change_is_requested_without_scripts(
    chromium: Browser, url: str, ada: Program, database: Database
) -> None:
    record = await at_the_bench(ada, database)
    approval = await ask_approval(database, record.commission, "engraving")
    async with visitor(chromium, url, token_of(ada), java_script_enabled=False) as page:
        await page.goto(f"/commissions/{record.commission}/approvals/{approval}")
        await page.get_by_text("Request a change").click()
        await page.get_by_label("What should be different?").fill("Smaller letters, please.")
        await page.get_by_role("button", name="Send the change request instead of signing").click()

        await expect(page.get_by_text("Smaller letters, please.")).to_be_visible()


async def test_a_message_appears_where_the_other_one_reads(
    chromium: Browser, url: str, ada: Program, database: Database
) -> None:
    record = await at_the_bench(ada, database)
    path = f"/commissions/{record.commission}/messages"
    async with (
        visitor(chromium, url, token_of(ada)) as customer,
        visitor(chromium, url, token(Role.MAKER, record.maker)) as maker,
    ):
        await customer.goto(path)
        await maker.goto(path)
        await customer.get_by_label("Write a message").fill("A draft that must not be lost")
        await maker.get_by_label("Write a message").fill("The band is bent.")
        await maker.get_by_role("button", name="Send message").click()

        await expect(customer.get_by_text("The band is bent.")).to_be_visible()
        await expect(customer.get_by_label("Write a message")).to_have_value("A draft that must not be lost")
        await customer.get_by_role("button", name="Send message").click()
        await expect(maker.get_by_text("A draft that must not be lost")).to_be_visible()


async def test_what_is_asked_of_the_customer_appears_by_itself_and_goes_when_it_is_done(
    chromium: Browser, url: str, ada: Program, database: Database
) -> None:
    record = await at_the_bench(ada, database)
    async with visitor(chromium, url, token_of(ada)) as page:
        await page.goto(f"/commissions/{record.commission}")
        await expect(page.get_by_text("Nothing to do right now")).to_be_visible()

        await ask_approval(database, record.commission, "engraving")
        await expect(page.get_by_role("heading", name="Sign off: The first cut of the engraving")).to_be_visible()
        await record.delay()
        await expect(page.get_by_text("It was 29 January 2027.")).to_be_visible()


async def test_the_parcel_is_received_without_scripts(
    chromium: Browser, url: str, ada: Program, database: Database
) -> None:
    record = await at_the_bench(ada, database)
    await record.finish()
    await record.send_parcel()
    async with visitor(chromium, url, token_of(ada), java_script_enabled=False) as page:
        await page.goto(f"/commissions/{record.commission}")
        await page.get_by_role("button", name="It has arrived").click()

        await expect(page.get_by_text("You confirmed that it has arrived")).to_be_visible()
        await expect(page.get_by_role("button", name="It has arrived")).to_have_count(0)


async def test_a_commission_is_cancelled_by_keyboard_and_without_scripts(
    chromium: Browser, url: str, ada: Program, database: Database
) -> None:
    record = await at_the_bench(ada, database)
    await record.passes("cut", 35)
    async with visitor(chromium, url, token_of(ada), java_script_enabled=False) as page:
        await page.goto(f"/commissions/{record.commission}")
        await page.get_by_role("link", name="Cancel my commission").click()
        await expect(page.get_by_text("I agree that I owe 35% of the price, €343.00.")).to_be_visible()
        await page.get_by_label("Another reason").focus()
        await typed(page, "Space")
        await page.get_by_label("I agree that").focus()
        await typed(page, "Space", "Tab", "Enter")

        await expect(page.get_by_role("heading", name="Your cancellation is being checked")).to_be_visible()
