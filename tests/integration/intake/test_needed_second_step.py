"""A second step by the pages, and where the studio needs one of its people; a passkey is two steps in one."""

import re
from uuid import uuid4

import httpx

from shared.auth.roles import Proof, Role
from tests.integration.intake.test_passkeys import DeviceKey, options_to_sign_in
from tests.integration.intake.test_passkeys import add as add_passkey
from tests.support.intake import Program, browser, sign_in_link, token
from tests.support.second_step import MovedIntake, Phone, keep, proof_of


async def test_the_pages_do_the_same_and_lead_back(moved: MovedIntake) -> None:
    dee = await moved.invited()
    link = await sign_in_link(moved.app.state.kernel.database, dee.person or uuid4())
    async with browser(moved.app) as page:
        await page.post("/sign-in/link", data={"link": link})
        own = await page.get("/sessions")
        shown = await page.get("/authenticators/new")
        sealed, key = found(r'name="sealed" value="([^"]+)"', shown), found(r'class="key">([^<]+)<', shown)
        phone = Phone.typed(key)
        wrong = await page.post("/authenticators", data={"sealed": sealed, "code": "000000"})
        kept = await page.post("/authenticators", data={"sealed": sealed, "code": phone.shows(moved.clock.now)})
        listed = await page.get("/sessions")
        app = found(r'href="/authenticators/([0-9a-f-]+)/remove"', listed)
        ask = await page.get(f"/authenticators/{app}/remove")
        moved.clock.move(seconds=30)
        fresh = await page.post("/recovery-codes", data={"code": phone.shows(moved.clock.now)})
        moved.clock.move(seconds=30)
        unproven = await page.post(f"/authenticators/{app}/remove", data={"code": "000000"})

    link = await sign_in_link(moved.app.state.kernel.database, dee.person or uuid4())
    async with browser(moved.app) as other:
        await other.post("/sign-in/link", data={"link": link})
        led = await other.get("/people?address=x")
        step = await other.get(led.headers["location"])
        missed = await other.post("/second-step", data={"code": "000000", "next": "/people"})
        came = await other.post("/second-step", data={"code": phone.shows(moved.clock.now), "next": "/people"})
        there = await other.get("/people")
        again = await other.get("/second-step?next=/people")
        removed = await other.post(f"/authenticators/{app}/remove", data={"code": codes_in(fresh)[0]})

    assert "Set up an authenticator app" in own.text
    assert (wrong.status_code, key in wrong.text) == (422, True)
    assert (len(codes_in(kept)), len(codes_in(fresh))) == (10, 10)
    assert not set(codes_in(kept)) & set(codes_in(fresh))
    assert "10 recovery codes left." in listed.text
    assert (ask.status_code, unproven.status_code, missed.status_code) == (200, 422, 422)
    assert led.headers["location"] == "/second-step?next=%2Fpeople%3Faddress%3Dx"
    assert ("One more step" in step.text, "Signed in as" in step.text) == (True, False)
    assert (came.status_code, came.headers["location"], there.status_code) == (303, "/people", 200)
    assert (again.status_code, again.headers["location"], removed.status_code) == (303, "/people", 303)


def found(pattern: str, page: httpx.Response) -> str:
    match = re.search(pattern, page.text)
    assert match, page.text
    return match[1]


def codes_in(page: httpx.Response) -> list[str]:
    return re.findall(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>", page.text)


async def test_where_the_studio_needs_two_steps_ops_set_one_up_before_anything_else(strict: MovedIntake) -> None:
    strict.desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS, proof=Proof.TWO)}"
    dee = await strict.invited()

    refused = await dee.http.get("/people/colleagues")
    offer = (await dee.post("/authenticators/offers")).json()
    phone = Phone.scan(offer["address"])
    keep(dee, (await dee.post("/authenticators", phone.first(offer, strict.clock.now))).json()["session"])
    [app] = (await dee.http.get("/second-step")).json()["authenticators"]
    strict.clock.move(seconds=30)
    last = await dee.post(f"/authenticators/{app['authenticator']}/removal", {"code": phone.shows(strict.clock.now)})

    assert (refused.status_code, refused.json()["code"]) == (403, "second_step")
    assert (await dee.http.get("/people/colleagues")).status_code == 200
    assert (last.status_code, last.json()["code"]) == (409, "last_second_step")
    assert await proof_of(await strict.invited(Role.MAKER)) == "one"


async def test_where_the_studio_needs_two_steps_pages_lead_to_setting_one_up(strict: MovedIntake) -> None:
    strict.desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS, proof=Proof.TWO)}"
    dee = await strict.invited()
    link = await sign_in_link(strict.app.state.kernel.database, dee.person or uuid4())

    async with browser(strict.app) as page:
        await page.post("/sign-in/link", data={"link": link})
        led = await page.get("/people")
        shown = await page.get(led.headers["location"])
        offered = await page.get("/authenticators/new")
        signed_out = await page.post("/sign-out", data={"sure": "yes"})

    assert led.headers["location"] == "/second-step?next=%2Fpeople"
    assert "Set up a second step" in shown.text
    assert (offered.status_code, signed_out.status_code) == (200, 303)


async def test_a_passkey_is_two_steps_in_one_and_is_asked_for_where_the_studio_needs_two(strict: MovedIntake) -> None:
    strict.desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS, proof=Proof.TWO)}"
    dee, device = await strict.invited(), DeviceKey()

    added = await add_passkey(dee, device)
    keep(dee, added.json()["session"])
    half = await strict.by_mail(dee)
    removed = await dee.http.delete(f"/passkeys/{added.json()['passkey']}")
    stolen = await half.post("/authenticators/offers")
    answer = {"credential": device.get(await options_to_sign_in(strict.app))}
    came = keep(Program(strict.app), (await Program(strict.app).http.post("/sign-in/passkey", json=answer)).json())

    assert (await proof_of(dee), await proof_of(half), await proof_of(came)) == ("two", "half", "two")
    assert (removed.status_code, removed.json()["code"], stolen.status_code) == (409, "last_second_step", 403)


async def test_a_passkey_alone_is_a_shorter_way_where_the_studio_needs_one_step(moved: MovedIntake) -> None:
    dee = await moved.invited(Role.MAKER)

    added = await add_passkey(dee, DeviceKey())

    assert added.json()["session"] is None
    assert await proof_of(await moved.by_mail(dee)) == "one"
