"""A request of somebody whose address nobody has confirmed: nothing happens with it before."""

from collections.abc import Mapping
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from shared.contracts.briefs import BriefWritten
from shared.contracts.commissions import CommissionConfirmed, ConfirmationAsked, DropReason, RequestDropped
from shared.contracts.people import PersonRecorded
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.intake import (
    COOKIES,
    MailedRight,
    Program,
    browser,
    facts_about,
    mailed_right,
    newest_fact,
    person_of,
    photo,
)


@pytest.fixture
async def zoe(app: FastAPI) -> Program:
    """Somebody who has signed up, and confirmed nothing."""
    return await Program(app).sign_up("Zoe", f"zoe-{new_id().hex[-12:]}@example.org")


async def customer_of(database: Database, commission: UUID) -> UUID:
    async with database.statement() as tx:
        found: UUID = await tx.connection.fetchval("SELECT customer FROM commission WHERE commission = $1", commission)
    return found


async def rows(database: Database, query: str, *arguments: object) -> list[tuple[object, ...]]:
    async with database.statement() as tx:
        return [tuple(row) for row in await tx.connection.fetch(query, *arguments)]


async def open_link(client: httpx.AsyncClient, mailed: MailedRight, answer: str) -> httpx.Response:
    """What somebody does who opens the mail's link and presses a button."""
    shown = await client.get(f"/commissions/{mailed.commission}/confirm", params={"link": mailed.link})
    assert shown.status_code == httpx.codes.OK, shown.text
    return await client.post(f"/commissions/{mailed.commission}/confirm/{answer}", data={"link": mailed.link})


async def test_a_request_waits_for_its_confirmation_and_has_a_mail_sent(zoe: Program, database: Database) -> None:
    commission = await zoe.commission()

    asked = await newest_fact(database, commission, ConfirmationAsked)
    page = (await zoe.http.get(f"/commissions/{commission}")).json()

    assert await facts_about(database, commission) == ["ConfirmationAsked"]
    assert asked.person == zoe.person
    assert page["status"]["code"] == "unconfirmed"


async def test_the_browser_that_sent_the_form_is_let_in_by_the_code(
    visitor: httpx.AsyncClient, app: FastAPI, database: Database
) -> None:
    await visitor.post("/sign-up", data={"name": "Zoë", "email": "zoe.one@example.org"})
    provisional = person_of(app, visitor)
    program = Program(app)
    program.http.headers["Authorization"] = f"Bearer {visitor.cookies[COOKIES.token]}"
    commission = await program.commission()
    mailed = await mailed_right(database, commission)

    shown = await visitor.get(f"/commissions/{commission}")
    answer = await visitor.post(f"/commissions/{commission}/confirm/code", data={"code": mailed.code})
    page = await visitor.get(f"/commissions/{commission}")

    assert "zoe.one@example.org" in shown.text
    assert (answer.status_code, answer.headers["location"]) == (303, f"/commissions/{commission}")
    assert "We have received your request" in page.text
    assert person_of(app, visitor) != provisional
    assert await facts_about(database, commission) == ["ConfirmationAsked", "CommissionConfirmed", "BriefWritten"]
    confirmed = await newest_fact(database, commission, CommissionConfirmed)
    assert confirmed.customer == person_of(app, visitor) == await customer_of(database, commission)
    assert await facts_about(database, provisional) == ["PersonRecorded", "Tombstone"]
    assert (await newest_fact(database, confirmed.customer, PersonRecorded)).email == "zoe.one@example.org"


async def test_the_link_shows_what_was_asked_and_signs_in_the_browser_that_opened_it(
    visitor: httpx.AsyncClient, zoe: Program, database: Database
) -> None:
    image = await zoe.send_image(photo())
    commission = UUID((await zoe.submit(images=[image])).json()["commission"])
    mailed = await mailed_right(database, commission)

    looked = [await visitor.get(f"/commissions/{commission}/confirm", params={"link": mailed.link}) for _ in range(2)]
    answer = await visitor.post(f"/commissions/{commission}/confirm/yes", data={"link": mailed.link})
    page = await visitor.get(f"/commissions/{commission}")
    picture = await visitor.get(f"/commissions/{commission}/images/{image}")

    assert all("Was this you?" in each.text and "as it was" in each.text and "Zoe" in each.text for each in looked)
    assert answer.headers["location"] == f"/commissions/{commission}"
    assert "We have received your request" in page.text
    assert picture.status_code == httpx.codes.OK
    brief = await newest_fact(database, commission, BriefWritten)
    assert [str(each) for each in brief.images] == [image]


async def test_a_program_looks_at_what_a_link_is_about_in_its_own_language(zoe: Program, database: Database) -> None:
    image = await zoe.send_image(photo())
    commission = UUID((await zoe.submit(images=[image])).json()["commission"])
    mailed = await mailed_right(database, commission)

    looks = [
        await zoe.http.post(
            f"/commissions/{commission}/confirmation/look",
            json={"link": mailed.link},
            headers={"Accept-Language": each},
        )
        for each in ("en", "de")
    ]
    page = (await zoe.http.get(f"/commissions/{commission}", headers={"Accept-Language": "en"})).json()

    english, german = (each.json() for each in looks)
    assert [each.status_code for each in looks] == [200, 200], looks[0].text
    assert (english["name"], english["images"], english["confirmed"]) == ("Zoe", 1, False)
    assert english["answers"] == page["brief"]["answers"]
    assert [each["field"] for each in german["answers"]] == [each["field"] for each in english["answers"]]
    assert [each["label"] for each in german["answers"]] != [each["label"] for each in english["answers"]]


async def test_the_browser_that_sent_the_form_sees_nothing_more_until_it_types_the_code(
    visitor: httpx.AsyncClient, zoe: Program, app: FastAPI, database: Database
) -> None:
    commission = await zoe.commission()
    mailed = await mailed_right(database, commission)
    await open_link(visitor, mailed, "yes")

    timeline = await zoe.http.get(f"/commissions/{commission}/timeline")
    waiting = (await zoe.http.get(f"/commissions/{commission}/confirmation")).json()
    let_in = await zoe.post(f"/commissions/{commission}/confirmation", {"code": mailed.code})
    again = await zoe.post(f"/commissions/{commission}/confirmation", {"code": mailed.code})

    assert timeline.status_code == httpx.codes.NOT_FOUND
    assert (waiting["confirmed"], waiting["email"]) == (True, "")
    assert let_in.status_code == httpx.codes.CREATED, let_in.text
    assert UUID(let_in.json()["person"]) == person_of(app, visitor) == await customer_of(database, commission)
    assert again.status_code == 422
    assert again.json()["fields"][0]["field"] == "/code"
    assert "used before" in again.text


async def test_a_known_address_joins_its_own_account(
    visitor: httpx.AsyncClient, app: FastAPI, zoe: Program, database: Database
) -> None:
    email = f"known-{new_id().hex[-12:]}@example.org"
    known = await Program(app).join("Zoë Quist", email)
    stranger = await Program(app).sign_up("Z.", email.upper().replace("EXAMPLE.ORG", "example.org"))
    commission = await stranger.commission()
    unknown = await zoe.submit()

    asked = await stranger.http.get(f"/commissions/{commission}")
    await open_link(visitor, await mailed_right(database, commission), "yes")
    listed = (await known.http.get("/commissions")).json()["items"]

    same = await zoe.http.get(f"/commissions/{unknown.json()['commission']}")
    assert asked.json()["status"] == same.json()["status"] | {"since": asked.json()["status"]["since"]}
    assert person_of(app, visitor) == known.person == await customer_of(database, commission)
    assert [each["commission"] for each in listed] == [str(commission)]
    assert stranger.person is not None
    assert (await newest_fact(database, known.person, PersonRecorded)).name == "Zoë Quist"
    assert (await facts_about(database, stranger.person))[-1] == "Tombstone"
    assert await rows(database, "SELECT name, email, account FROM person WHERE person = $1", stranger.person) == [
        ("", "", known.person)
    ]


async def test_a_signed_in_customers_request_is_confirmed_in_its_own_commit(ada: Program, database: Database) -> None:
    commission = await ada.commission()

    assert await facts_about(database, commission) == ["CommissionConfirmed", "BriefWritten"]
    asked = (await ada.http.get(f"/commissions/{commission}/confirmation")).json()
    assert (asked["code_needed"], asked["confirmed"]) == (False, True)


async def test_a_link_works_once(visitor: httpx.AsyncClient, app: FastAPI, zoe: Program, database: Database) -> None:
    commission = await zoe.commission()
    mailed = await mailed_right(database, commission)
    await open_link(visitor, mailed, "yes")

    async with browser(app) as another:
        looked = await another.get(f"/commissions/{commission}/confirm", params={"link": mailed.link})
        again = await another.post(f"/commissions/{commission}/confirm/yes", data={"link": mailed.link})

        assert (looked.status_code, again.status_code) == (403, 403)
        assert "This link was used before." in again.text
        assert COOKIES.token not in another.cookies
    assert (await facts_about(database, commission)).count("CommissionConfirmed") == 1


async def test_a_link_is_of_one_request(zoe: Program, visitor: httpx.AsyncClient, database: Database) -> None:
    mailed, other = await mailed_right(database, await zoe.commission()), await zoe.commission()

    answers = [
        await visitor.post(f"/commissions/{other}/confirm/yes", data={"link": mailed.link}),
        await visitor.post(f"/commissions/{other}/confirm/yes", data={"link": "x"}),
        await visitor.post(f"/commissions/{other}/confirm/yes", data={"link": ""}),
        await visitor.get(f"/commissions/{other}/confirm"),
        await visitor.get(f"/commissions/{other}/confirm?link=%ed%a0%80"),
    ]

    assert [each.status_code for each in answers] == [403] * 5
    assert "Open it from the mail once more" in answers[0].text


async def test_the_fifth_wrong_code_is_the_last_and_another_mail_has_another_code(
    zoe: Program, database: Database
) -> None:
    commission = await zoe.commission()
    first = await mailed_right(database, commission)
    wrong = "0" * 8 if first.code != "0" * 8 else "1" * 8

    answers = [await zoe.post(f"/commissions/{commission}/confirmation", {"code": wrong}) for _ in range(5)]
    right_one = await zoe.post(f"/commissions/{commission}/confirmation", {"code": first.code})
    mailed_again = await zoe.post(f"/commissions/{commission}/confirmation/mails")
    second = await mailed_right(database, commission)
    let_in = await zoe.post(f"/commissions/{commission}/confirmation", {"code": f"{second.code[:4]} {second.code[4:]}"})

    assert [each.status_code for each in answers] == [422] * 5
    assert "you can try 4 times more" in answers[0].text
    assert "too often" in answers[4].text
    assert "too often" in right_one.text
    assert mailed_again.status_code == httpx.codes.ACCEPTED
    assert first.code != second.code
    assert let_in.status_code == httpx.codes.CREATED, let_in.text


async def test_nobody_else_may_type_a_code(zoe: Program, ada: Program, ben: Program, database: Database) -> None:
    commission = await zoe.commission()
    mailed = await mailed_right(database, commission)

    by_others = [
        await ada.post(f"/commissions/{commission}/confirmation", {"code": mailed.code}),
        await ben.post(f"/commissions/{commission}/confirmation/mails"),
        await ben.http.get(f"/commissions/{commission}/confirmation"),
    ]

    assert [each.status_code for each in by_others] == [404, 404, 404]
    assert (await facts_about(database, commission)) == ["ConfirmationAsked"]


async def test_no_deletes_all_that_was_sent_in_that_name(
    visitor: httpx.AsyncClient, zoe: Program, database: Database
) -> None:
    image = await zoe.send_image(photo())
    commission = UUID((await zoe.submit(images=[image])).json()["commission"])
    other = await zoe.commission()
    mailed = await mailed_right(database, commission)

    denied = await open_link(visitor, mailed, "no")
    again = await visitor.post(f"/commissions/{commission}/confirm/yes", data={"link": mailed.link})

    assert "It is deleted" in denied.text
    assert again.status_code == 403
    for each in (commission, other):
        assert (await newest_fact(database, each, RequestDropped)).reason is DropReason.DENIED
    assert zoe.person
    assert (await facts_about(database, zoe.person))[-1] == "Tombstone"
    for query in (
        "SELECT 1 FROM commission WHERE customer = $1",
        "SELECT 1 FROM person WHERE person = $1",
        "SELECT 1 FROM session WHERE person = $1",
        "SELECT 1 FROM image WHERE owner = $1",
    ):
        assert await rows(database, query, zoe.person) == [], query
    assert await rows(database, "SELECT 1 FROM brief WHERE commission = $1", commission) == []
    assert (await zoe.submit()).status_code == httpx.codes.UNAUTHORIZED


async def test_what_is_confirmed_is_not_denied(visitor: httpx.AsyncClient, zoe: Program, database: Database) -> None:
    commission = await zoe.commission()
    mailed = await mailed_right(database, commission)
    await zoe.post(f"/commissions/{commission}/confirmation", {"code": mailed.code})

    shown = await visitor.get(f"/commissions/{commission}/confirm", params={"link": mailed.link})
    denied = await visitor.post(f"/commissions/{commission}/confirm/no", data={"link": mailed.link})
    signed_in = await visitor.post(f"/commissions/{commission}/confirm/yes", data={"link": mailed.link})

    assert "This request is confirmed" in shown.text
    assert denied.status_code == 409
    assert (await visitor.get(signed_in.headers["location"])).status_code == httpx.codes.OK


async def test_two_tabs_send_two_requests_and_the_code_of_one_confirms_both(zoe: Program, database: Database) -> None:
    first, second = await zoe.commission(), await zoe.commission(engraving="the other one")
    mailed = await mailed_right(database, second)

    let_in = await zoe.post(f"/commissions/{second}/confirmation", {"code": mailed.code})

    account = UUID(let_in.json()["person"])
    assert {await customer_of(database, first), await customer_of(database, second)} == {account}
    assert "CommissionConfirmed" in await facts_about(database, first)


async def test_two_tabs_and_a_link_in_another_browser_confirm_one_at_a_time(
    visitor: httpx.AsyncClient, zoe: Program, database: Database
) -> None:
    first, second = await zoe.commission(), await zoe.commission(engraving="the other one")

    await open_link(visitor, await mailed_right(database, first), "yes")
    between = await facts_about(database, second)
    await open_link(visitor, await mailed_right(database, second), "yes")

    assert between == ["ConfirmationAsked"]
    assert await customer_of(database, first) == await customer_of(database, second) != zoe.person
    assert zoe.person
    assert (await facts_about(database, zoe.person)).count("Tombstone") == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("messages", {"words": "Hello?"}),
        ("withdraw", {"reason": "other"}),
        ("receipt", None),
        ("cancel", {"owed_percent": 0, "reason": "other"}),
    ],
)
async def test_nothing_can_be_done_with_what_is_not_confirmed(
    zoe: Program, database: Database, path: str, body: Mapping[str, object] | None
) -> None:
    commission = await zoe.commission()

    answer = await zoe.post(f"/commissions/{commission}/{path}", body)

    assert answer.status_code == 409, answer.text
    assert "not confirmed yet" in answer.text
    assert await facts_about(database, commission) == ["ConfirmationAsked"]


async def test_it_asks_in_the_readers_language(visitor: httpx.AsyncClient, zoe: Program, database: Database) -> None:
    commission = await zoe.commission()
    mailed = await mailed_right(database, commission)

    shown = await visitor.get(
        f"/commissions/{commission}/confirm", params={"link": mailed.link}, headers={"Accept-Language": "de"}
    )

    assert "Waren Sie das?" in shown.text
    assert "Ring" in shown.text
