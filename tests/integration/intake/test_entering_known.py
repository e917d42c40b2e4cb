"""On the page a request for somebody whose address is known is entered for that customer in one press."""

import re
from uuid import UUID

import httpx
from fastapi import FastAPI

from shared.auth.roles import Role
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.intake import RING, Program, browser, signed_in

OPS = new_id()
FORM = {**RING, "craft": "jewellery", "offering": "engraved-ring", "way": "counter", "for_language": "en"}


async def known(app: FastAPI) -> tuple[Program, UUID, str]:
    """A customer who has an account, and its address."""
    email = f"zoe-{new_id().hex[-12:]}@example.org"
    zoe = await Program(app).join("Zoë Quist", email)
    assert zoe.person
    return zoe, zoe.person, email


async def enter(desk: httpx.AsyncClient, key: UUID, **said: str) -> httpx.Response:
    form = {**FORM, "idempotency_key": str(key), **said}
    return await desk.post("/requests", data=form, files={"none": b""})


def pressed(page: httpx.Response) -> str:
    """Whom the button is for that the page offers."""
    found = re.search(r'name="for_known" value="([0-9a-f-]{36})"', page.text)
    return found[1] if found else ""


async def customers_of(database: Database, answer: httpx.Response) -> UUID:
    commission = UUID(answer.headers["location"].rpartition("/")[2])
    async with database.transaction() as tx:
        query = "SELECT customer FROM commission WHERE commission = $1"
        return UUID(str(await tx.connection.fetchval(query, commission)))


async def name_of(database: Database, person: UUID) -> str:
    async with database.transaction() as tx:
        return str(await tx.connection.fetchval("SELECT name FROM person WHERE person = $1", person))


async def test_it_is_entered_for_them_in_one_press_with_everything_that_was_typed(
    app: FastAPI, database: Database
) -> None:
    _, customer, email = await known(app)
    key = new_id()

    async with signed_in(app, Role.OPS, OPS) as desk:
        refused = await enter(desk, key, for_name="Zoe", for_email=f" {email.upper()} ", why="For the garden.")
        joined = [
            await enter(desk, key, for_name="Zoe", for_email=email.upper(), for_known=pressed(refused))
            for _ in range(2)
        ]

    assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert pressed(refused) == str(customer)
    assert "Enter it for Zoë Quist" in refused.text
    assert "For the garden." in refused.text
    assert 'value="Zoe"' in refused.text
    assert [each.status_code for each in joined] == [httpx.codes.SEE_OTHER] * 2
    assert len({each.headers["location"] for each in joined}) == 1
    assert await customers_of(database, joined[0]) == customer
    assert await name_of(database, customer) == "Zoë Quist"


async def test_an_address_that_was_corrected_or_emptied_is_not_theirs_any_more(app: FastAPI) -> None:
    _, customer, email = await known(app)

    async with signed_in(app, Role.OPS, OPS) as desk:
        for typed in ("", f"x{email}"):
            answer = await enter(desk, new_id(), for_name="Zoe", for_email=typed, for_known=str(customer))

            assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
            assert "This is not the email address of the customer who was chosen." in answer.text
            assert 'name="for_name"' in answer.text, "whom it is for can be typed again"
            assert pressed(answer) == ""


async def test_what_else_is_wrong_is_shown_with_the_customer_chosen(app: FastAPI) -> None:
    _, customer, email = await known(app)

    async with signed_in(app, Role.OPS, OPS) as desk:
        answer = await enter(desk, new_id(), for_name="Zoe", for_email=email, for_known=str(customer), size="")
        other = await enter(desk, new_id(), for_name="Zoe", for_email=email, for_known=str(new_id()), size="")

    assert {each.status_code for each in (answer, other)} == {httpx.codes.UNPROCESSABLE_ENTITY}
    assert f'name="for_customer" value="{customer}"' in answer.text
    assert 'name="for_name"' in other.text


async def test_whoever_is_erased_meanwhile_is_not_joined(app: FastAPI) -> None:
    zoe, customer, email = await known(app)

    async with signed_in(app, Role.OPS, OPS) as desk:
        refused = await enter(desk, new_id(), for_name="Zoe", for_email=email)
        (await zoe.post("/people/me/erasure")).raise_for_status()
        late = await enter(desk, new_id(), for_name="Zoe", for_email=email, for_known=pressed(refused))

    assert pressed(refused) == str(customer)
    assert late.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert pressed(late) == ""


async def test_strangers_learn_of_no_address(app: FastAPI) -> None:
    zoe, customer, email = await known(app)
    asked = {"for_name": "Zoe", "for_email": email, "for_known": str(customer)}

    async with browser(app) as stranger, signed_in(app, Role.MAKER, new_id()) as maker:
        answers = [await enter(each, new_id(), **asked) for each in (stranger, maker)]
    as_customer = await zoe.post("/requests", {**asked, "way": "counter"})

    for answer in (*answers, as_customer):
        assert answer.status_code in {303, 307, 401, 403}
        assert "Zoë" not in answer.text
