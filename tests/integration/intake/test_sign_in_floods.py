"""Strangers who have sign-in mails sent to somebody: neither is a mailbox filled, nor anybody kept out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI

from services.intake.domain.sign_in import OF_STRANGERS
from shared.kernel.clock import system_clock
from shared.postgres.database import Database
from tests.integration.intake.test_sign_in import SECRETS, ask, asked, right, somebody
from tests.support.intake import COOKIES, Program, app_of, browser, facts_about, kernel_of


@dataclass
class LaterOn:
    """An app whose clock is moved."""

    app: FastAPI
    began: datetime
    now: datetime

    def by(self, moved: timedelta) -> None:
        self.now += moved


@pytest.fixture
async def later(database: Database, monkeypatch: pytest.MonkeyPatch) -> LaterOn:
    monkeypatch.setattr("services.intake.api.sign_in.ANSWER_AFTER", 0.0)
    now = system_clock()
    made = LaterOn(None, now, now)  # type: ignore[arg-type]  # it needs the clock, which is this one's
    made.app = app_of(await kernel_of(database, clock=lambda: made.now))
    return made


async def flooded(later: LaterOn, database: Database, email: str, person: UUID) -> None:
    """A stranger has as many mails sent as they can in a day. At each moment the newest link is good."""
    async with browser(later.app) as stranger, browser(later.app) as owner:
        while later.now < later.began + timedelta(days=1) - timedelta(hours=5):
            await ask(stranger, email)
            pause = OF_STRANGERS.after((await facts_about(database, person)).count("LinkAsked"))
            later.by(pause - timedelta(seconds=1) if pause else timedelta())
            newest = SECRETS.link(await right(database, person))
            assert (await owner.get("/sign-in/link", params={"link": newest})).status_code == 200
            later.by(timedelta(seconds=2) if pause else timedelta())


async def test_a_stranger_has_ten_mails_a_day_sent_and_keeps_nobody_out(later: LaterOn, database: Database) -> None:
    """On a browser that is new here the newest mail, which the stranger had sent, lets its reader in."""
    email = somebody()
    ada = await Program(later.app).join(email=email)
    assert ada.person

    await flooded(later, database, email, ada.person)

    async with browser(later.app) as stranger, browser(later.app) as new:
        await ask(stranger, email)
        newest = await right(database, ada.person)
        await ask(new, email)
        assert await right(database, ada.person) == newest
        came = await new.post("/sign-in/link", data={"link": SECRETS.link(newest)})
    assert came.status_code == 303
    assert (await facts_about(database, ada.person)).count("LinkAsked") == 10


async def test_a_browser_that_is_known_gets_its_mail_at_once_whatever_strangers_ask(
    later: LaterOn, database: Database
) -> None:
    email = somebody()
    ada = await Program(later.app).join(email=email)
    assert ada.person
    async with browser(later.app) as own:
        await ask(own, email)
        await own.post("/sign-in/link", data={"link": SECRETS.link(await right(database, ada.person))})
        await own.post("/sign-out", data={"sure": "yes"})
        await flooded(later, database, email, ada.person)
        before = await right(database, ada.person)

        place = await ask(own, email)

        made = await right(database, ada.person)
        assert made != before
        came = await own.post("/sign-in/code", data={"ask": asked(place), "code": SECRETS.code(made)})
    assert came.status_code == 303


async def test_who_only_typed_an_address_is_not_known_by_it(app: FastAPI) -> None:
    async with browser(app) as stranger:
        await stranger.post("/sign-up", data={"name": "Ada", "email": somebody()})

        assert COOKIES.session in stranger.cookies
        assert [name for name in stranger.cookies if name.startswith(COOKIES.known)] == []


async def test_the_mails_of_a_known_browser_tell_a_stranger_nothing(later: LaterOn, database: Database) -> None:
    """What was answered to the stranger stays good, as it does for an address that nobody has."""
    email = somebody()
    ada = await Program(later.app).join(email=email)
    assert ada.person
    async with browser(later.app) as own, browser(later.app) as stranger:
        await ask(own, email)
        await own.post("/sign-in/link", data={"link": SECRETS.link(await right(database, ada.person))})
        places = [asked(await ask(stranger, email)) for _ in range(2)]

        await ask(own, email)

        assert asked(await ask(stranger, email, ask=places[-1])) == places[-1]
