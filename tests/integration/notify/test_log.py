"""The log of deliveries, as the API and the page show it to ops."""

from dataclasses import replace
from datetime import date
from functools import partial

import httpx
import pytest

from services.notify.domain.mails import MailState
from services.notify.main import web
from shared.auth.roles import Role
from shared.contracts.lifecycle import Outcome
from shared.contracts.notifications import Intent
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.integration.notify.conftest import Mailing
from tests.support.mail_facts import DEPOSIT
from tests.support.mail_server import MailServer
from tests.support.notify import Customer, Notify, kernel_of
from tests.support.waiting import until
from tests.support.web import NOW, bearer, client_of, cookie


@pytest.fixture
def client(notify_dsn: str, database: Database) -> httpx.AsyncClient:
    """Notify's app, with the clock of the test's sign-in tokens."""
    return client_of(web(replace(kernel_of(notify_dsn, database), clock=lambda: NOW)))


@pytest.fixture
async def greylisted(notify: Notify, mail: MailServer, mailing: Mailing) -> Customer:
    """Somebody whose mail was postponed once, and then taken."""
    customer = await notify.submit()
    await notify.know(customer)
    mail.answer_recipient(customer.email, ["451 4.7.1 Greylisted"])
    async with mailing():
        await notify.becomes(customer, "sent")
    return customer


async def test_the_api_shows_each_attempt_and_its_outcome(client: httpx.AsyncClient, greylisted: Customer) -> None:
    path = f"/api/v1/notify/commissions/{greylisted.commission}/mails"

    answer = await client.get(path, headers=bearer(Role.OPS))

    [mail] = answer.json()["items"]
    attempts = [(each["attempt"], each["outcome"], each["smtp_code"]) for each in mail["deliveries"]]
    assert (mail["intent"], mail["state"]) == ("request_received", "sent")
    assert attempts == [(1, "postponed", 451), (2, "accepted", None)]
    assert answer.json()["next"] is None


async def test_the_api_shows_what_a_mail_is_about_and_what_it_says(
    client: httpx.AsyncClient, greylisted: Customer, notify: Notify, mailing: Mailing
) -> None:
    async with mailing():
        await notify.receives(notify.facts_of(greylisted).invoiced(left=DEPOSIT, due_on=date(2027, 5, 31)))
        await until("the mail is sent", partial(_is_sent, notify, greylisted, Intent.QUOTE_ACCEPTED))

    answer = await client.get(f"/api/v1/notify/commissions/{greylisted.commission}/mails", headers=bearer(Role.OPS))
    page = await client.get(f"/mails/{greylisted.commission}", headers=cookie(Role.OPS))

    mail = answer.json()["items"][0]
    assert (mail["about"], mail["held_until"]) == (None, None)
    assert (mail["addressee"], mail["day"], mail["amount"]) == ("customer", "2027-05-31", DEPOSIT.model_dump())
    assert mail["code"] == "2027-deposit"
    for words in ("Order received", "31 May 2027", "€420.00", "2027-deposit"):
        assert words in page.text


async def test_the_page_shows_no_id_of_what_a_mail_is_about(
    client: httpx.AsyncClient, greylisted: Customer, notify: Notify
) -> None:
    """An id is of no use to a person."""
    asked = notify.facts_of(greylisted).approval_asked()
    await notify.receives(asked)

    answer = await client.get(f"/api/v1/notify/commissions/{greylisted.commission}/mails", headers=bearer(Role.OPS))
    page = await client.get(f"/mails/{greylisted.commission}", headers=cookie(Role.OPS))

    assert answer.json()["items"][0]["about"] == str(asked.approval)
    assert "Sign-off requested" in page.text
    assert str(asked.approval) not in page.text


async def test_the_api_says_what_a_mail_is_about_in_the_language_of_the_request(
    client: httpx.AsyncClient, greylisted: Customer
) -> None:
    path = f"/api/v1/notify/commissions/{greylisted.commission}/mails"

    answer = await client.get(path, headers={**bearer(Role.OPS), "Accept-Language": "de"})

    [mail] = answer.json()["items"]
    assert (mail["intent"], mail["status"]) == ("request_received", "sent")
    assert (mail["title"], mail["explanation"]) == ("Anfrage eingegangen", "Gesendet.")


async def test_a_mail_for_a_maker_whom_nobody_has_named_is_in_the_log(
    client: httpx.AsyncClient, greylisted: Customer, notify: Notify
) -> None:
    await notify.write(greylisted, Role.CUSTOMER)

    answer = await client.get(f"/api/v1/notify/commissions/{greylisted.commission}/mails", headers=bearer(Role.OPS))

    mail = answer.json()["items"][0]
    assert (mail["intent"], mail["addressee"], mail["person"]) == ("message_received", "maker", None)


async def test_no_door_shows_a_whole_address_or_a_name(client: httpx.AsyncClient, greylisted: Customer) -> None:
    page = await client.get(f"/mails/{greylisted.commission}", headers=cookie(Role.OPS))
    api = await client.get(f"/api/v1/notify/commissions/{greylisted.commission}/mails", headers=bearer(Role.OPS))

    for answer in (page, api):
        assert answer.status_code == httpx.codes.OK
        assert "a•••@example.org" in answer.text
        assert greylisted.email not in answer.text
        assert "Lovelace" not in answer.text


async def test_the_list_comes_in_pages_newest_first(
    client: httpx.AsyncClient, greylisted: Customer, notify: Notify
) -> None:
    path = f"/api/v1/notify/commissions/{greylisted.commission}/mails"
    facts = notify.facts_of(greylisted)
    for fact in (facts.drafted(), facts.ended(Outcome.LAPSED)):
        await notify.receives(fact)

    seen: list[str] = []
    after: dict[str, str] = {}
    for _ in range(3):
        answer = (await client.get(path, params={"limit": "1", **after}, headers=bearer(Role.OPS))).json()
        seen += [mail["intent"] for mail in answer["items"]]
        after = {"after": answer["next"]} if answer["next"] else {}

    assert after == {}
    assert seen == ["commission_ended", "quote_drafted", "request_received"]


@pytest.mark.parametrize("path", ["/mails/{}", "/mails/{}/live", "/api/v1/notify/commissions/{}/mails"])
async def test_a_commission_that_notify_does_not_know_is_not_there(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path.format(new_id()), headers=bearer(Role.OPS))

    assert answer.status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.MAKER])
async def test_the_log_is_for_ops_alone(client: httpx.AsyncClient, greylisted: Customer, role: Role) -> None:
    answer = await client.get(
        f"/api/v1/notify/commissions/{greylisted.commission}/mails", headers=bearer(role, greylisted.person)
    )

    assert answer.status_code == httpx.codes.FORBIDDEN


async def _is_sent(notify: Notify, customer: Customer, intent: Intent) -> bool:
    return (await notify.the_mail(customer, intent)).state is MailState.SENT
