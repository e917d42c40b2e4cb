"""Somebody walks in without an e-mail address: from the request to the accepted quote and a sign-off, on the tablet."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from shared.auth.roles import Role
from tests.support.studio import RING, Person, Studio
from tests.support.waiting import until


async def sends(somebody: Person, path: str, body: Mapping[str, Any]) -> Any:
    """What the API answers, which has to be good."""
    answer = await somebody.client.post(f"/api/v1{path}", json=body, headers={"Idempotency-Key": str(uuid4())})
    assert answer.is_success, f"{path}: {answer.status_code} {answer.text[:500]}"
    return answer.json()


async def enters(ops: Person) -> UUID:
    asked = {"craft": "jewellery", "offering": "engraved-ring", "answers": dict(RING)}
    made = await sends(ops, "/intake/requests", {**asked, "way": "counter", "for_name": "Zoë Quist"})
    return UUID(made["commission"])


async def hands_over(studio: Studio, ops: Person, commission: UUID) -> Person:
    made = await sends(ops, f"/intake/commissions/{commission}/tablet", {"name": "Zoë Quist"})
    return studio.as_token(made["token"])


async def pays_in_cash(ops: Person, commission: UUID) -> None:
    account = (await ops.get(f"/api/v1/quotes/commissions/{commission}/quote"))["account"]
    left, today = account["left"], datetime.now(UTC).date().isoformat()
    cash = {"minor": left["minor"], "currency": left["currency"], "received_on": today}
    await sends(ops, f"/quotes/commissions/{commission}/payments", cash)


async def to_sign(studio: Studio, commission: UUID) -> UUID:
    """The approval that the life cycle asks for, once the piece is booked."""
    query = "SELECT approval FROM approval WHERE commission = $1 AND state = 'open'"

    async def asked() -> bool:
        return bool(await studio.rows("intake", query, commission))

    await until(f"a sign-off of {commission} to be asked for", asked, 60)
    return UUID(str((await studio.rows("intake", query, commission))[0]["approval"]))


@pytest.mark.timeout(240)
async def test_a_walk_in_without_an_address_decides_on_the_tablet(studio: Studio) -> None:
    ops = studio.as_role(Role.OPS)
    commission = await enters(ops)
    await studio.until_stage(commission, "desk")
    await sends(ops, f"/quotes/commissions/{commission}/quote/send", {"version": 1})
    await studio.until_stage(commission, "offered")

    tablet = await hands_over(studio, ops, commission)
    await sends(
        tablet, f"/quotes/commissions/{commission}/offer/accept", {"version": 1, "terms": True, "variation": True}
    )
    await studio.until_stage(commission, "deposit")
    await pays_in_cash(ops, commission)
    await studio.until_stage(commission, "making")
    approval = await to_sign(studio, commission)
    here = f"/intake/commissions/{commission}/approvals/{approval}"
    sheet = await tablet.get(f"/api/v1{here}")
    signed = [each["id"] for each in sheet["signed"]]
    await sends(tablet, f"{here}/sign", {"brief_version": sheet["brief_version"], "signed": signed})

    async def told() -> bool:
        about = await ops.get(f"/api/v1/lifecycle/commissions/{commission}")
        done = {each["action"] for each in about["audit"] if each["person"] == str(ops.caller.person)}
        return {"enter_request", "accept_at_counter", "sign_at_counter"} <= done

    await until("the audit log to say who stood by", told, 60)
    about = await ops.get(f"/api/v1/lifecycle/commissions/{commission}")
    elsewhere = await tablet.client.get("/api/v1/intake/commissions")
    assert {each["kind"] for each in about["papers"]} >= {"contract", "deposit_invoice", "receipt"}
    assert {each["intent"] for each in about["omitted_mails"]} >= {"request_received", "quote_ready"}
    assert about["customer_name"] == "Zoë Quist"
    assert about["customer_email"] is None
    assert studio.mail_to(commission) == []
    assert elsewhere.status_code == httpx.codes.FORBIDDEN
