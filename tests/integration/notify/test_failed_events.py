"""What an inbox of a service could not handle is decided by ops on the service's own page, and by its API."""

import re
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest

from services.notify.main import web
from shared.auth.roles import Role
from shared.postgres.database import Database
from shared.web.failed_events import PLACES
from tests.support.notify import Customer, Notify, kernel_of
from tests.support.web import NOW, bearer, client_of, cookie

PAGE, API = PLACES["notify"], "/api/v1/notify/failed-events"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def client(notify_dsn: str, database: Database) -> httpx.AsyncClient:
    return client_of(web(replace(kernel_of(notify_dsn, database), clock=lambda: NOW)))


@pytest.fixture
async def customer(notify: Notify) -> Customer:
    """Of whose commission an event failed."""
    somebody = await notify.submit()
    await notify.parks(somebody)
    return somebody


async def number_of(client: httpx.AsyncClient, customer: Customer) -> int:
    listed = (await client.get(API, headers=bearer(Role.OPS))).raise_for_status().json()
    [found] = [each["id"] for each in listed if each["key"] == str(customer.commission)]
    return int(found)


async def decisions(database: Database, customer: Customer) -> list[tuple[str, str | None]]:
    async with database.statement() as tx:
        query = "SELECT state, decision_note FROM parked WHERE key = $1"
        rows = await tx.connection.fetch(query, str(customer.commission))
    return [(row["state"], row["decision_note"]) for row in rows]


@pytest.mark.parametrize(("decision", "state"), [("replay", "replay"), ("drop", "dropped")])
async def test_ops_decide_on_the_page_with_a_reason(
    client: httpx.AsyncClient, customer: Customer, database: Database, decision: str, state: str
) -> None:
    number = await number_of(client, customer)
    shown = await client.get(PAGE, headers=cookie(Role.OPS))
    form = {"decision": decision, "reason": " ", "idempotency_key": str(uuid4())}

    refused = await client.post(f"{PAGE}/{number}", data=form, headers=cookie(Role.OPS) | SAME_SITE)
    form |= {"reason": "The cause is mended.", "idempotency_key": str(uuid4())}
    decided = await client.post(f"{PAGE}/{number}", data=form, headers=cookie(Role.OPS) | SAME_SITE)

    article = re.search(rf'<article aria-labelledby="record-{number}">.*?</article>', shown.text, re.DOTALL)
    assert article
    assert f'action="{PAGE}/{number}"' in article[0]
    assert f"/ops/commissions/{customer.commission}" in article[0]
    assert all((f'href="{place}"' in shown.text) is (place != PAGE) for place in PLACES.values())
    assert (refused.status_code, decided.status_code, decided.headers["location"]) == (422, 303, PAGE)
    assert await decisions(database, customer) == [(state, "The cause is mended.")]


async def test_programs_of_ops_decide_by_the_api_and_nobody_else_does(
    client: httpx.AsyncClient, customer: Customer, database: Database
) -> None:
    where, drop = f"{API}/{await number_of(client, customer)}", {"decision": "drop", "reason": "Written by mistake."}

    refused = [
        (await client.post(where, json=drop, headers=bearer(role) | {"Idempotency-Key": str(uuid4())})).status_code
        for role in (Role.CUSTOMER, Role.MAKER)
    ]
    before = await decisions(database, customer)
    key = bearer(Role.OPS) | {"Idempotency-Key": str(uuid4())}
    answers = [(await client.post(where, json=drop, headers=key)).status_code for _ in range(2)]
    again = await client.post(where, json=drop, headers=key | {"Idempotency-Key": str(uuid4())})

    assert refused == [403, 403]
    assert before == [("waiting", None)]
    assert answers == [204, 204]
    assert (again.status_code, again.json()["detail"]) == (404, "No such event waits here.")
    assert await decisions(database, customer) == [("dropped", "Written by mistake.")]
