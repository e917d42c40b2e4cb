"""The desk: lines, a discount and conditions of a draft, by page and by API, each on the version that was looked at."""

import re
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
import pytest
from pypdf import PdfReader

from services.quotes.domain.quote import Quote
from services.quotes.main import web
from shared.auth.roles import Role
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.postgres.database import Database
from tests.support.quotes import ENGLISH, Quotes, brief, kernel_of
from tests.support.web import ORIGIN, bearer, client_of, cookie

DESK = new_id()
HERE = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database, maker_pay_minor=30_00, workshop_place="Görlitz"))) as asking:
        yield asking


async def _drafted(quotes: Quotes) -> tuple[UUID, UUID]:
    """A customer, and their commission with a draft on the desk."""
    customer, commission = new_id(), new_id()
    await quotes.record_person(customer)
    await quotes.record_brief(brief(commission), customer)
    await quotes.draft(commission)
    return customer, commission


async def _send(
    client: httpx.AsyncClient, commission: UUID, form: str, fields: Mapping[str, str] | None = None, **typed: str
) -> httpx.Response:
    """Send a form of the desk as a browser without JavaScript does."""
    data = {"version": "1", **(fields or {}), **typed}
    return await client.post(f"/quotes/{commission}/{form}", data=data, headers=cookie(Role.OPS, DESK) | HERE)


async def _quote(quotes: Quotes, commission: UUID) -> Quote:
    found = (await quotes.overview(commission)).quote
    assert found is not None
    return found


def _codes(quote: Quote) -> list[str]:
    return [line.code for line in quote.price.lines]


async def test_a_line_a_discount_and_another_order_are_versions_that_the_customer_reads(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    customer, commission = await _drafted(quotes)

    added = await _send(client, commission, "lines/new", title="A box of oak", amount="48.50", reason="As you asked.")
    given = await _send(client, commission, "discount", version="2", percent="10", reason="Your second ring.")
    up = await _send(client, commission, "lines/move", version="3", line="added_1", to="up")
    gone = await _send(client, commission, "lines/remove", version="4", line="finish")
    await quotes.send(commission, 5)

    assert [each.status_code for each in (added, given, up, gone)] == [303] * 4
    quote = await _quote(quotes, commission)
    assert "finish" not in _codes(quote)
    assert _codes(quote)[-2:] != ["added_1", "discount"]
    assert _codes(quote)[-1] == "discount"
    page = (await client.get(f"/quotes/{commission}", headers=cookie(Role.CUSTOMER, customer))).text
    for said in ("A box of oak", "As you asked.", "Discount", "Your second ring."):
        assert said in page, said
    assert "Görlitz" in page
    assert "reaches the person who makes your piece" in page
    redrafts = [event.get("redraft") for name, event in await quotes.facts(commission) if name == "QuoteDrafted"]
    assert redrafts == [None, "lines_changed", "discount_given", "lines_changed", "lines_changed"]


async def test_the_figures_on_the_papers_of_a_changed_quote_are_the_ledgers(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    customer, commission = await _drafted(quotes)
    await _send(client, commission, "lines/new", title="A box of oak", amount="48.51")
    await _send(client, commission, "discount", version="2", amount="33,33", reason="Your second ring.")
    await _send(client, commission, "conditions", version="3", deposit_percent="30", deposit_days="5", valid_days="3")
    await quotes.send(commission, 4)
    await quotes.accept(customer, commission, 4)
    [deposit] = (await quotes.account(commission)).invoices
    await quotes.pay(commission, deposit.total.minor)
    balance = await quotes.issue_balance(commission)

    books, quote = await quotes.balances(commission), await _quote(quotes, commission)
    contract = await _words(client, f"/quotes/{commission}/contract.pdf", customer)
    final = await _words(client, f"/quotes/{commission}/invoices/{balance.invoice}", customer)

    assert deposit.total == quote.price.total.times(Decimal("0.3"))
    assert deposit.due_on == deposit.issued_on + timedelta(days=5)
    assert -books["revenue"] == quote.price.net.minor
    assert -books["vat_payable"] == quote.price.vat.amount.minor
    for figure in (quote.price.net.minor, quote.price.total.minor, deposit.total.minor, 48_51, -33_33):
        assert _said(figure) in contract, figure
    for figure in (-books["revenue"], quote.price.total.minor, balance.total.minor, 48_51, -33_33):
        assert _said(figure) in final, figure
    assert "A box of oak" in final
    assert "30% of the price" in contract


async def test_a_deposit_of_everything_leaves_no_balance(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await _drafted(quotes)
    await _send(client, commission, "conditions", deposit_percent="100")
    await quotes.send(commission, 2)
    await quotes.accept(customer, commission, 2)
    quote = await _quote(quotes, commission)

    await quotes.pay(commission, quote.price.total.minor, confirmed=False)
    final = await quotes.issue_balance(commission)

    assert quote.offer is not None
    assert "balance" not in [each.code for each in quote.offer.terms]
    assert (final.total.minor, final.left.minor) == (0, 0)
    assert all(each.paid_at for each in (await quotes.account(commission)).invoices)


@pytest.mark.parametrize(
    ("form", "fields", "said"),
    [
        ("lines/new", {"title": "", "amount": "5"}, "title-problem"),
        ("lines/new", {"title": "Box", "amount": "five"}, "amount-problem"),
        ("lines/new", {"title": "Box", "amount": "-5"}, "amount-problem"),
        ("discount", {"reason": "Why"}, "Fill in one of the two fields."),
        ("discount", {"reason": "Why", "amount": "5", "percent": "5"}, "Fill in one of the two fields."),
        ("discount", {"reason": "Why", "percent": "100"}, "no percentage between 0 and 100"),
        ("discount", {"reason": "Why", "percent": "1e1"}, "no percentage between 0 and 100"),
        ("discount", {"reason": "Why", "amount": "999999"}, "leaves nothing to pay"),
        ("discount", {"reason": "", "percent": "5"}, "reason-problem"),
        ("conditions", {"deposit_percent": "101"}, "no whole number from 1 to 100"),
        ("conditions", {"valid_days": "0"}, "no whole number from 1 to 365"),
        ("conditions", {"deposit_days": "3.5"}, "no whole number from 1 to 365"),
        ("lines/remove", {"line": "nothing"}, "no such line"),
        ("lines/move", {"line": "bench", "to": "aside"}, 'role="alert"'),
    ],
)
async def test_bad_input_is_answered_beside_its_field_and_drafts_nothing(
    client: httpx.AsyncClient, quotes: Quotes, form: str, fields: dict[str, str], said: str
) -> None:
    _, commission = await _drafted(quotes)

    answer = await _send(client, commission, form, fields)

    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert said in answer.text
    assert (await _quote(quotes, commission)).version == 1


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("lines/new", {"title": "Box", "amount": "5"}),
        ("discount", {"reason": "Why", "percent": "5"}),
        ("conditions", {"deposit_percent": "20"}),
        ("lines/remove", {"line": "finish"}),
        ("lines/move", {"line": "bench", "to": "up"}),
    ],
)
async def test_who_comes_second_is_told_what_the_newest_version_is(
    client: httpx.AsyncClient, quotes: Quotes, form: str, fields: dict[str, str]
) -> None:
    _, commission = await _drafted(quotes)
    await quotes.adjust(commission, 1, "bench", 40000, "Quicker")

    answer = await _send(client, commission, form, fields)

    assert answer.status_code == httpx.codes.CONFLICT
    assert "Version 2 is the newest one" in answer.text
    assert (await _quote(quotes, commission)).version == 2


async def test_the_same_form_sent_twice_is_one_version(client: httpx.AsyncClient, quotes: Quotes) -> None:
    _, commission = await _drafted(quotes)
    page = await client.get(f"/quotes/{commission}/lines/new", headers=cookie(Role.OPS, DESK))
    found = re.search(r'name="(?P<name>[^"]*key[^"]*)" value="(?P<key>[^"]+)"', page.text)
    assert found
    fields = {found["name"]: found["key"], "title": "Box", "amount": "5"}

    answers = [await _send(client, commission, "lines/new", fields) for _ in range(2)]

    assert [each.status_code for each in answers] == [303, 303]
    assert (await _quote(quotes, commission)).version == 2


async def test_an_accepted_quote_is_changed_by_nobody(client: httpx.AsyncClient, quotes: Quotes) -> None:
    _, commission = await quotes.accepted()

    asked = await client.get(f"/quotes/{commission}/discount", headers=cookie(Role.OPS, DESK))
    answer = await _send(client, commission, "discount", reason="Why", percent="5")

    assert asked.status_code == 303
    assert answer.status_code == httpx.codes.CONFLICT
    assert "accepted this quote" in answer.text


async def test_the_api_does_the_same_and_says_what_the_work_is(client: httpx.AsyncClient, quotes: Quotes) -> None:
    _, commission = await _drafted(quotes)
    root = f"/api/v1/quotes/commissions/{commission}/quote"

    async def post(path: str, **given: Any) -> httpx.Response:
        headers = bearer(Role.OPS, DESK) | {"Idempotency-Key": str(new_id())}
        return await client.post(f"{root}/{path}", json=given, headers=headers)

    answers = [
        await post("lines", version=1, title="Box", minor=500, currency="EUR"),
        await post("discount", version=2, percent="7.5", reason="Why"),
        await post("lines/move", version=3, line="added_1", to="up"),
        await post("lines/remove", version=4, line="added_1"),
        await post("conditions", version=5, deposit_percent=40),
    ]
    wrong = [
        await post("lines", version=6, title="Box", minor=500, currency="USD"),
        await post("discount", version=6, percent="5", minor=5, currency="EUR", reason="Why"),
        await post("conditions", version=6, deposit_percent=0),
    ]
    read = (await client.get(root, headers=bearer(Role.OPS, DESK))).json()

    assert [each.status_code for each in answers] == [201] * 5
    assert [each.status_code for each in wrong] == [422] * 3
    assert read["quote"]["conditions"] == {"deposit_percent": 40, "deposit_days": None, "valid_days": None}
    assert read["work"]["pay"]["minor"] > 0


async def test_who_leaves_takes_the_names_of_added_lines_along(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await _drafted(quotes)
    await _send(client, commission, "lines/new", title="Ada's own box", amount="5", reason="For Ada")

    await quotes.erase_person(customer)

    line = (await _quote(quotes, commission)).price.line("added_1")
    assert line is not None
    assert line.title == ""
    assert line.adjustment is None or line.adjustment.reason == ""


def _said(minor: int) -> str:
    return ENGLISH.money(Money(minor=minor, currency="EUR"))


async def _words(client: httpx.AsyncClient, path: str, person: UUID) -> str:
    content = (await client.get(path, headers=cookie(Role.CUSTOMER, person))).raise_for_status().content
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())
