"""Recovery codes of whoever must have two steps and has a passkey alone: as of whoever has an app."""

import json
from typing import Any

import httpx
import pytest

from shared.auth.roles import Proof, Role
from shared.contracts.access import SignInChange
from shared.postgres.database import Database
from tests.integration.intake.test_passkeys import DeviceKey, add, options_to_sign_in
from tests.integration.intake.test_told_of_ways_in import told
from tests.support.intake import Program, browser, token
from tests.support.second_step import MovedIntake, keep

ADDED, MADE, USED = SignInChange.PASSKEY_ADDED, SignInChange.RECOVERY_CODES_MADE, SignInChange.RECOVERY_CODE_USED


@pytest.fixture
def strict(strict: MovedIntake) -> MovedIntake:
    """Whose inviting desk has given two steps, as it must."""
    strict.desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS, proof=Proof.TWO)}"
    return strict


async def with_passkey(at: MovedIntake) -> tuple[Program, DeviceKey, list[str]]:
    """Somebody of the studio whose first second step is a passkey."""
    dee, device = await at.invited(), DeviceKey()
    made = await add(dee, device)
    assert made.status_code == 201, made.text
    return keep(dee, made.json()["session"]), device, made.json()["recovery_codes"]


async def show(at: MovedIntake, whom: Program, device: DeviceKey) -> httpx.Response:
    """Ask for new codes by this passkey."""
    shown = {"credential": device.get(await options_to_sign_in(at.app))}
    return await whom.http.post("/recovery-codes/passkey", json=shown)


async def test_the_first_passkey_brings_ten_and_one_of_them_lets_in_without_it(
    strict: MovedIntake, database_ahead: Database
) -> None:
    dee, _, codes = await with_passkey(strict)
    half = await strict.by_mail(dee)

    used = await half.http.post("/second-step", json={"code": codes[0]})
    again = await (await strict.by_mail(dee)).http.post("/second-step", json={"code": codes[0]})
    standing = (await keep(dee, used.json()).http.get("/second-step")).json()

    assert (len(codes), used.status_code, used.json()["proof"], again.status_code) == (10, 201, "two", 422)
    assert (standing["asked"], standing["codes_left"]) == (True, 9)
    assert await told(database_ahead, dee) == [ADDED, MADE, USED]


async def test_new_ones_are_made_by_the_passkey_in_place_of_all_others(
    strict: MovedIntake, database_ahead: Database
) -> None:
    dee, device, before = await with_passkey(strict)

    made = await show(strict, dee, device)

    half = await strict.by_mail(dee)
    old = await half.http.post("/second-step", json={"code": before[0]})
    new = await half.http.post("/second-step", json={"code": made.json()["codes"][0]})
    assert (made.status_code, len(made.json()["codes"])) == (201, 10)
    assert (old.status_code, new.status_code) == (422, 201)
    assert await told(database_ahead, dee) == [ADDED, MADE, MADE, USED]


async def test_and_by_one_that_is_left(strict: MovedIntake) -> None:
    dee, _, codes = await with_passkey(strict)

    made = await dee.http.post("/recovery-codes", json={"code": codes[3]})

    assert (made.status_code, len(made.json()["codes"])) == (201, 10)


async def test_not_by_somebody_elses_passkey_nor_by_the_same_answer_again(strict: MovedIntake) -> None:
    (dee, device, _), (_, foreign, _) = await with_passkey(strict), await with_passkey(strict)
    shown: dict[str, Any] = {"credential": device.get(await options_to_sign_in(strict.app))}

    answers = [
        await show(strict, dee, foreign),
        await dee.http.post("/recovery-codes/passkey", json=shown),
        await dee.http.post("/recovery-codes/passkey", json=shown),
        await dee.http.post("/recovery-codes/passkey", json={"credential": {}}),
    ]

    assert [each.status_code for each in answers] == [403, 201, 403, 403]


async def test_half_a_session_makes_none(strict: MovedIntake) -> None:
    dee, device, _ = await with_passkey(strict)

    answer = await show(strict, await strict.by_mail(dee), device)

    assert answer.status_code == 403


@pytest.mark.parametrize("role", [Role.MAKER, Role.OPS])
async def test_where_the_studio_asks_for_no_second_step_a_passkey_brings_none_and_none_are_made(
    moved: MovedIntake, role: Role
) -> None:
    dee, device = await moved.invited(role), DeviceKey()

    added = await add(dee, device)
    made = await show(moved, dee, device)

    assert added.json()["recovery_codes"] == []
    assert made.status_code == 409


async def test_a_second_passkey_or_an_app_beside_it_leaves_the_codes_alone_while_one_step_is_left(
    strict: MovedIntake,
) -> None:
    dee, _, codes = await with_passkey(strict)
    first = (await dee.http.get("/passkeys")).json()[0]["passkey"]

    another = await add(dee, DeviceKey())
    gone = await dee.http.delete(f"/passkeys/{first}")
    used = await (await strict.by_mail(dee)).http.post("/second-step", json={"code": codes[0]})

    assert another.json()["recovery_codes"] == []
    assert (gone.status_code, used.status_code) == (204, 201)


async def test_the_pages_do_the_same(strict: MovedIntake) -> None:
    dee, device = await strict.invited(), DeviceKey()
    options = (await dee.http.post("/passkeys/options")).json()["options"]
    async with browser(strict.app) as page:
        page.headers["Authorization"] = dee.http.headers["Authorization"]
        added = await page.post("/passkeys", data={"credential": json.dumps(device.create(options))})
        del page.headers["Authorization"]

        sessions, form = await page.get("/sessions"), await page.get("/recovery-codes")
        wrong = await page.post("/recovery-codes/passkey", data={"credential": "{}"})
        shown = json.dumps(device.get(await options_to_sign_in(strict.app)))
        made = await page.post("/recovery-codes/passkey", data={"credential": shown})
    half = await strict.by_mail(dee)
    async with browser(strict.app) as page:
        page.headers["Authorization"] = half.http.headers["Authorization"]
        asked = await page.get("/second-step")

    assert added.text.count("<li><code>") == made.text.count("<li><code>") == 10
    assert "Your passkey is set up." in added.text
    assert "10 recovery codes left." in sessions.text
    assert 'action="/recovery-codes/passkey"' in form.text
    assert "Code from your app" not in form.text
    assert wrong.status_code == 403
    assert "This passkey does not fit." in wrong.text
    assert "You do not have your passkey?" in asked.text
    assert "One of your recovery codes" in asked.text
    assert "authenticator app and type" not in asked.text
