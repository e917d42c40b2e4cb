"""Too late, overtaken, short, over, doubled, and for what is gone: what people read on the page then."""

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import httpx
import pytest

from services.quotes.main import web
from shared.auth.roles import Role
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.quote_money import OPS
from tests.support.quotes import NOW, Quotes, kernel_of
from tests.support.web import ORIGIN, client_of, cookie

AGREED = {"terms": "yes", "variation": "yes"}


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


async def _accepts(client: httpx.AsyncClient, customer: UUID, commission: UUID, version: int = 1) -> httpx.Response:
    headers = cookie(Role.CUSTOMER, customer) | {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}
    return await client.post(f"/quotes/{commission}/accept", data=AGREED | {"version": str(version)}, headers=headers)


async def _enters(client: httpx.AsyncClient, commission: UUID, amount: str, bank: str = "") -> httpx.Response:
    headers = cookie(Role.OPS, OPS.person) | {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}
    form = {"amount": amount, "received_on": "2026-11-23", "bank_reference": bank, "idempotency_key": str(new_id())}
    form["confirmed"] = str(int(Decimal(amount) * 100))
    return await client.post(f"/quotes/{commission}/payments", data=form, headers=headers)


async def _reads(client: httpx.AsyncClient, commission: UUID, customer: UUID) -> str:
    """The customer's page, in one line."""
    page = await client.get(f"/quotes/{commission}", headers=cookie(Role.CUSTOMER, customer))
    return " ".join(page.raise_for_status().text.split())


async def test_a_yes_from_two_browsers_leads_both_to_what_was_agreed(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.sent()

    answers = [await _accepts(client, customer, commission) for _ in range(2)]

    assert [(each.status_code, each.headers["location"]) for each in answers] == [(303, f"/quotes/{commission}")] * 2
    assert "You accepted this quote on" in await _reads(client, commission, customer)
    assert len((await quotes.account(commission)).invoices) == 1


async def test_an_acceptance_after_the_last_moment_is_answered_that_the_quote_has_expired(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    quotes.now = NOW - timedelta(days=3)
    customer, commission = await quotes.sent(held_days=2)

    answer = await _accepts(client, customer, commission)

    assert answer.status_code == 409
    assert "has expired" in answer.text
    assert "QuoteAccepted" not in await quotes.published(commission)


async def test_a_yes_to_what_was_replaced_is_shown_the_newer_version(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.sent()
    await quotes.adjust(commission, 1, "bench", 50000, "Two more hours for the hammering.")
    await quotes.send(commission, 2)

    answer = await _accepts(client, customer, commission)

    assert answer.status_code == 409
    assert "There is a newer version of this quote." in answer.text
    assert "Two more hours for the hammering." in answer.text
    assert "QuoteAccepted" not in await quotes.published(commission)


async def test_after_a_short_payment_the_page_asks_for_the_rest(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.accepted()
    left = (await quotes.account(commission)).left.minor

    entered = await _enters(client, commission, f"{(left - 250) / 100:.2f}")

    assert entered.status_code == 303
    page = await _reads(client, commission, customer)
    assert "Please transfer €2.50" in page
    assert "€2.50 open" in page


async def test_after_an_overpayment_the_page_says_what_goes_back_and_why(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    customer, commission = await quotes.accepted()
    left = (await quotes.account(commission)).left.minor

    await _enters(client, commission, f"{(left + 700) / 100:.2f}")

    page = await _reads(client, commission, customer)
    assert "€7.00 of it was more than we had asked for" in page
    assert "More was paid than invoiced" in page
    assert "To be sent" in page


async def test_a_second_transfer_of_the_same_amount_goes_back_and_the_page_says_so(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    customer, commission = await quotes.accepted()
    amount = f"{(await quotes.account(commission)).left.minor / 100:.2f}"

    for bank in ("A", "B"):
        await _enters(client, commission, amount, f"{bank}-{commission}")

    page = await _reads(client, commission, customer)
    assert page.count("Bank transfer") == 2
    assert f"{amount} of it was more than we had asked for" in page


async def test_a_transfer_that_is_entered_twice_is_one_and_another_by_its_id_is_refused_on_the_page(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    customer, commission = await quotes.accepted()

    once, again, other = [
        await _enters(client, commission, amount, f"T-{commission}") for amount in ("50.00", "50.00", "60.00")
    ]

    assert (once.status_code, again.status_code, other.status_code) == (303, 303, 409)
    assert "Somebody of the studio recorded this transfer already, on" in other.text
    assert "€50.00 for this commission." in other.text
    assert (await _reads(client, commission, customer)).count("Bank transfer") == 1


async def test_what_comes_in_for_a_cancelled_commission_goes_back_and_the_page_says_why(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    customer, commission = await quotes.accepted()
    await quotes.cancel(commission, 0)

    await _enters(client, commission, "100.00")

    page = await _reads(client, commission, customer)
    assert "€100.00 of it was more than we had asked for" in page
    assert "It was paid after the commission had ended" in page
