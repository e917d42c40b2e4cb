"""The contract: a paper and a file of data, with one hash that anybody can compute again; for its customer and ops."""

import hashlib
import json
import os
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from pypdf import PdfReader

from services.quotes.main import web
from shared.auth.roles import Role
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.quotes import Quotes, brief, kernel_of
from tests.support.web import bearer, client_of, cookie


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


async def _words(client: httpx.AsyncClient, path: str, person: UUID) -> str:
    answer = await client.get(path, headers=cookie(Role.CUSTOMER, person))
    content = answer.raise_for_status().content
    if folder := os.environ.get("TOUCHMARK_SCREENSHOTS"):
        (Path(folder) / f"contract-{path.rpartition('/')[2].removesuffix('.pdf')}-{person}.pdf").write_bytes(content)
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


async def _agreed(quotes: Quotes, language: str = "en") -> tuple[UUID, UUID]:
    """A customer and their commission, accepted in this language."""
    customer, commission = await quotes.sent()
    await quotes.accept(customer, commission, language=language, address="Lindenweg 4\n10115 Berlin")
    return customer, commission


async def test_the_hash_on_page_and_paper_is_the_one_of_the_file(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await _agreed(quotes)

    page = await client.get(f"/quotes/{commission}", headers=cookie(Role.CUSTOMER, customer))
    data = await client.get(f"/quotes/{commission}/contract.json", headers=cookie(Role.CUSTOMER, customer))
    paper = await _words(client, f"/quotes/{commission}/contract.pdf", customer)

    digest = hashlib.sha256(data.raise_for_status().content).hexdigest()
    assert digest in page.text
    assert digest in paper.replace(" ", "")
    assert json.loads(data.content)["brief"]["version"] == 1


async def test_quote_contract_and_invoice_say_what_is_ordered(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await _agreed(quotes)
    [deposit] = (await quotes.account(commission)).invoices

    papers = {
        name: await _words(client, f"/quotes/{commission}/{name}", customer)
        for name in ("quote.pdf", "contract.pdf", f"invoices/{deposit.invoice}")
    }

    about = f"Commission {str(commission)[-6:]}, brief version 1 of 23 November 2026"
    for name, words in papers.items():
        for said in ("What is ordered", "18 ct yellow gold", "For ever", about):
            assert said in words, (name, said)
    # What they wrote of themselves is no part of what is ordered: contract and invoice are kept for years.
    assert [name for name, words in papers.items() if "For her." in words] == ["quote.pdf"]


async def test_a_contract_is_in_the_words_in_which_it_was_accepted(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await _agreed(quotes, "de")

    words = await _words(client, f"/quotes/{commission}/contract.pdf", customer)

    for said in ("Vertrag", "Was bestellt ist", "Wunsch in Version 1", "Lindenweg 4", "Ada Quist"):
        assert said in words, said


async def test_a_contract_outlives_the_brief(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await _agreed(quotes)
    await quotes.erase_brief(commission)

    balance = await quotes.issue_balance(commission)

    assert "For ever" in await _words(client, f"/quotes/{commission}/contract.pdf", customer)
    assert "For ever" in await _words(client, f"/quotes/{commission}/invoices/{balance.invoice}", customer)


async def test_what_is_agreed_stays_when_the_brief_is_corrected(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await _agreed(quotes)
    await quotes.record_brief(brief(commission, version=2, engraving="For always"))

    words = await _words(client, f"/quotes/{commission}/contract.pdf", customer)

    assert "For ever" in words
    assert "brief version 1" in words


@pytest.mark.parametrize("path", ["contract.pdf", "contract.json"])
async def test_a_contract_is_for_its_customer_and_ops_alone(
    client: httpx.AsyncClient, quotes: Quotes, path: str
) -> None:
    customer, commission = await _agreed(quotes)
    _, open_ = await quotes.sent()

    async def status(role: Role, person: UUID, commission: UUID) -> int:
        return (await client.get(f"/quotes/{commission}/{path}", headers=cookie(role, person))).status_code

    assert await status(Role.CUSTOMER, customer, commission) == httpx.codes.OK
    assert await status(Role.OPS, new_id(), commission) == httpx.codes.OK
    assert await status(Role.CUSTOMER, new_id(), commission) == httpx.codes.NOT_FOUND
    assert await status(Role.MAKER, new_id(), commission) == httpx.codes.FORBIDDEN
    assert await status(Role.OPS, new_id(), open_) == httpx.codes.NOT_FOUND


async def test_the_api_offers_both(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await _agreed(quotes)
    root, mine = f"/api/v1/quotes/commissions/{commission}", bearer(Role.CUSTOMER, customer)

    data = await client.get(f"{root}/contract", headers=mine)
    paper = await client.get(f"{root}/contract.pdf", headers=mine)

    assert data.raise_for_status().headers["content-type"] == "application/json"
    assert data.headers["repr-digest"].startswith("sha-256=:")
    assert paper.raise_for_status().content.startswith(b"%PDF")
