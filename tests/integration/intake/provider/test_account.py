"""The account of the studio's own provider that is tied to somebody's: seen, untied, tied again, each time told of."""

import json
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import httpx
from fastapi import FastAPI

from services.intake.domain.sessions import SecurityKind
from shared.auth.roles import Role
from shared.contracts.access import SignInChange, SignInChanged
from shared.postgres.database import Database
from tests.support.intake import browser, sign_in_link, signed_in
from tests.support.openid import RunningProvider
from tests.support.provider import Invited, accounts_of, back

TIED, UNTIED = SignInChange.ACCOUNT_TIED, SignInChange.ACCOUNT_UNTIED


async def test_somebody_sees_their_account_and_unties_it_and_is_told_each_time(
    page: httpx.AsyncClient, bo_here: Invited, provider: RunningProvider, database: Database
) -> None:
    tied, before = await account_of(page), await page.get("/sessions")

    untied = await untie(page, tied)
    after, again = await page.get("/sessions"), await untie(page, tied)

    assert (tied["name"], tied["issuer"]) == ("Kiln ID", provider.issuer)
    assert f'action="/provider-accounts/{tied["account"]}/untie"' in before.text
    assert bo_here.subject not in before.text
    assert "Untying keeps nobody out" in before.text
    assert (untied.status_code, untied.headers["location"]) == (303, "/sessions")
    assert "None is tied to yours yet" in after.text
    assert again.status_code == 404
    assert await accounts_of(database, bo_here.person) == []
    assert await told(database, bo_here.person) == [TIED, UNTIED]
    assert await events_of(database, bo_here.person) >= {SecurityKind.ACCOUNT_TIED, SecurityKind.ACCOUNT_UNTIED}


async def test_who_has_untied_it_is_let_in_by_a_link_as_before_and_ties_it_again_by_signing_in_there(
    app: FastAPI, page: httpx.AsyncClient, bo_here: Invited, provider: RunningProvider, database: Database
) -> None:
    address = f"/api/v1/intake/provider-accounts/{(await account_of(page))['account']}"
    gone = await page.delete(address, headers={"Accept": "application/json"})

    async with browser(app) as another:
        by_mail = await another.post("/sign-in/link", data={"link": await sign_in_link(database, bo_here.person)})
    again = await page.get(await back(page, provider, bo_here.account()))

    assert (gone.status_code, by_mail.status_code, by_mail.headers["location"]) == (204, 303, "/bench")
    assert again.headers["location"] == "/bench"
    assert await accounts_of(database, bo_here.person) == [bo_here.subject]
    assert await told(database, bo_here.person) == [TIED, UNTIED, TIED]


async def test_nobody_unties_somebody_elses(
    app: FastAPI, page: httpx.AsyncClient, bo_here: Invited, database: Database
) -> None:
    tied = await account_of(page)

    async with signed_in(app, Role.OPS) as other:
        answer = await untie(other, tied)

    assert answer.status_code == 404
    assert await accounts_of(database, bo_here.person) == [bo_here.subject]


async def test_a_new_link_from_ops_unties_it_and_that_is_told_too(bo_here: Invited, database: Database) -> None:
    await bo_here.new_link()
    await bo_here.new_link()

    assert await told(database, bo_here.person) == [TIED, UNTIED]


async def test_an_account_of_the_provider_that_the_studio_had_before_is_shown_by_its_host(
    page: httpx.AsyncClient, bo_here: Invited, database: Database
) -> None:
    async with database.transaction() as tx:
        await tx.connection.execute(
            "UPDATE provider_account SET issuer = $1 WHERE person = $2",
            f"https://{bo_here.subject}.example/kiln",
            bo_here.person,
        )

    assert (await account_of(page))["name"] == f"{bo_here.subject}.example"
    assert f"{bo_here.subject}.example<span" in (await page.get("/sessions")).text


async def test_whoever_takes_their_data_along_has_it_in_them(
    page: httpx.AsyncClient, bo_here: Invited, provider: RunningProvider
) -> None:
    archive = await page.get("/your-data/archive.zip")

    with ZipFile(BytesIO(archive.content)) as file:
        [account] = json.loads(file.read("data.json"))["provider_accounts"]
    assert (account["issuer"], account["subject"]) == (provider.issuer, bo_here.subject)


async def account_of(page: httpx.AsyncClient) -> dict[str, Any]:
    """The one that this browser's person has."""
    answer = await page.get("/api/v1/intake/provider-accounts", headers={"Accept": "application/json"})
    [tied] = answer.json()
    assert isinstance(tied, dict)
    return tied


async def untie(page: httpx.AsyncClient, account: dict[str, Any]) -> httpx.Response:
    return await page.post(f"/provider-accounts/{account['account']}/untie")


async def told(database: Database, person: UUID) -> list[SignInChange]:
    """Of what they are told by mail, in this order."""
    async with database.transaction() as tx:
        rows = await tx.connection.fetch(
            "SELECT data FROM outbox WHERE key = $1 AND type = $2 ORDER BY position", person, SignInChanged.type()
        )
    return [SignInChanged.model_validate_json(row["data"]).change for row in rows]


async def events_of(database: Database, person: UUID) -> set[SecurityKind]:
    async with database.transaction() as tx:
        rows = await tx.connection.fetch("SELECT kind FROM security_event WHERE person = $1", person)
    return {SecurityKind(row["kind"]) for row in rows}
