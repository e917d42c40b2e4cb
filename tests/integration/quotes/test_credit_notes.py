"""Credit notes: the paper of a price that fell; its number, what it corrects, and figures that are the ledger's."""

import asyncio
import re
from collections.abc import AsyncIterator
from io import BytesIO
from uuid import UUID

import httpx
import pytest
from pypdf import PdfReader

from services.quotes.domain.account import Credit
from services.quotes.main import web
from shared.auth.roles import Role
from shared.contracts.quotes import ClaimRemedy
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.postgres.database import Database
from tests.support.quotes import ENGLISH, Quotes, kernel_of
from tests.support.web import bearer, client_of, cookie


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


async def _credited(quotes: Quotes, minor: int = 11_900, language: str = "en") -> tuple[UUID, UUID, Credit]:
    """A customer, their commission, and what its price fell by."""
    customer, commission = await quotes.sent()
    await quotes.accept(customer, commission, language=language, address="Lindenweg 4\n10115 Berlin")
    await quotes.paid_in_full(commission)
    await quotes.answer_claim(await quotes.claimed(commission), ClaimRemedy.REDUCTION, minor)
    [credit] = (await quotes.account(commission)).credits
    return customer, commission, credit


async def _words(client: httpx.AsyncClient, path: str, person: UUID) -> str:
    content = (await client.get(path, headers=cookie(Role.CUSTOMER, person))).raise_for_status().content
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


async def test_a_credit_note_refers_to_its_invoice_and_has_the_ledgers_figures(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    customer, commission, credit = await _credited(quotes, 12_345)
    invoice = next(each for each in (await quotes.account(commission)).invoices if each.invoice == credit.invoice)
    async with quotes.database.transaction() as tx:
        rows = await tx.connection.fetch(
            "SELECT e.account, e.amount_minor FROM ledger_entry AS e"
            " INNER JOIN ledger_transaction AS t ON t.transaction = e.transaction WHERE t.about = $1",
            credit.credit,
        )
    books = {row["account"]: row["amount_minor"] for row in rows}

    words = await _words(client, f"/quotes/{commission}/credit-notes/{credit.credit}", customer)

    for said in ("Credit note", credit.number, invoice.number, "VAT 19%", "Ada Quist", "Lindenweg 4"):
        assert said in words, said
    for figure in (-books["revenue"], -books["vat_payable"], books["receivable"]):
        assert ENGLISH.money(Money(minor=figure, currency="EUR")) in words
    assert re.fullmatch(r"\d{4}-C\d{4}", credit.number)


async def test_it_is_listed_for_both_and_taken_along(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission, credit = await _credited(quotes)

    pages = [
        (await client.get(f"/quotes/{commission}", headers=cookie(role, person))).text
        for role, person in ((Role.CUSTOMER, customer), (Role.OPS, new_id()))
    ]
    archive = await client.get(f"/quotes/people/{customer}/papers.zip", headers=cookie(Role.CUSTOMER, customer))

    assert all(f"/quotes/{commission}/credit-notes/{credit.credit}" in page for page in pages)
    assert f"credit-note-{credit.number}.pdf".encode() in archive.content


async def test_it_is_in_the_language_of_the_contract(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission, credit = await _credited(quotes, language="de")

    words = await _words(client, f"/quotes/{commission}/credit-notes/{credit.credit}", customer)

    assert "Rechnungskorrektur" in words
    assert "-119,00" in words.replace("\u2212", "-")


async def test_it_is_for_its_customer_and_ops_alone(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission, credit = await _credited(quotes)
    path = f"/api/v1/quotes/commissions/{commission}/credit-notes/{credit.credit}"

    assert (await client.get(path, headers=bearer(Role.CUSTOMER, customer))).status_code == httpx.codes.OK
    assert (await client.get(path, headers=bearer(Role.OPS))).status_code == httpx.codes.OK
    assert (await client.get(path, headers=bearer(Role.CUSTOMER))).status_code == httpx.codes.NOT_FOUND
    assert (await client.get(path, headers=bearer(Role.MAKER))).status_code == httpx.codes.FORBIDDEN


async def test_numbers_have_no_gaps_and_no_doubles(quotes: Quotes) -> None:
    found = await asyncio.gather(*(_credited(quotes, 100) for _ in range(3)))

    numbers = sorted(int(credit.number.partition("-C")[2]) for _, _, credit in found)

    assert len(set(numbers)) == len(numbers)
    async with quotes.database.transaction() as tx:
        last, count = await tx.connection.fetchrow(
            "SELECT (SELECT max(last) FROM credit_note_year), (SELECT count(*) FROM credit)"
        ) or (0, 0)
    assert last == count


async def test_a_payment_that_is_reversed_makes_none(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    payment = await quotes.pay(commission, 100)

    await quotes.reverse(payment.payment)

    assert (await quotes.account(commission)).credits == ()
