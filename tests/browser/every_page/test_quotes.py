"""Every page of quotes, as its routes name them: whoever adds a page adds its visit here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser

import services.quotes.main
from shared.auth.roles import Role
from tests.conftest import MakeDatabase
from tests.support import quotes
from tests.support.every_page import ServicePages, Visit, assert_every_page
from tests.support.proposed_briefs import proposed
from tests.support.quote_changes import Changes
from tests.support.quote_sendings import sendings
from tests.support.web import token

DESK_FORMS = ("lines/new", "discount", "conditions")

RING = "craft=jewellery&offering=engraved-ring&version=1"


@asynccontextmanager
async def opened(make_database: MakeDatabase) -> AsyncIterator[ServicePages]:
    async with quotes.opened(await make_database("quotes")) as database:
        studio = quotes.Quotes(database)
        customer, sent = await studio.sent()
        question, reason = "May the band be a little wider than on the picture?", "The customer brings the wire."
        asked = await studio.ask(customer, sent, question)
        await studio.adjust(sent, 1, "bench", 40000, reason)
        agreeing, accepted = await studio.accepted()
        paid = await studio.pay(accepted, 99_999_99)
        await studio.issue_balance(accepted)
        claim = await studio.claimed(accepted)
        await studio.keep_unmatched(12_34, "2026-0815 / Quist")
        wishing, wished = await studio.sent()
        await studio.record_brief(proposed(wished, size="55"))
        hurried, late = await studio.sent(needed_by="2027-02-20")
        desks = {state: f"/quotes/{commission}" for state, commission in (await sendings(studio)).items()}
        changing, to_offer = await Changes.making(studio), await Changes.making(studio)
        await changing.offered(12_000, finish="hammered", size="55")
        await to_offer.propose(size="55")
        mine, desk, soon = token(Role.CUSTOMER, customer), token(Role.OPS), token(Role.CUSTOMER, hurried)
        here = f"/quotes/{sent}"
        yield ServicePages(
            services.quotes.main.web(quotes.kernel_of(database)),
            [
                Visit("/quotes", "/quotes", desk),
                Visit("/quotes/payments", "/quotes/payments", desk),
                Visit("/quotes/estimate", f"/quotes/estimate?{RING}"),
                Visit("/quotes/{commission}", here, desk),
                *(Visit("/quotes/{commission}", path, desk, state) for state, path in desks.items()),
                Visit("/quotes/{commission}", f"/quotes/{wished}", token(Role.CUSTOMER, wishing), "a change proposed"),
                Visit("/quotes/{commission}", f"/quotes/{wished}", desk, "desk, a change proposed"),
                Visit("/quotes/{commission}", f"/quotes/{late}", soon, "too late"),
                Visit("/quotes/failed-events", "/quotes/failed-events", desk),
                Visit("/quotes/{commission}/accept", f"/quotes/{late}/accept", soon, "too late"),
                Visit("/quotes/{commission}/adjust", f"{here}/adjust?line=bench", desk),
                *(Visit(f"/quotes/{{commission}}/{form}", f"{here}/{form}", desk) for form in DESK_FORMS),
                Visit(
                    "/quotes/{commission}/questions/{question}/answer",
                    f"{here}/questions/{asked.question}/answer",
                    desk,
                ),
                Visit("/quotes/{commission}/payments", f"/quotes/{(await studio.accepted())[1]}/payments", desk),
                Visit("/quotes/claims/{claim}/answer", f"/quotes/claims/{claim}/answer", desk),
                Visit("/quotes/payments/{payment}/reverse", f"/quotes/payments/{paid.payment}/reverse", desk),
                Visit("/quotes/{commission}", f"/quotes/{accepted}", token(Role.CUSTOMER, agreeing)),
                Visit("/quotes/{commission}/accept", f"{here}/accept", mine),
                Visit(
                    "/quotes/{commission}/change-order",
                    f"/quotes/{changing.commission}/change-order",
                    token(Role.CUSTOMER, changing.customer),
                ),
                Visit(
                    "/quotes/{commission}/change-order", f"/quotes/{to_offer.commission}/change-order", desk, "to offer"
                ),
                Visit("/quotes/{commission}/decline", f"{here}/decline", mine),
                Visit("/quotes/{commission}/ask", f"{here}/ask", mine),
            ],
            files=(
                "/quotes/{commission}/quote.pdf",
                "/quotes/{commission}/contract.pdf",
                "/quotes/{commission}/contract.json",
                "/quotes/{commission}/invoices/{invoice}",
                "/quotes/{commission}/credit-notes/{credit}",
                "/quotes/{commission}/payments/{payment}",
                "/quotes/people/{person}/papers.zip",
            ),
            written=(question, reason, "For ever", "For her.", "Ada Quist", "Gold that is cut already"),
        )


async def test_every_page_is_accessible_fits_its_window_and_is_in_german_where_german_is_read(
    chromium: Browser, make_database: MakeDatabase
) -> None:
    async with opened(make_database) as pages:
        await assert_every_page(chromium, pages)
