"""The wrong size is noticed before the quote: the request is changed, and the quote is for what is wished."""

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
