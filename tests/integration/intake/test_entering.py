"""The studio enters requests for people at the counter or on the phone, with or without an e-mail address."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from services.intake.domain.people import Person
from services.intake.store import add_person
from shared.auth.roles import Role
from shared.contracts.briefs import BriefWritten
from shared.contracts.commissions import CommissionConfirmed, EntryWay
from shared.contracts.people import PersonRecorded
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.intake import (
    RING,
    Program,
    app_of,
    browser,
    facts_about,
    kernel_of,
    mailed_right,
    newest_fact,
    person_of,
    photo,
    sign_in_link,
    signed_in,
    token,
)

OPS = new_id()
WALKED_IN = {"way": "counter", "for_name": "Zoë Quist"}


@pytest.fixture
async def ops(app: FastAPI, database: Database) -> Program:
    """Somebody of the studio, at the API."""
    async with database.transaction() as tx:
        await add_person(tx, Person(OPS, Role.OPS, "Ida Ops", "ida@example.org"), system_clock())
    return studio(app)


def studio(app: FastAPI) -> Program:
    program = Program(app)
    program.http.headers["Authorization"] = f"Bearer {token(Role.OPS, OPS)}"
    return program


def address() -> str:
    return f"zoe-{new_id().hex[-12:]}@example.org"


async def enter(ops: Program, *, key: str | None = None, **said: Any) -> httpx.Response:
    """Enter a ring, as somebody asks for it at the counter unless it is said otherwise."""
    body = {"craft": "jewellery", "offering": "engraved-ring", "answers": RING, **WALKED_IN, **said}
    return await ops.post("/requests", body, key=key)


async def entered(ops: Program, **said: Any) -> UUID:
    answer = await enter(ops, **said)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return UUID(answer.json()["commission"])


async def customer_of(database: Database, commission: UUID) -> UUID:
    return (await newest_fact(database, commission, CommissionConfirmed)).customer


async def people_called(database: Database, name: str) -> int:
    async with database.statement() as tx:
        found: int = await tx.connection.fetchval("SELECT count(*) FROM person WHERE name = $1", name)
    return found


def problem_fields(answer: httpx.Response) -> set[str]:
    return {each["field"] for each in answer.json()["fields"]}


async def test_a_request_is_confirmed_as_it_is_entered_and_says_by_whom(ops: Program, database: Database) -> None:
    commission = await entered(ops)

    confirmed = await newest_fact(database, commission, CommissionConfirmed)
    recorded = await newest_fact(database, confirmed.customer, PersonRecorded)
    assert await facts_about(database, commission) == ["CommissionConfirmed", "BriefWritten"]
    assert (confirmed.by, confirmed.way) == (OPS, EntryWay.COUNTER)
    assert (recorded.name, recorded.email, recorded.language) == ("Zoë Quist", None, "en")


async def test_the_same_key_enters_one_request_for_one_person(ops: Program, database: Database) -> None:
    key, name = str(new_id()), f"Zoe {new_id().hex[-8:]}"

    answers = await asyncio.gather(*(enter(ops, key=key, for_name=name) for _ in range(3)))

    assert {each.status_code for each in answers} == {httpx.codes.CREATED}
    assert len({each.json()["commission"] for each in answers}) == 1
    assert await people_called(database, name) == 1


async def test_another_request_with_the_same_key_is_refused(ops: Program) -> None:
    key = str(new_id())
    await enter(ops, key=key)

    again = await enter(ops, key=key, for_name="Somebody Else")

    assert again.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert again.json()["type"].endswith("idempotency-key-reused")


async def test_a_request_is_entered_for_a_customer_who_has_been_here(
    ops: Program, ada: Program, database: Database
) -> None:
    commission = await entered(ops, for_customer=str(ada.person), for_name=None, way="phone")

    mine = (await ada.http.get("/commissions")).json()["items"]
    timeline = (await ada.http.get(f"/commissions/{commission}/timeline")).json()["entries"]
    assert await customer_of(database, commission) == ada.person
    assert [each["commission"] for each in mine] == [str(commission)]
    assert timeline[0]["title"] == "You asked for it on the phone"


async def test_whoever_only_typed_an_address_is_no_customer_to_enter_for(ops: Program, app: FastAPI) -> None:
    typed = await Program(app).sign_up("Zoe", address())

    refused = await enter(ops, for_customer=str(typed.person))

    assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert problem_fields(refused) == {"/for_customer"}


async def test_a_known_address_joins_nobodys_account_by_being_typed(ops: Program, app: FastAPI) -> None:
    email = address()
    await Program(app).join("Ada", email)

    refused = await enter(ops, for_email=email.upper())

    assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert problem_fields(refused) == {"/for_email"}
    assert "Enter the request for them" in refused.text


async def test_for_whom_has_the_address_it_is_entered_with_all_that_was_typed(ops: Program, database: Database) -> None:
    email = address()
    customer = await customer_of(database, await entered(ops, for_name="Zoë Quist", for_email=email))
    typed = {"for_name": "Zoe Quist-Lovelace", "for_language": "de", "for_customer": str(customer)}

    joined = await customer_of(database, await entered(ops, for_email=email.upper(), **typed))
    other = await enter(ops, for_email=address(), **typed)

    (found,) = (await ops.http.get("/customers", params={"email": email.upper()})).json()
    nobody = (await ops.http.get("/customers", params={"email": address()})).json()
    assert (joined, found["person"], nobody) == (customer, str(customer), [])
    assert (found["name"], found["language"]) == ("Zoë Quist", "en")
    assert (other.status_code, problem_fields(other)) == (httpx.codes.UNPROCESSABLE_ENTITY, {"/for_email"})


async def test_one_address_is_entered_once(ops: Program, database: Database) -> None:
    email, name = address(), f"Zoe {new_id().hex[-8:]}"

    answers = await asyncio.gather(*(enter(ops, for_email=email, for_name=name) for _ in range(3)))

    assert sorted(each.status_code for each in answers) == [201, 422, 422]
    assert await people_called(database, name) == 1


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"for_name": None}, "/for_name"),
        ({"for_name": "\u200b"}, "/for_name"),
        ({"for_email": "zoe at example"}, "/for_email"),
        ({"for_language": "tlh"}, "/for_language"),
        ({"way": "pigeon"}, "/way"),
        ({"answers": {**RING, "size": "9999"}}, "/answers/size"),
    ],
)
async def test_what_is_wrong_is_said_of_its_field(ops: Program, said: Mapping[str, Any], wrong: str) -> None:
    refused = await enter(ops, **said)

    assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert problem_fields(refused) == {wrong}


async def test_nobody_is_recorded_where_the_request_is_not_taken(ops: Program, database: Database) -> None:
    name = f"Zoe {new_id().hex[-8:]}"

    refused = await enter(ops, for_name=name, images=[str(new_id())])

    assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert await people_called(database, name) == 0


async def test_too_much_that_is_not_paid_is_too_much_here_too(database: Database) -> None:
    ops = studio(app_of(await kernel_of(database, open_unpaid=2)))
    customer = await customer_of(database, await entered(ops))
    await entered(ops, for_customer=str(customer))

    refused = await enter(ops, for_customer=str(customer))

    assert refused.status_code == httpx.codes.CONFLICT
    assert refused.json()["detail"] == "This customer has 2 open commissions without a deposit."


async def test_a_picture_that_the_studio_sent_is_the_customers_from_then_on(ops: Program, database: Database) -> None:
    image = await ops.send_image(photo())

    commission = await entered(ops, images=[image])

    brief = await newest_fact(database, commission, BriefWritten)
    async with database.statement() as tx:
        owner = await tx.connection.fetchval("SELECT owner FROM image WHERE image = $1", UUID(image))
    assert [str(each) for each in brief.images] == [image]
    assert owner == await customer_of(database, commission)


async def test_customers_are_found_by_how_their_words_begin(ops: Program, database: Database, app: FastAPI) -> None:
    name, email = f"Zoë Müller-{new_id().hex[-8:]}", address()
    customer = await customer_of(database, await entered(ops, for_name=name, for_email=email))
    await Program(app).sign_up(name, address())  # typed, and never confirmed

    found = {
        asked: [each["person"] for each in (await ops.http.get("/customers", params={"find": asked})).json()]
        for asked in (
            f"zoe muel {name[-8:]}",
            email.partition("@")[0] + "@",
            "",
            "nobody is called so",
            f"{name[-8:]} xyz",
        )
    }

    assert list(found.values()) == [[str(customer)], [str(customer)], [], [], []]


async def test_who_confirms_a_request_of_their_own_is_found_too(
    ops: Program, app: FastAPI, database: Database, visitor: httpx.AsyncClient
) -> None:
    name = f"Zoe {new_id().hex[-8:]}"
    mailed = await mailed_right(database, await (await Program(app).sign_up(name, address())).commission())

    await visitor.post(f"/commissions/{mailed.commission}/confirm/yes", data={"link": mailed.link})

    found = (await ops.http.get("/customers", params={"find": name})).json()
    assert [each["person"] for each in found] == [str(person_of(app, visitor))]


async def test_by_a_mail_to_the_address_that_was_entered_one_signs_in_and_has_the_account(
    ops: Program, database: Database, visitor: httpx.AsyncClient
) -> None:
    commission = await entered(ops, for_email=address())
    customer = await customer_of(database, commission)

    by_hand = await ops.post(f"/people/{customer}/links")
    await visitor.post("/sign-in/link", data={"link": await sign_in_link(database, customer)})
    page = await visitor.get(f"/commissions/{commission}")
    after = await visitor.get("/commissions")

    assert by_hand.status_code == httpx.codes.CONFLICT  # not confirmed yet
    assert "You asked for it at the counter" in page.text
    assert f"/commissions/{commission}" in after.text
    assert await is_account(database, customer)


async def is_account(database: Database, person: UUID) -> bool:
    async with database.statement() as tx:
        found: bool = await tx.connection.fetchval(
            "SELECT confirmed_at IS NOT NULL FROM person WHERE person = $1", person
        )
    return found


async def test_who_confirms_the_same_address_in_a_browser_has_the_account_that_was_entered(
    ops: Program, database: Database, app: FastAPI, visitor: httpx.AsyncClient
) -> None:
    email = address()
    customer = await customer_of(database, await entered(ops, for_email=email))
    sent = await (await Program(app).sign_up("Zoe", email)).commission()
    mailed = await mailed_right(database, sent)

    await visitor.post(f"/commissions/{sent}/confirm/yes", data={"link": mailed.link})

    assert person_of(app, visitor) == customer == await customer_of(database, sent)
    assert await is_account(database, customer)


async def test_somebody_without_an_address_is_given_one_and_has_the_account_by_its_mail(
    ops: Program, database: Database, visitor: httpx.AsyncClient
) -> None:
    email = address()
    commission = await entered(ops)
    customer = await customer_of(database, commission)

    given = [await ops.http.put(f"/customers/{customer}/address", json={"email": email}) for _ in range(2)]
    before = await is_account(database, customer)
    link = await sign_in_link(database, customer)
    signed = await visitor.post("/sign-in/link", data={"link": link})

    assert [each.status_code for each in given] == [httpx.codes.NO_CONTENT] * 2
    assert (await newest_fact(database, customer, PersonRecorded)).email == email
    assert await facts_about(database, customer) == ["PersonRecorded", "PersonRecorded"]
    assert signed.status_code == httpx.codes.SEE_OTHER
    assert (before, await is_account(database, customer)) == (False, True)


async def test_somebody_without_an_address_takes_their_data_along_and_is_erased(
    ops: Program, database: Database
) -> None:
    name = f"Zoe {new_id().hex[-8:]}"
    commission = await entered(ops, for_name=name)
    customer = await customer_of(database, commission)

    archive = await ops.http.get(f"/people/{customer}/export")
    asked = await ops.post(f"/people/{customer}/erasure")
    found = (await ops.http.get("/customers", params={"find": name})).json()

    assert archive.status_code == httpx.codes.OK
    assert asked.status_code == httpx.codes.OK
    assert "CommissionWithdrawn" in await facts_about(database, commission)
    assert [each["person"] for each in found] == [str(customer)]  # until the request has ended


async def test_the_page_finds_the_customer_enters_the_form_and_shows_again_what_is_wrong(
    app: FastAPI, ops: Program, database: Database
) -> None:
    name = f"Zoe {new_id().hex[-8:]}"
    customer = await customer_of(database, await entered(ops, for_name=name))
    form = {**RING, "craft": "jewellery", "offering": "engraved-ring", "idempotency_key": str(new_id())}

    async with signed_in(app, Role.OPS, OPS) as desk:
        found = await desk.get("/requests/new", params={"find": name})
        chosen = await desk.get("/requests/new/jewellery/engraved-ring", params={"customer": str(customer)})
        nothing = await desk.post("/requests", data={**form, "size": ""}, files={"none": b""})
        sent = [
            await desk.post(
                "/requests", data={**form, "way": "phone", "for_customer": str(customer)}, files={"none": b""}
            )
            for _ in range(2)
        ]

    assert f"/requests/new?customer={customer}" in found.text
    assert name in chosen.text
    assert nothing.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "This does not say how the request came." in nothing.text
    assert "as it was" in nothing.text
    assert {each.status_code for each in sent} == {httpx.codes.SEE_OTHER}
    assert len({each.headers["location"] for each in sent}) == 1


async def test_the_page_gives_an_address_to_somebody_who_has_none(
    app: FastAPI, ops: Program, database: Database
) -> None:
    customer, email = await customer_of(database, await entered(ops)), address()
    here = f"/customers/{customer}/address"

    async with signed_in(app, Role.OPS, OPS) as desk:
        wrong = await desk.post(here, data={"email": "none"})
        await desk.post(here, data={"email": email})
        page = await desk.get(here)

    assert "This is not an email address." in wrong.text
    assert email in page.text


async def test_only_the_studio_enters_requests(app: FastAPI, ada: Program) -> None:
    async with browser(app) as nobody:
        stranger = await nobody.get("/requests/new")

    assert (await enter(ada)).status_code == httpx.codes.FORBIDDEN
    assert stranger.status_code in {httpx.codes.SEE_OTHER, httpx.codes.TEMPORARY_REDIRECT}
