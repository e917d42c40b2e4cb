"""More time to pay: what the clock says is what the account, the API, the desk and the customer's page say."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest

from services.quotes.actions import drafting
from services.quotes.domain.account import Invoice
from services.quotes.main import web
from services.quotes.store import ledger
from shared.auth.roles import Role
from shared.contracts.lifecycle import Holder, Phase
from shared.contracts.payments import InvoiceKind
from shared.kernel.calendar import end_of_day
from shared.postgres.database import Database
from tests.support.quotes import ENGLISH, Quotes, kernel_of
from tests.support.web import bearer, client_of, cookie

DAY: Final = timedelta(days=1)
BERLIN: Final = ZoneInfo("Europe/Berlin")


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


async def _invoice(quotes: Quotes, commission: UUID, kind: InvoiceKind = InvoiceKind.DEPOSIT) -> Invoice:
    return (await quotes.account(commission)).of(kind)[-1]


def _said(invoice: Invoice) -> date:
    assert invoice.due_on is not None
    return invoice.due_on


async def test_the_clock_as_the_invoice_has_it_changes_nothing(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    said = _said(await _invoice(quotes, commission))

    for due in (end_of_day(said, BERLIN), end_of_day(said - DAY, BERLIN), None):
        await quotes.enter_phase(commission, due)

    found = await _invoice(quotes, commission)
    assert (found.extended_to, found.last_day) == (None, said)


async def test_more_time_is_kept_and_never_becomes_less(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    said = _said(await _invoice(quotes, commission))

    for days in (7, 7, 3):
        await quotes.enter_phase(commission, end_of_day(said + days * DAY, BERLIN))

    found = await _invoice(quotes, commission)
    assert (found.due_on, found.last_day) == (said, said + 7 * DAY)


@pytest.mark.parametrize(("hours", "days"), [(6, 0), (23, 0), (30, 1)])
async def test_a_day_that_is_not_whole_is_not_promised(quotes: Quotes, hours: int, days: int) -> None:
    """As after a pause of hours: the commission ends within the day, and who read it would pay in the evening."""
    _, commission = await quotes.accepted()
    said = _said(await _invoice(quotes, commission))

    await quotes.enter_phase(commission, end_of_day(said, BERLIN) + timedelta(hours=hours))

    assert (await _invoice(quotes, commission)).last_day == said + days * DAY


@pytest.mark.parametrize(
    ("stage", "holder"),
    [(Phase.DEPOSIT, Holder.PROCESS), (Phase.MAKING, Holder.CUSTOMER), (Phase.BALANCE, Holder.CUSTOMER)],
)
async def test_other_clocks_are_not_the_deposits(quotes: Quotes, stage: Phase, holder: Holder) -> None:
    _, commission = await quotes.accepted()
    said = _said(await _invoice(quotes, commission))

    await quotes.enter_phase(commission, end_of_day(said + 7 * DAY, BERLIN), stage, holder)

    assert (await _invoice(quotes, commission)).last_day == said


async def test_the_balance_has_a_clock_of_its_own(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    await quotes.pay(commission, (await quotes.account(commission)).left.minor)
    await quotes.issue_balance(commission)
    said = _said(await _invoice(quotes, commission, InvoiceKind.BALANCE))

    await quotes.enter_phase(commission, end_of_day(said + 7 * DAY, BERLIN), Phase.BALANCE)

    assert (await _invoice(quotes, commission, InvoiceKind.BALANCE)).last_day == said + 7 * DAY
    assert (await _invoice(quotes, commission)).extended_to is None


async def test_everybody_reads_the_new_day(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.accepted()
    said = _said(await _invoice(quotes, commission))
    later = said + 7 * DAY
    await quotes.enter_phase(commission, end_of_day(later, BERLIN))

    page = (await client.get(f"/quotes/{commission}", headers=cookie(Role.CUSTOMER, customer))).text
    offer = (
        await client.get(f"/api/v1/quotes/commissions/{commission}/offer", headers=bearer(Role.CUSTOMER, customer))
    ).json()
    waiting = (await client.get("/quotes/payments", headers=cookie(Role.OPS))).text

    assert f"due {ENGLISH.short_day(later)}" in page
    assert f"The invoice still says {ENGLISH.short_day(said)}" in page
    [invoice] = offer["account"]["invoices"]
    assert (invoice["due_on"], invoice["last_day"]) == (str(said), str(later))
    assert f"extended from {ENGLISH.short_day(said)}" in waiting


async def test_a_page_that_is_open_learns_of_it(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    said = _said(await _invoice(quotes, commission))

    seen = []
    for days in (0, 7, 7, 9):
        await quotes.enter_phase(commission, end_of_day(said + days * DAY, BERLIN))
        async with quotes.database.transaction() as tx:
            seen.append(await drafting.quote_revision(tx, commission))

    assert [seen.index(each) for each in seen] == [0, 1, 1, 3]


async def test_nothing_is_overdue_before_the_new_day_is_over(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    said = _said(await _invoice(quotes, commission))
    await quotes.enter_phase(commission, end_of_day(said + 7 * DAY, BERLIN))

    async with quotes.database.transaction() as tx:
        waiting = await ledger.open_invoices(tx, before=None, before_invoice=None, at_most=1000)
    [found] = [each for each in waiting if each.commission == commission]

    assert [found.overdue(said + days * DAY) for days in (1, 7, 8)] == [False, False, True]
