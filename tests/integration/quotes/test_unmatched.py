"""Money that matches nothing waits until somebody knows whose it is, or sends it back."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from services.quotes.actions import unmatched
from services.quotes.main import web
from shared.auth.roles import Role
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Database
from tests.support.quote_money import OPS
from tests.support.quotes import Quotes, kernel_of
from tests.support.web import ORIGIN, bearer, client_of, cookie

HERE = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


async def _waiting(quotes: Quotes) -> set[UUID]:
    async with quotes.database.transaction() as tx:
        return {each.payment for each in await unmatched.waiting(tx, OPS)}


async def _assign(quotes: Quotes, payment: UUID, commission: UUID, *, confirmed: bool = True) -> None:
    async with quotes.database.transaction() as tx:
        await unmatched.assign(
            tx, OPS, payment, commission, context=quotes.context, wording=quotes.papers, confirmed=confirmed
        )


async def test_what_matches_nothing_becomes_a_payment_once_it_is_known_whose_it_is(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor
    kept = await quotes.keep_unmatched(deposit, "ring for Ada", f"TX-{commission}")

    before = kept.payment in await _waiting(quotes)
    await _assign(quotes, kept.payment, commission)

    account = await quotes.account(commission)
    assert (before, kept.payment in await _waiting(quotes)) == (True, False)
    assert (account.left.minor, account.payments[0].received_on) == (0, kept.received_on)
    assert (await quotes.published(commission))[-2:] == ["PaymentReceived", "InvoicePaid"]


async def test_what_waited_for_years_is_still_assigned_and_what_the_transfer_said_is_forgotten(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    kept = await quotes.keep_unmatched((await quotes.account(commission)).left.minor, "ring for Ada")
    at = quotes.context.at + timedelta(days=800)
    later = replace(quotes.context, clock=lambda: at)

    async with quotes.database.transaction() as tx:
        await unmatched.assign(tx, OPS, kept.payment, commission, context=later, wording=quotes.papers)
        said = await tx.connection.fetchval("SELECT reference FROM unmatched_payment WHERE payment = $1", kept.payment)

    assert (await quotes.account(commission)).left.minor == 0
    assert (kept.reference, said) == ("ring for Ada", "")


async def test_an_amount_that_is_not_due_is_asked_about_before_it_is_assigned(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    kept = await quotes.keep_unmatched(5000, "ring for Ada")

    with pytest.raises(Problem) as asked:
        await _assign(quotes, kept.payment, commission, confirmed=False)

    assert asked.value.type is ProblemType.AMOUNT_DIFFERS
    assert kept.payment in await _waiting(quotes)
    assert (await quotes.account(commission)).payments == ()


async def test_it_is_assigned_or_sent_back_once(quotes: Quotes) -> None:
    (_, one), (_, other) = await quotes.accepted(), await quotes.accepted()
    kept = await quotes.keep_unmatched(5000, "ring for Ada")
    await _assign(quotes, kept.payment, one)

    with pytest.raises(Problem) as refused:
        await _assign(quotes, kept.payment, other)

    assert refused.value.type is ProblemType.CONFLICT
    assert (await quotes.account(other)).payments == ()


async def test_a_transfer_that_waits_is_not_recorded_again(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    await quotes.keep_unmatched(5000, "a ring", f"WAITS-{commission}")

    for again in (
        quotes.keep_unmatched(5000, "a ring", f"waits {commission}"),
        quotes.pay(commission, 5000, bank_reference=f"waits {commission}"),
    ):
        with pytest.raises(Problem) as refused:
            await again
        assert refused.value.type is ProblemType.CONFLICT


async def test_ops_keep_it_assign_it_and_send_it_back_on_the_page(client: httpx.AsyncClient, quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    said, headers = f"ring {new_id()}", cookie(Role.OPS) | HERE
    form = {"reference": said, "amount": "12.34", "received_on": "2026-11-22"}

    asked = await client.post("/quotes/payments", data=form, headers=headers)
    kept = await client.post("/quotes/unmatched", data=form, headers=headers)
    listed = (await client.get("/quotes/payments", headers=headers)).text
    [payment] = [each for each in await _read(client) if each["reference"] == said]
    wrong = await client.post(f"/quotes/unmatched/{payment['payment']}/assign", data={"for": "RF00"}, headers=headers)
    reference = {"for": (await quotes.account(commission)).reference}
    other = await client.post(f"/quotes/unmatched/{payment['payment']}/assign", data=reference, headers=headers)
    reference["confirmed"] = "yes"
    done = await client.post(f"/quotes/unmatched/{payment['payment']}/assign", data=reference, headers=headers)

    assert asked.status_code == 422
    assert 'formaction="/quotes/unmatched"' in asked.text
    assert kept.headers["location"] == "/quotes/payments"
    assert said in listed
    assert other.status_code == ProblemType.AMOUNT_DIFFERS.status
    assert "Assign all the same" in other.text
    assert (wrong.status_code, done.headers["location"]) == (422, f"/quotes/{commission}")
    assert said not in (await client.get("/quotes/payments", headers=headers)).text


async def test_programs_keep_it_and_mark_it_as_sent_back(client: httpx.AsyncClient) -> None:
    body = {"minor": 77, "currency": "EUR", "received_on": "2026-11-22", "reference": f"no {new_id()}"}
    headers = bearer(Role.OPS) | {"Idempotency-Key": str(new_id())}

    made = (await client.post("/api/v1/quotes/unmatched", json=body, headers=headers)).raise_for_status().json()
    path = f"/api/v1/quotes/unmatched/{made['payment']}/sent-back"
    backs = [await client.post(path, json={"sent_on": "2026-11-23"}, headers=bearer(Role.OPS)) for _ in range(2)]

    assert [each.status_code for each in backs] == [200, 409]
    assert made["payment"] not in [each["payment"] for each in await _read(client)]


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.MAKER])
async def test_nobody_but_ops_sees_what_matches_nothing(client: httpx.AsyncClient, role: Role) -> None:
    assert (await client.get("/api/v1/quotes/unmatched", headers=bearer(role))).status_code == 403


async def _read(client: httpx.AsyncClient) -> list[dict[str, str]]:
    found: list[dict[str, str]] = (await client.get("/api/v1/quotes/unmatched", headers=bearer(Role.OPS))).json()
    return found
