"""What papers say is what the ledger has; and the code on an invoice is the transfer that it asks for."""

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
import pytest
from pypdf import PdfReader

from services.quotes.main import web
from shared.auth.roles import Role
from shared.i18n import Reader
from shared.kernel.money import Money
from shared.postgres.database import Database
from tests.support.quote_settings import settings_of
from tests.support.quotes import ENGLISH, NOW, Quotes, kernel_of
from tests.support.web import client_of, cookie

STUDIO: dict[str, Any] = {
    "studio_address": "Lindenweg 4, 10115 Berlin",
    "tax_number": "12/345/67890",
    "bank_holder": "Kiln & Anvil",
    "bank_iban": "DE89370400440532013000",
    "bank_bic": "COBADEFFXXX",
    "bank_name": "A Bank",
}


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database, clock=lambda: NOW, **STUDIO))) as asking:
        yield asking


async def test_the_figures_of_every_paper_are_the_ledgers(client: httpx.AsyncClient, quotes: Quotes) -> None:
    quotes.settings = settings_of(**STUDIO)
    customer, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left
    wrong = await quotes.pay(commission, deposit.minor + 4_321)
    await quotes.reverse(wrong.payment)
    right = await quotes.pay(commission, deposit.minor)
    balance = await quotes.issue_balance(commission)
    last = await quotes.pay(commission, balance.left.minor - 17)

    books, account = await quotes.balances(commission), await quotes.account(commission)
    final = await _words(client, commission, f"invoices/{balance.invoice}", customer)
    receipts = [await _words(client, commission, f"payments/{each.payment}", customer) for each in (right, last)]
    assert account.left.minor == books["receivable"] == 17
    assert right.amount.minor + last.amount.minor == books["bank"]
    for figure in (-books["revenue"], -books["vat_payable"], -books["revenue"] - books["vat_payable"], deposit.minor):
        assert _said(figure) in final
    assert _said(balance.total.minor) in final
    assert _said(deposit.minor) in receipts[0]
    assert _said(books["receivable"]) in receipts[1]


async def test_the_customer_is_shown_the_transfer_as_a_code_and_the_bic(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    quotes.settings = settings_of(**STUDIO)
    customer, commission = await quotes.accepted()
    [invoice] = (await quotes.account(commission)).invoices

    page = (await client.get(f"/quotes/{commission}", headers=cookie(Role.CUSTOMER, customer))).text
    words = await _words(client, commission, f"invoices/{invoice.invoice}", customer)

    assert 'class="qr"' in page
    assert "COBADEFFXXX" in page
    assert "data-copy hidden" in page
    assert "Scan with your banking app" in words
    assert "COBADEFFXXX" in words


def _said(minor: int) -> str:
    reader: Reader = ENGLISH
    return reader.money(Money(minor=minor, currency="EUR"))


async def _words(client: httpx.AsyncClient, commission: UUID, path: str, customer: UUID) -> str:
    answer = await client.get(f"/quotes/{commission}/{path}", headers=cookie(Role.CUSTOMER, customer))
    content = answer.raise_for_status().content
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())
