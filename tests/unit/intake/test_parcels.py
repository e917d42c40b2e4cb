"""The parcel on its customer's page."""

import pytest

from shared.contracts.lifecycle import Holder, Phase, PhaseEntered
from tests.unit.intake.facts import ID, after, handed_over, record, timeline_of


@pytest.mark.parametrize(
    ("carrier", "address"),
    [
        ("ups", "https://www.ups.com/track?tracknum=1Z%2F9"),
        ("other", None),
        ("a carrier that is not known here", None),
    ],
)
def test_the_parcel_is_followed_at_its_carrier_where_the_carrier_has_a_page(carrier: str, address: str | None) -> None:
    sent = handed_over(90).model_copy(update={"carrier": carrier, "tracking": "1Z/9"})
    entered = PhaseEntered(
        at=after(89), commission=ID, phase=Phase.SHIPPING, number=8, holder=Holder.NOBODY, since=after(89)
    )

    found = record(entered, sent)

    assert timeline_of(found).status.tracking_page == address
    assert [each.tracking_page for each in timeline_of(found).entries if each.code == "parcel_sent"] == [address]
    assert "1Z/9" in timeline_of(found).status.text, "the number is there in any case"
