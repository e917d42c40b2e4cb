"""The provider, on a tablet that customers are handed: it may still know whoever signed in there before."""

from shared.auth.roles import Role
from shared.postgres.database import Database
from tests.support.intake import ORIGIN, RING, Program, app_of, kernel_of, signed_in, token
from tests.support.openid import running_provider
from tests.support.provider import CALLBACK, Invited

REQUEST = {"craft": "jewellery", "offering": "engraved-ring", "answers": RING, "way": "counter", "for_name": "Zoë"}


async def test_the_provider_asks_who_comes_though_it_knows_the_browser(database: Database) -> None:
    async with running_provider(f"{ORIGIN}{CALLBACK}") as provider:
        app = app_of(await kernel_of(database, **provider.settings()))
        desk, bo = Program(app), await Invited(app).come()
        desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS)}"
        commission = (await desk.post("/requests", REQUEST)).json()["commission"]

        async with signed_in(app, Role.OPS) as tablet:
            before = await tablet.get("/sign-in/provider")
            await tablet.post(f"/commissions/{commission}/tablet", data={"name": "Zoë"})
            await tablet.post("/sign-out", data={"sure": "yes"})
            begun_before = await tablet.get(await provider.sign_in(before.headers["location"], bo.account()))
            begun = await tablet.get("/sign-in/provider")
            back = await provider.sign_in(begun.headers["location"], bo.account())
            answer = await tablet.get(back)

    assert begun_before.status_code == 403
    assert "prompt=login" not in before.headers["location"]
    assert "prompt=login" in begun.headers["location"]
    assert (answer.status_code, answer.headers["location"]) == (303, "/bench")
