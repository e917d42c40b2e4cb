"""What two services tell of one thing, or in words of their own: the customer reads it once, as people say it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.intake.domain.approvals import Approval, ApprovalState
from services.intake.domain.commissions import Commission
from services.intake.domain.record import CommissionRecord
from shared import offerings
from shared.contracts.production import GateOpened, GateReached, ParcelDelivered, ParcelHandedOver
from tests.unit.intake.facts import timeline_of

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
    delivery_country="DE",
    submitted_at=NOW,
    sent_by=uuid4(),
)


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_a_signature_is_shown_once_by_what_the_customer_did() -> None:
    gate = OFFERING.gates[0]
    facts = (
        GateReached(at=after(1), commission=ID, piece=ID, gate=gate.id, customer_signs=True),
        GateOpened(at=after(3), commission=ID, piece=ID, gate=gate.id),
    )
    signed = Approval(uuid4(), ID, gate.id, 1, ApprovalState.GIVEN, asked_at=after(1), ended_at=after(2))

    of_the_customer = [
        step.title for step in timeline_of(CommissionRecord(ASKED, facts, OFFERING, approvals=(signed,))).entries
    ]
    of_the_maker = [step.title for step in timeline_of(CommissionRecord(ASKED, facts, OFFERING)).entries]

    assert of_the_customer[1:3] == ["We asked for your sign-off", "You signed it off"]
    assert of_the_maker[1:3] == [f"Before: {gate.title}", f"Signed off: {gate.title}"]


@pytest.mark.parametrize(("carrier", "said"), [("dhl", "DHL"), ("other", "The carrier")])
def test_a_parcel_names_its_carrier_as_people_do(carrier: str, said: str) -> None:
    parcel = ParcelHandedOver(at=after(1), commission=ID, carrier=carrier, tracking="1234567890")

    assert (
        timeline_of(CommissionRecord(ASKED, (parcel,))).entries[1].text
        == f"{said} has your parcel. Tracking number: 1234567890."
    )


def test_a_receipt_that_the_customer_confirmed_is_shown_once() -> None:
    confirmed = replace(ASKED, receipt_confirmed_at=after(1))
    delivered = ParcelDelivered(at=after(2), commission=ID)

    titles = [step.title for step in timeline_of(CommissionRecord(confirmed, (delivered,))).entries]

    assert "You confirmed that it has arrived" in titles
    assert "Your parcel has arrived" not in titles
