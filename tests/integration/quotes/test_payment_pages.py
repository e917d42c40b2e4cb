"""The pages on which ops record money, and take back what was recorded wrongly; without scripts."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.quotes.main import web
from shared.auth.roles import Role
from shared.contracts.payments import PaymentMethod
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.quotes import Quotes, kernel_of
from tests.support.web import ORIGIN, bearer, client_of, cookie


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


class Visitor:
    """Somebody with a browser, who sends forms."""

    def __init__(self, client: httpx.AsyncClient, role: Role) -> None:
        self._client = client
        self._headers = cookie(role) | {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}

    async def sends(self, path: str, **form: str) -> httpx.Response:
        return await self._client.post(path, data=form, headers=self._headers)

    async def looks(self, path: str) -> httpx.Response:
        return await self._client.get(path, headers=self._headers)


async def test_an_amount_that_is_not_due_is_asked_about_and_then_recorded(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left
    ops, form = Visitor(client, Role.OPS), {"amount": "57.80", "received_on": "2026-11-23"}

    asked = await ops.sends(f"/quotes/{commission}/payments", **form)
    other = await ops.sends(f"/quotes/{commission}/payments", **{**form, "amount": "58.80"}, confirmed="5780")
    before = (await quotes.account(commission)).payments
    recorded = await ops.sends(f"/quotes/{commission}/payments", **form, confirmed="5780")

    assert (asked.status_code, other.status_code, before, recorded.status_code) == (409, 409, (), 303)
    assert "is not what is due" in asked.text
    assert 'name="confirmed" value="5780"' in asked.text
    assert (await quotes.account(commission)).left.minor == deposit.minor - 5780


async def test_the_same_is_asked_where_a_reference_names_the_commission(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    _, commission = await quotes.accepted()
    form = {"reference": (await quotes.account(commission)).reference, "amount": "5", "received_on": "2026-11-23"}

    asked = await Visitor(client, Role.OPS).sends("/quotes/payments", **form)

    assert asked.status_code == 409
    assert 'name="confirmed" value="500"' in asked.text


async def test_the_way_of_payment_is_kept(client: httpx.AsyncClient, quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    left = (await quotes.account(commission)).left.minor

    form = {"amount": f"{left / 100:.2f}", "received_on": "2026-11-23", "method": "cash"}
    await Visitor(client, Role.OPS).sends(f"/quotes/{commission}/payments", **form)

    [payment] = (await quotes.account(commission)).payments
    assert payment.method is PaymentMethod.CASH
    assert "Cash" in (await Visitor(client, Role.OPS).looks(f"/quotes/{commission}")).text


async def test_a_reversal_says_what_follows_and_asks_for_a_reason(client: httpx.AsyncClient, quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor
    payment = await quotes.pay(commission, deposit + 1000)
    ops, path = Visitor(client, Role.OPS), f"/quotes/payments/{payment.payment}/reverse"

    page = await ops.looks(path)
    without = await ops.sends(path, reason="")
    done = await ops.sends(path, reason="wrong_amount")

    assert "is open again" in page.text
    assert "The refund of €10.00 is withdrawn" in page.text
    assert (without.status_code, done.status_code) == (422, 303)
    assert "Reversed on" in (await ops.looks(f"/quotes/{commission}")).text
    assert "does not count any more" in (await ops.looks(path)).text


async def test_the_api_wants_to_be_told_that_an_amount_is_right_though_it_differs(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    _, commission = await quotes.accepted()
    path = f"/api/v1/quotes/commissions/{commission}/payments"
    body = {"minor": 5, "currency": "EUR", "received_on": "2026-11-23"}
    headers = bearer(Role.OPS) | {"Idempotency-Key": str(new_id())}

    asked = await client.post(path, json=body, headers=headers)
    recorded = await client.post(path, json={**body, "differs": True}, headers=headers)

    assert (asked.status_code, asked.json()["type"]) == (409, "urn:touchmark:problem:amount-differs")
    assert recorded.status_code == 201


async def test_the_api_reverses_and_says_before_what_follows(client: httpx.AsyncClient, quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    payment = await quotes.pay(commission, (await quotes.account(commission)).left.minor)
    path, headers = f"/api/v1/quotes/payments/{payment.payment}", bearer(Role.OPS)

    preview = (await client.get(f"{path}/reversal", headers=headers)).json()
    done = (await client.post(f"{path}/reverse", json={"reason": "returned"}, headers=headers)).json()

    assert preview["left"] == payment.amount.model_dump()
    assert len(preview["reopened"]) == 1
    assert (done["state"], done["reversal"]) == ("reversed", "returned")


@pytest.mark.parametrize("path", ["/quotes/payments/{}/reverse"])
async def test_a_payment_that_there_is_none_of_is_not_reversed(client: httpx.AsyncClient, path: str) -> None:
    answer = await Visitor(client, Role.OPS).sends(path.format(new_id()), reason="returned")

    assert answer.status_code == 404
