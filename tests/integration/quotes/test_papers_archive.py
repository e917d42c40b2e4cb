"""What a customer takes along from here: quotes, invoices and receipts of all commissions, as one archive."""

from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import httpx
import pytest
from pypdf import PdfReader

from services.quotes.documents import Pdf, writing
from services.quotes.documents.pdf import render_pdf
from services.quotes.domain.documents import Says
from services.quotes.main import web
from shared.auth.roles import Role
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Database
from tests.support.quotes import Quotes, kernel_of
from tests.support.web import bearer, client_of, cookie


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


def papers(archive: bytes) -> dict[str, str]:
    """The words of each, by its name."""
    with ZipFile(BytesIO(archive)) as file:
        assert file.testzip() is None
        return {name: words(file.read(name)) for name in file.namelist()}


def words(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


async def test_all_papers_of_a_commission_are_in_a_folder_of_the_archive(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    customer, commission = await quotes.accepted()
    (deposit,) = (await quotes.account(commission)).invoices
    half = deposit.total.minor // 2
    for part in (half, deposit.total.minor - half):  # two receipts of one day
        await quotes.pay(commission, part)
    address = f"/quotes/people/{customer}/papers.zip"

    answer = await client.get(address, headers=cookie(Role.CUSTOMER, customer))
    of_ops = await client.get(f"/api/v1/quotes/people/{customer}/papers", headers=bearer(Role.OPS))

    found = papers(answer.content)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "private, no-store"
    assert len(found) == 5
    assert {name.partition("/")[0] for name in found} == {str(commission)}
    assert f"{commission}/invoice-{deposit.number}.pdf" in found
    assert f"{commission}/quote-version-1.pdf" in found
    assert sum("/contract-" in name for name in found) == 1
    assert sum("receipt-" in name for name in found) == 2
    assert all("Ada Quist" in said for said in found.values())
    assert papers(of_ops.content).keys() == found.keys()


@pytest.mark.parametrize("somebody", ["another customer", "nobody's papers"])
async def test_what_is_somebody_elses_answers_as_what_is_missing(
    client: httpx.AsyncClient, quotes: Quotes, somebody: str
) -> None:
    customer, _ = await quotes.accepted()
    asking = new_id()
    person: UUID = customer if somebody == "another customer" else asking

    answer = await client.get(f"/quotes/people/{person}/papers.zip", headers=cookie(Role.CUSTOMER, asking))

    assert answer.status_code == httpx.codes.NOT_FOUND


async def test_it_waits_for_the_name_that_a_paper_is_issued_to(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.sent(name=None)
    await quotes.accept(customer, commission, address="Lindenweg 4")

    answer = await client.get(f"/api/v1/quotes/people/{customer}/papers", headers=bearer(Role.CUSTOMER, customer))

    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert "Retry-After" in answer.headers


async def test_a_paper_that_cannot_be_set_is_named_and_the_others_are_there(
    client: httpx.AsyncClient, quotes: Quotes, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer, commission = await quotes.accepted()
    (deposit,) = (await quotes.account(commission)).invoices
    monkeypatch.setattr(writing, "render_pdf", without(f"invoice-{deposit.number}"))

    answer = await client.get(f"/quotes/people/{customer}/papers.zip", headers=cookie(Role.CUSTOMER, customer))

    with ZipFile(BytesIO(answer.content)) as file:
        assert not any("invoice-" in name for name in file.namelist())
        assert {f"{commission}/quote-version-1.pdf", "missing.txt"} < set(file.namelist())
        missing = file.read("missing.txt").decode("utf-8-sig")
    assert f"/quotes/{commission}/invoices/{deposit.invoice}" in missing
    assert "This took too long" in missing


def without(missing: str) -> Callable[[str, Says], Awaitable[Pdf]]:
    async def rendered(name: str, said: Says) -> Pdf:
        if name == missing:
            raise Problem(ProblemType.TIMED_OUT)
        return await render_pdf(name, said)

    return rendered
