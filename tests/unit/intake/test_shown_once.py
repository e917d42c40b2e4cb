"""What two services tell of one deed, or in words of their own: the customer reads it once, as people say it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.intake.domain.approvals import Approval, ApprovalState
from services.intake.domain.commissions import Commission
from services.intake.domain.record import CommissionRecord
from services.intake.domain.timeline import build_timeline
from shared import offerings
from shared.contracts.production import GateOpened, GateReached, ParcelDelivered, ParcelHandedOver

OFFERING = offerings.load("jewellery", "engraved-ring").offering
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ID = uuid4()
ASKED = Commission(
    commission=ID,
    customer=uuid4(),
    craft="jewellery",
    offering="engraved-ring",
    offering_version=1,
    offering_sha256="0" * 64,
    brief_version=1,
    submitted_at=NOW,
)


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_a_signature_is_told_once_by_what_the_customer_did() -> None:
    gate = OFFERING.gates[0]
    facts = (
        GateReached(at=after(1), commission=ID, piece=ID, gate=gate.id),
        GateOpened(at=after(3), commission=ID, piece=ID, gate=gate.id),
    )
    signed = Approval(uuid4(), ID, gate.id, 1, ApprovalState.GIVEN, asked_at=after(1), ended_at=after(2))

    of_the_customer = [
        step.what for step in build_timeline(CommissionRecord(ASKED, facts, OFFERING, approvals=(signed,)))
    ]
    of_the_maker = [step.what for step in build_timeline(CommissionRecord(ASKED, facts, OFFERING))]

    assert of_the_customer[1:3] == ["Your sign-off was asked for", "You signed it off"]
    assert of_the_maker[1:3] == [f"Before: {gate.title}", f"Signed off: {gate.title}"]


@pytest.mark.parametrize(("carrier", "said"), [("dhl", "DHL has it"), ("other", "The carrier has it")])
def test_a_parcel_names_its_carrier_as_people_do(carrier: str, said: str) -> None:
    parcel = ParcelHandedOver(at=after(1), commission=ID, carrier=carrier, tracking="1234567890")

    assert build_timeline(CommissionRecord(ASKED, (parcel,)))[1].said == f"{said}, under the number 1234567890."


def test_a_receipt_that_the_customer_confirmed_is_told_once() -> None:
    confirmed = replace(ASKED, receipt_confirmed_at=after(1))
    delivered = ParcelDelivered(at=after(2), commission=ID)

    told = [step.what for step in build_timeline(CommissionRecord(confirmed, (delivered,)))]

    assert "You said that it has arrived" in told
    assert "The parcel has arrived" not in told
