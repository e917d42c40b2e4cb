"""The wrong size is noticed before the quote: the request is changed, and the quote is for what is wished."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from shared.auth.roles import Role
from tests.support.studio import RING, Person, Studio
from tests.support.waiting import until


async def sends(somebody: Person, path: str, body: Any) -> httpx.Response:
    return await somebody.client.post(f"/api/v1{path}", json=body, headers={"Idempotency-Key": str(uuid4())})


async def draft_of(ops: Person, commission: UUID, brief_version: int) -> Any:
    """What the desk has, once its draft is of this version of the brief."""
    found: dict[str, Any] = {}

    async def drafted() -> bool:
        found.update(await ops.get(f"/api/v1/quotes/commissions/{commission}/quote"))
        return bool(found["quote"] and found["quote"]["brief_version"] == brief_version)

    await until(f"a draft of {commission} from brief {brief_version}", drafted, 60)
    return found


@pytest.mark.timeout(240)
async def test_the_wrong_size_is_noticed_before_the_quote(studio: Studio) -> None:
    ops, customer = studio.as_role(Role.OPS), await studio.customer()
    commission = await customer.submit()
    await studio.until_stage(commission, "desk")
    here = f"/quotes/commissions/{commission}"
    line = {"line": "bench", "minor": 40_000, "currency": "EUR", "reason": "The customer brings the wire."}
    (await sends(ops, f"{here}/quote/adjust", {"version": 1, **line})).raise_for_status()

    changed = {"brief_version": 1, "answers": {**RING, "size": "55"}}
    (await sends(customer, f"/intake/commissions/{commission}/briefs", changed)).raise_for_status()

    desk = await draft_of(ops, commission, 2)
    late = await sends(ops, f"{here}/quote/send", {"version": 2})
    (await sends(ops, f"{here}/quote/send", {"version": desk["quote"]["version"]})).raise_for_status()
    await studio.until_stage(commission, "offered")
    agreed = {"version": desk["quote"]["version"], "terms": True, "variation": True}
    (await sends(customer, f"{here}/offer/accept", agreed)).raise_for_status()
    await studio.until_stage(commission, "deposit")
    too_late = await sends(customer, f"/intake/commissions/{commission}/briefs", {**changed, "brief_version": 2})
    assert [each["field"] for each in desk["change"]["answers"]] == ["size"]
    assert desk["change"]["kept"] == ["bench"]
    assert (late.status_code, too_late.status_code) == (httpx.codes.CONFLICT, httpx.codes.CONFLICT)


@pytest.mark.timeout(240)
async def test_what_was_accepted_is_changed_by_agreement_up_and_down(studio: Studio) -> None:
    """While it is made: a hammered ring costs more; another size, and back to satin, costs less."""
    ops, customer = studio.as_role(Role.OPS), await studio.customer()
    commission = await customer.submit()
    here = f"/quotes/commissions/{commission}"
    await studio.until_stage(commission, "desk")
    (await sends(ops, f"{here}/quote/send", {"version": 1})).raise_for_status()
    await studio.until_stage(commission, "offered")
    (await sends(customer, f"{here}/offer/accept", {"version": 1, "terms": True, "variation": True})).raise_for_status()
    before = await customer.get(f"/api/v1{here}/offer")
    await pays(ops, here, before["account"]["left"])
    await studio.until_stage(commission, "making")

    up = await changed(ops, customer, commission, 1, {**RING, "finish": "hammered"})
    dearer = await customer.get(f"/api/v1{here}/offer")
    await pays(ops, here, dearer["account"]["left"])
    down = await changed(ops, customer, commission, 2, {**RING, "size": "55"})
    cheaper = await customer.get(f"/api/v1{here}/offer")

    assert up["difference"]["minor"] == dearer["account"]["invoices"][-1]["total"]["minor"] > 0
    assert [each["kind"] for each in dearer["account"]["invoices"]] == ["deposit", "top_up"]
    assert down["difference"]["minor"] < 0
    assert (
        cheaper["quote"]["price"]["total"]["minor"]
        == dearer["quote"]["price"]["total"]["minor"] + down["difference"]["minor"]
    )
    assert {each["field"] for each in down["answers"]} == {"size", "finish"}
    amendments = await studio.rows("quotes", "SELECT number FROM contract_amendment WHERE commission = $1", commission)
    (piece,) = await studio.rows("production", "SELECT brief_version FROM piece WHERE commission = $1", commission)
    assert (len(amendments), piece["brief_version"]) == (3, 3)


async def pays(ops: Person, here: str, left: dict[str, Any]) -> None:
    """All that is asked for comes in."""
    paid = {"minor": left["minor"], "currency": left["currency"], "received_on": datetime.now(UTC).date().isoformat()}
    (await sends(ops, f"{here}/payments", paid)).raise_for_status()


async def changed(ops: Person, customer: Person, commission: UUID, version: int, answers: dict[str, Any]) -> Any:
    """A change that is proposed, offered, agreed to, and applied."""
    proposed = {"brief_version": version, "answers": answers}
    (await sends(customer, f"/intake/commissions/{commission}/proposals", proposed)).raise_for_status()
    path = f"/quotes/commissions/{commission}/change-order"
    found: dict[str, Any] = {}

    async def reads(somebody: Person, state: str) -> bool:
        answer = await somebody.client.get(f"/api/v1{path}")
        found.clear()
        found.update(answer.json() if answer.is_success else {})
        return bool((found.get("change_order") or {}).get("state") == state)

    async def waits() -> bool:
        await reads(ops, "")
        return bool(found.get("proposal"))

    await until("the proposal is known at the desk", waits, 60)
    asked = {"proposal": found["proposal"], "from_stage": "prepare"}
    (await sends(ops, path, asked)).raise_for_status()
    await until("the change is with the customer", lambda: reads(customer, "offered"), 60)
    order = {"change_order": found["change_order"]["change_order"]}
    (await sends(customer, f"{path}/agree", order)).raise_for_status()
    await until("the change is in force", lambda: reads(customer, "applied"), 60)
    return dict(found["change_order"])
