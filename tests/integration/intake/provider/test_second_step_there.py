"""Whether the studio's own provider spares somebody the second step here."""

from uuid import uuid4

import pytest

from shared.auth.roles import Caller
from shared.postgres.database import Database
from tests.support.intake import COOKIES, ORIGIN, app_of, browser, kernel_of
from tests.support.openid import running_provider
from tests.support.provider import CALLBACK
from tests.support.second_step import HandMovedClock, MovedIntake


@pytest.mark.parametrize(("methods", "proof"), [("pwd", "half"), ("pwd otp mfa", "two")])
async def test_who_has_a_second_step_is_asked_for_it_unless_the_provider_has_asked_for_one(
    database: Database, methods: str, proof: str
) -> None:
    clock = HandMovedClock()
    async with running_provider(f"{ORIGIN}{CALLBACK}") as provider:
        moved = MovedIntake(app_of(await kernel_of(database, clock=clock, **provider.settings())), clock)
        dee, _, _ = await moved.with_app()
        async with database.transaction() as tx:
            address = await tx.connection.fetchval("SELECT email FROM person WHERE person = $1", dee.person)

        async with browser(moved.app) as page:
            begun = await page.get("/sign-in/provider")
            account = f"{uuid4().hex}|{address}|verified|{methods}"
            answer = await page.get(await provider.sign_in(begun.headers["location"], account))
            caller: Caller = moved.app.state.verifier.caller(page.cookies[COOKIES.token], clock.now)
            shown = await page.get("/people")

    assert (answer.status_code, answer.headers["location"]) == (303, "/ops")
    assert caller.proof == proof
    assert shown.status_code == (303 if proof == "half" else 200)
