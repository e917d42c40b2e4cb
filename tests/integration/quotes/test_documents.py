"""Papers as PDF: what the law wants is on them, and what somebody wrote is never read as markup."""

import asyncio
import os
from collections.abc import AsyncIterator
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import pytest
from pypdf import PdfReader

from services.quotes.documents import pdf
from services.quotes.domain.references import grouped_reference
from services.quotes.main import web
from shared.auth.roles import Role
from shared.i18n import Reader
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Database
from tests.support.hours import hours_without_zone
from tests.support.quote_settings import settings_of
from tests.support.quotes import Quotes, kernel_of
from tests.support.web import bearer, client_of, cookie


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


async def _pdf(client: httpx.AsyncClient, path: str, person: UUID) -> bytes:
    answer = await client.get(path, headers=cookie(Role.CUSTOMER, person))
    answer.raise_for_status()
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    return _kept(path, answer.content)


def _kept(path: str, content: bytes) -> bytes:
    """Keep it for somebody to look at, if anybody wants to."""
    if folder := os.environ.get("TOUCHMARK_SCREENSHOTS"):
        (Path(folder) / f"paper-{path.rpartition('/')[2].removesuffix('.pdf')}.pdf").write_bytes(content)
    return content


def _words(pdf: bytes) -> str:
    """What it says, page after page."""
    words = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
    assert not hours_without_zone(words)
    return words


async def test_the_final_invoice_says_what_the_law_wants(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).invoices[0]
    balance = await quotes.issue_balance(commission)

    words = _words(await _pdf(client, f"/quotes/{commission}/invoices/{balance.invoice}", customer))

    settings = quotes.settings
    for said in (
        "Final invoice",
        balance.number,
        "23 November 2026",
        settings.studio_address,
        settings.tax_number,
        "Ada Quist",
        "Lindenweg 4",
        "VAT 19%",
        f"Deposit invoice {deposit.number}",
        "Work at the bench",
        grouped_reference(balance.reference),
        settings.bank_iban,
    ):
        assert said in words, said


@pytest.mark.parametrize(
    ("country", "percent", "said"),
    [
        ("AT", "20", "VAT at the rate of Austria, where the piece is delivered."),
        ("NO", "0", "Export to Norway: the delivery is exempt from VAT."),
        ("FR", "19", None),
    ],
)
async def test_quote_and_invoices_have_the_vat_of_the_country_of_delivery(
    client: httpx.AsyncClient, quotes: Quotes, country: str, percent: str, said: str | None
) -> None:
    quotes.country = country
    customer, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).invoices[0]
    balance = await quotes.issue_balance(commission)

    found = await quotes.overview(commission)
    numbers = (deposit.invoice, balance.invoice)
    paths = ("quote.pdf", *(f"invoices/{number}" for number in numbers))
    papers = [_words(await _pdf(client, f"/quotes/{commission}/{path}", customer)) for path in paths]

    assert found.quote is not None
    price = found.quote.price
    assert price.vat.amount == price.net.times(Decimal(percent) / 100)
    for words in papers:
        assert f"VAT {percent}%" in words
        assert (said in words) if said else ("where the piece is delivered" not in words)


async def test_a_deposit_invoice_and_a_receipt(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).invoices[0]
    payment = await quotes.pay(commission, deposit.total.minor + 250)

    invoice = _words(await _pdf(client, f"/quotes/{commission}/invoices/{deposit.invoice}", customer))
    receipt = _words(await _pdf(client, f"/quotes/{commission}/payments/{payment.payment}", customer))

    assert "Deposit invoice" in invoice
    assert "The final invoice deducts this deposit" in invoice
    assert "To be refunded €2.50" in receipt


async def test_documents_are_in_the_language_in_which_the_quote_was_accepted(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    customer, commission = await quotes.sent()
    await quotes.accept(customer, commission, language="de")
    balance = await quotes.issue_balance(commission)

    invoice = _words(await _pdf(client, f"/quotes/{commission}/invoices/{balance.invoice}", customer))
    quote = _words(await _pdf(client, f"/quotes/{commission}/quote.pdf", customer))

    for said in ("Schlussrechnung", "Verwendungszweck", "Umsatzsteuer 19", "23. November 2026"):
        assert said in invoice, said
    assert "Anzahlung, fällig bei Annahme" in quote


async def test_what_the_studio_has_not_set_is_called_an_example_in_the_readers_language(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    customer, commission = await quotes.sent()
    await quotes.accept(customer, commission, language="de")
    invoice = (await quotes.account(commission)).invoices[0]
    german = cookie(Role.CUSTOMER, customer) | {"Accept-Language": "de"}

    paper = _words(await _pdf(client, f"/quotes/{commission}/invoices/{invoice.invoice}", customer))
    page = await client.get(f"/quotes/{commission}", headers=german)

    assert "Beispieldaten, kein echtes Konto" in paper
    assert "Beispieldaten, kein echtes Konto" in page.raise_for_status().text
    assert "example" not in (paper + page.text).lower()


async def test_what_the_studio_has_set_is_no_example(client: httpx.AsyncClient, quotes: Quotes) -> None:
    quotes.settings = settings_of(
        studio_address="Lindenweg 4, 10115 Berlin",
        tax_number="12/345/67890",
        bank_holder="The Studio",
        bank_iban="DE89370400440532013000",
        bank_name="A Bank",
    )
    customer, commission = await quotes.accepted()
    invoice = (await quotes.account(commission)).invoices[0]

    paper = _words(await _pdf(client, f"/quotes/{commission}/invoices/{invoice.invoice}", customer))

    assert "DE89 3704 0044 0532 0130 00" in paper
    assert "Example data" not in paper


async def test_a_quote_on_paper_is_in_the_readers_language_until_it_is_accepted(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    customer, commission = await quotes.sent()
    headers = cookie(Role.CUSTOMER, customer) | {"Accept-Language": "de"}

    answer = await client.get(f"/quotes/{commission}/quote.pdf", headers=headers)

    assert "Gültig bis" in _words(_kept("angebot.pdf", answer.content))


async def test_a_cancellation_invoice_says_what_it_replaces(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.accepted()
    await quotes.cancel(commission, 35)
    deposit, cancellation = (await quotes.account(commission)).invoices

    words = _words(await _pdf(client, f"/quotes/{commission}/invoices/{cancellation.invoice}", customer))

    assert f"replaces {deposit.number}" in words
    assert "35% of the price" in words


async def test_a_quote_on_paper_has_its_reasons_terms_and_variation(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.sent()
    await quotes.adjust(commission, 1, "bench", 40000, '#panic("read as markup") *bold* $x$ \\ "quoted"')
    await quotes.send(commission, 2)

    words = _words(await _pdf(client, f"/quotes/{commission}/quote.pdf", customer))

    for said in ("Version 2", '#panic("read as markup") *bold* $x$', "right of withdrawal", "No two engraved letters"):
        assert said in words, said


async def test_a_paper_that_was_issued_never_changes(
    client: httpx.AsyncClient, database: Database, quotes: Quotes, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer, commission = await quotes.accepted()
    invoice = (await quotes.account(commission)).invoices[0].invoice
    payment = (await quotes.pay(commission, 100)).payment
    seen, unseen = f"/quotes/{commission}/invoices/{invoice}", f"/quotes/{commission}/payments/{payment}"
    before = await _pdf(client, seen, customer)

    monkeypatch.setattr(Reader, "gettext", lambda _reader, message: f"Other words for {message}")
    changed = kernel_of(database, studio_name="Another studio", tax_number="99/999/99999")
    async with client_of(web(changed)) as later:
        after, words = await _pdf(later, seen, customer), _words(await _pdf(later, unseen, customer))
        offer = _words(await _pdf(later, f"/quotes/{commission}/quote.pdf", customer))

    assert sha256(after).hexdigest() == sha256(before).hexdigest()
    assert "Thank you. We have received your payment for: The engraved ring" in words
    assert quotes.settings.tax_number in words
    assert "Another studio" not in words
    assert "Other words for" in offer  # which is not issued: it says what the catalogue says now


async def test_a_paper_that_two_ask_for_at_once_is_one_paper(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.accepted()
    invoice = (await quotes.account(commission)).invoices[0].invoice
    path = f"commissions/{commission}/invoices/{invoice}"

    one, other, api = await asyncio.gather(
        _pdf(client, f"/quotes/{commission}/invoices/{invoice}", customer),
        _pdf(client, f"/quotes/{commission}/invoices/{invoice}", customer),
        client.get(f"/api/v1/quotes/{path}", headers=bearer(Role.OPS)),
    )

    assert one == other == api.content


@pytest.mark.parametrize("change", ["pdf = NULL", "says = '{}'", "customer_name = 'Somebody else'", "file_name = 'x'"])
async def test_the_database_refuses_to_change_a_paper(
    client: httpx.AsyncClient, database: Database, quotes: Quotes, change: str
) -> None:
    customer, commission = await quotes.accepted()
    invoice = (await quotes.account(commission)).invoices[0].invoice
    await _pdf(client, f"/quotes/{commission}/invoices/{invoice}", customer)

    for statement in (f"UPDATE paper SET {change} WHERE paper = $1", "DELETE FROM paper WHERE paper = $1"):  # noqa: S608
        with pytest.raises(asyncpg.RestrictViolationError):
            async with database.transaction() as tx:
                await tx.connection.execute(statement, invoice)


async def test_papers_are_under_the_name_that_comes_after_them(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.sent(name=None)
    await quotes.accept(customer, commission)
    invoice = (await quotes.account(commission)).invoices[0].invoice
    payment = (await quotes.pay(commission, 100)).payment
    paths = [f"/quotes/{commission}/invoices/{invoice}", f"/quotes/{commission}/payments/{payment}"]

    early = [(await client.get(path, headers=cookie(Role.CUSTOMER, customer))).status_code for path in paths]
    await quotes.record_person(customer, "Ada Quist")
    await quotes.record_person(customer, "Ada Quist-Merian")

    assert early == [ProblemType.NOT_YET.status] * 2
    for path in paths:
        assert "Ada Quist" in (words := _words(await _pdf(client, path, customer)))
        assert "Merian" not in words


async def test_an_invoice_without_its_name_is_on_its_way(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.sent(name=None)
    await quotes.accept(customer, commission)
    invoice = (await quotes.account(commission)).invoices[0].invoice

    answer = await client.get(f"/quotes/{commission}/invoices/{invoice}", headers=cookie(Role.CUSTOMER, customer))

    assert answer.status_code == ProblemType.NOT_YET.status
    assert "on its way" in answer.text.lower()


async def test_papers_are_for_their_customer_and_ops_alone(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.accepted()
    _, other = await quotes.accepted()
    invoice = (await quotes.account(commission)).invoices[0].invoice
    payment = (await quotes.pay(commission, 100)).payment
    papers = [f"invoices/{invoice}", f"payments/{payment}", "quote.pdf"]

    for paper in papers:
        path = f"commissions/{commission}/{paper}"
        assert (await client.get(f"/api/v1/quotes/{path}", headers=bearer(Role.OPS))).status_code == 200
        assert (await client.get(f"/api/v1/quotes/{path}", headers=bearer(Role.CUSTOMER))).status_code == 404
    missing = [f"/quotes/{other}/{papers[0]}", f"/quotes/{other}/{papers[1]}", f"/quotes/{new_id()}/quote.pdf"]
    for path in missing:
        assert (await client.get(path, headers=cookie(Role.OPS))).status_code == 404
        assert (await client.get(path, headers=cookie(Role.CUSTOMER, customer))).status_code == 404


async def test_a_paper_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_SECONDS", 0.0)

    with pytest.raises(Problem) as refused:
        await pdf.render_pdf("late", {})

    assert refused.value.type is ProblemType.TIMED_OUT


async def test_a_paper_that_cannot_be_set_is_our_own_fault() -> None:
    with pytest.raises(Problem) as refused:
        await pdf.render_pdf("broken", {"title": "without the rest"})

    assert refused.value.type is ProblemType.INTERNAL
