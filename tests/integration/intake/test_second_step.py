"""A second step: set up, asked for by whatever way somebody came, given once; and all that must not get around it."""

from datetime import datetime
from uuid import uuid4

import pytest

from services.intake.domain.second_step import PAUSE, SECOND_STEP_LIFE
from services.intake.store import erasure
from shared.auth.roles import Proof, Role
from shared.contracts.sessions import SessionEnded
from shared.kernel.clock import system_clock
from shared.postgres.database import Database
from tests.support.intake import COOKIES, Program, browser, facts_about, sign_in_link, token
from tests.support.second_step import HandMovedClock, MovedIntake, Phone, keep, proof_of, session_of


async def test_an_app_is_set_up_by_its_first_code_and_every_other_session_ends(
    moved: MovedIntake, database_ahead: Database
) -> None:
    dee = await moved.invited()
    elsewhere = await moved.by_mail(dee)
    offer = (await dee.post("/authenticators/offers")).json()
    phone = Phone.typed(offer["secret"])

    wrong = await dee.post("/authenticators", {**phone.first(offer, moved.clock.now), "code": "000000"})
    before = (await dee.http.get("/second-step")).json()
    added = await dee.post("/authenticators", phone.first(offer, moved.clock.now))
    keep(dee, added.json()["session"])
    after = (await dee.http.get("/second-step")).json()

    assert (wrong.status_code, wrong.json()["fields"][0]["code"]) == (422, "step_code_wrong")
    assert (before["asked"], before["authenticators"]) == (False, [])
    assert (after["asked"], after["authenticators"][0]["name"], after["codes_left"]) == (True, "Fairphone", 10)
    assert len(set(added.json()["recovery_codes"])) == 10
    assert await proof_of(dee) == "two"
    assert (await elsewhere.http.post("/session/renew", json={"session": elsewhere.session})).status_code == 401
    assert SessionEnded.type().rpartition(".")[2] in await facts_about(database_ahead, session_of(moved, elsewhere))
    assert ("factor_added", "authenticator") in await moved.events(dee)


async def test_the_secret_is_not_in_the_tables_and_neither_are_the_codes(
    moved: MovedIntake, database_ahead: Database
) -> None:
    dee, phone, codes = await moved.with_app()

    async with database_ahead.transaction() as tx:
        kept = await tx.connection.fetchval("SELECT secret FROM authenticator WHERE person = $1", dee.person)
        hashes = await tx.connection.fetch("SELECT code_hmac FROM recovery_code WHERE person = $1", dee.person)

    assert phone.secret not in kept
    assert len({row["code_hmac"] for row in hashes}) == len(codes)


async def test_who_has_an_app_comes_in_by_mail_and_code(moved: MovedIntake) -> None:
    dee, phone, _ = await moved.with_app()

    half = await moved.by_mail(dee)
    refused = await half.http.get("/people/colleagues")
    before = half.session
    whole = await half.http.post("/second-step", json={"code": phone.shows(moved.clock.now)})
    keep(half, whole.json())

    assert (refused.status_code, refused.json()["code"]) == (403, "second_step")
    assert (whole.status_code, whole.json()["proof"]) == (201, "two")
    assert (await half.http.get("/people/colleagues")).status_code == 200
    assert (await half.http.post("/session/renew", json={"session": before})).status_code == 401
    assert (await moved.events(dee))[-2:] == [("first_step", "mailed_link"), ("signed_in", "authenticator")]


@pytest.mark.parametrize("way", ["invitation", "link", "page"])
async def test_no_way_in_goes_around_the_second_step(moved: MovedIntake, way: str) -> None:
    dee, _, _ = await moved.with_app()
    if way == "invitation":
        given = (await moved.desk.post(f"/people/{dee.person}/links")).json()
        came = await moved.by_invitation(given["secret"])
    else:
        came = await moved.by_mail(dee)
    if way == "page":
        link = await sign_in_link(moved.app.state.kernel.database, dee.person or uuid4())
        async with browser(moved.app) as page:
            await page.post("/sign-in/link", data={"link": link})
            shown = await page.get("/people")
        assert (shown.status_code, shown.headers["location"]) == (303, "/second-step?next=%2Fpeople")

    assert await proof_of(came) == "half"
    assert (await came.http.get("/sessions")).status_code == 403


async def test_half_a_session_is_over_after_ten_minutes_and_is_not_in_the_list(moved: MovedIntake) -> None:
    dee, phone, _ = await moved.with_app()
    half = await moved.by_mail(dee)
    listed = (await dee.http.get("/sessions")).json()

    moved.clock.move(seconds=SECOND_STEP_LIFE.total_seconds() - 5)
    renewed = (await half.http.post("/session/renew", json={"session": half.session})).json()
    moved.clock.move(seconds=40)
    late = await half.http.post("/second-step", json={"code": phone.shows(moved.clock.now)})
    again = await half.http.post("/session/renew", json={"session": half.session})

    assert len(listed) == 1
    assert renewed["token_expires_at"] == renewed["session_expires_at"]
    assert (late.status_code, again.status_code) == (401, 401)


async def test_a_code_works_once_in_whichever_browser(moved: MovedIntake) -> None:
    dee, phone, _ = await moved.with_app()
    first, second, code = await moved.by_mail(dee), await moved.by_mail(dee), phone.shows(moved.clock.now)

    good = await first.http.post("/second-step", json={"code": code})
    replayed = await second.http.post("/second-step", json={"code": code})
    moved.clock.move(seconds=30)
    older = await second.http.post("/second-step", json={"code": code})

    assert good.status_code == 201
    assert {answer.json()["fields"][0]["code"] for answer in (replayed, older)} == {"step_code_used"}
    assert await proof_of(second) == "half"


async def test_a_clock_may_be_half_a_minute_off(moved: MovedIntake) -> None:
    dee, phone, _ = await moved.with_app()
    half = await moved.by_mail(dee)

    slow = await half.http.post("/second-step", json={"code": phone.shows(moved.clock.now.replace(year=2000))})
    fast = await half.http.post("/second-step", json={"code": phone.shows(later(moved, 30))})

    assert (slow.status_code, fast.status_code) == (422, 201)


def later(moved: MovedIntake, seconds: int) -> datetime:
    clock = HandMovedClock(moved.clock.now)
    clock.move(seconds=seconds)
    return clock.now


async def test_after_five_wrong_codes_even_the_right_one_waits_in_every_browser(moved: MovedIntake) -> None:
    dee, phone, codes = await moved.with_app()
    half = await moved.by_mail(dee)

    wrong = [await half.http.post("/second-step", json={"code": "000000"}) for _ in range(5)]
    other = await moved.by_mail(dee)
    right = await other.http.post("/second-step", json={"code": phone.shows(moved.clock.now)})
    recovery = await other.http.post("/second-step", json={"code": codes[0]})
    moved.clock.move(seconds=PAUSE.total_seconds())
    last = await moved.by_mail(dee)
    waited = await last.http.post("/second-step", json={"code": phone.shows(moved.clock.now)})

    assert [answer.status_code for answer in wrong] == [422, 422, 422, 422, 429]
    assert (right.status_code, recovery.status_code, waited.status_code) == (429, 429, 201)
    assert right.headers["Retry-After"] == str(int(PAUSE.total_seconds()))
    assert (await moved.events(dee)).count(("refused", "authenticator")) == 7


async def test_a_recovery_code_works_once_and_is_counted(moved: MovedIntake) -> None:
    dee, _, codes = await moved.with_app()
    first, second = await moved.by_mail(dee), await moved.by_mail(dee)

    good = await first.http.post("/second-step", json={"code": codes[3].lower().replace("-", " ")})
    again = await second.http.post("/second-step", json={"code": codes[3]})
    keep(first, good.json())
    left = (await first.http.get("/second-step")).json()["codes_left"]

    assert (good.status_code, again.status_code, left) == (201, 422, 9)
    assert ("signed_in", "recovery_code") in await moved.events(dee)


async def test_new_recovery_codes_replace_those_before(moved: MovedIntake) -> None:
    dee, phone, codes = await moved.with_app()

    unproven = await dee.http.post("/recovery-codes", json={"code": "000000"})
    made = await dee.http.post("/recovery-codes", json={"code": phone.shows(moved.clock.now)})
    half = await moved.by_mail(dee)
    old = await half.http.post("/second-step", json={"code": codes[0]})
    new = await half.http.post("/second-step", json={"code": made.json()["codes"][0]})

    assert (unproven.status_code, made.status_code, old.status_code, new.status_code) == (422, 201, 422, 201)


async def test_an_app_is_removed_by_a_fresh_code_alone(moved: MovedIntake) -> None:
    dee, phone, _ = await moved.with_app()
    stranger, _, _ = await moved.with_app()
    [app] = (await dee.http.get("/second-step")).json()["authenticators"]
    address = f"/authenticators/{app['authenticator']}"

    foreign = await stranger.http.post(f"{address}/removal", json={"code": "000000"})
    wrong = await dee.http.post(f"{address}/removal", json={"code": "000000"})
    gone = await dee.http.post(f"{address}/removal", json={"code": phone.shows(moved.clock.now)})
    after = (await dee.http.get("/second-step")).json()

    assert (foreign.status_code, wrong.status_code, gone.status_code) == (404, 422, 204)
    assert (after["authenticators"], after["codes_left"], after["asked"]) == ([], 0, False)
    assert await proof_of(await moved.by_mail(dee)) == "one"


async def test_half_a_session_sets_nothing_up_and_takes_nothing_away(moved: MovedIntake) -> None:
    dee, phone, codes = await moved.with_app(Role.MAKER)
    [app] = (await dee.http.get("/second-step")).json()["authenticators"]
    half = await moved.by_mail(dee)

    answers = [
        await half.http.get("/second-step"),
        await half.post("/authenticators/offers"),
        await half.post("/passkeys/options"),
        await half.post("/recovery-codes", {"code": codes[0]}),
        await half.post(f"/authenticators/{app['authenticator']}/removal", {"code": phone.shows(moved.clock.now)}),
    ]

    assert {answer.status_code for answer in answers} == {403}


async def test_a_new_link_from_the_studio_resets_the_second_step_only_if_it_says_so(moved: MovedIntake) -> None:
    dee, _, _ = await moved.with_app()

    kept = (await moved.desk.post(f"/people/{dee.person}/links")).json()
    asked = await proof_of(await moved.by_invitation(kept["secret"]))
    moved.desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS, proof=Proof.TWO, at=moved.clock.now)}"
    reset = (await moved.desk.post(f"/people/{dee.person}/links", {"second_step": "lost"})).json()
    came = await moved.by_invitation(reset["secret"])

    assert (asked, await proof_of(came)) == ("half", "one")
    assert (await came.http.get("/second-step")).json()["codes_left"] == 0
    assert ("factor_removed", "authenticator") in await moved.events(dee)


async def test_who_has_no_second_step_of_their_own_resets_nobodys(moved: MovedIntake) -> None:
    dee, phone, _ = await moved.with_app()
    bo = await moved.invited()

    refused = await bo.post(f"/people/{dee.person}/links", {"second_step": "lost"})
    async with browser(moved.app) as page:
        page.cookies.set(COOKIES.token, bo.http.headers["Authorization"].removeprefix("Bearer "), domain="studio.test")
        asked = await page.get(f"/people/{dee.person}/new-link")
        sent = await page.post(f"/people/{dee.person}/new-link", data={"second_step": "lost"})
    half = await moved.by_mail(dee)
    whole = await half.http.post("/second-step", json={"code": phone.shows(moved.clock.now)})

    assert (refused.status_code, refused.json()["code"]) == (403, "reset_needs_second_step")
    assert (sent.status_code, "They have lost their second step as well" in asked.text) == (403, False)
    assert whole.json()["proof"] == "two"
    assert (await bo.post(f"/people/{dee.person}/links")).status_code == 201


async def test_an_app_outlives_neither_the_access_nor_its_person(moved: MovedIntake, database_ahead: Database) -> None:
    first, second = (await moved.with_app())[0], (await moved.with_app(Role.MAKER))[0]
    assert second.person

    await moved.desk.http.delete(f"/people/colleagues/{first.person}/access")
    async with database_ahead.transaction() as tx:
        await erasure.erase_person(tx, second.person, [], system_clock())
        left = await tx.connection.fetchval(
            "SELECT (SELECT count(*) FROM authenticator WHERE person = ANY($1)) +"
            " (SELECT count(*) FROM recovery_code WHERE person = ANY($1))",
            [first.person, second.person],
        )

    assert left == 0


async def test_a_customer_has_none(moved: MovedIntake) -> None:
    ada = await Program(moved.app).join()

    assert (await ada.http.get("/second-step")).status_code == 403
    assert (await ada.post("/authenticators/offers")).status_code == 403


async def test_half_a_session_whose_second_step_ops_took_away_begins_again(moved: MovedIntake) -> None:
    dee, _, _ = await moved.with_app()
    link = await sign_in_link(moved.app.state.kernel.database, dee.person or uuid4())

    async with browser(moved.app) as page:
        await page.post("/sign-in/link", data={"link": link})
        asked = await page.get("/second-step")
        moved.desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS, proof=Proof.TWO, at=moved.clock.now)}"
        await moved.desk.post(f"/people/{dee.person}/links", {"second_step": "lost"})
        on = await page.get("/second-step?next=/people")
        begins = await page.get(on.headers["location"])

    assert "One more step" in asked.text
    assert (on.status_code, on.headers["location"]) == (303, "/sign-in")
    assert (begins.status_code, "Send me a link" in begins.text) == (200, True)
