"""The price range of an offering: around every price that a whole brief can have."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.quotes.domain.estimate import estimate, known_answers
from services.quotes.domain.price import price
from services.quotes.domain.vat import Vat
from shared import offerings
from shared.contracts.briefs import BriefAnswer
from shared.kernel.money import VatRounding
from shared.offerings.form import ChoiceField

RING = offerings.load("jewellery", "engraved-ring").offering
VAT = Vat(Decimal(19))
METALS = [
    option.id
    for field in RING.form.questions
    if isinstance(field, ChoiceField) and field.name == "metal"
    for option in field.options
]


@given(
    metal=st.sampled_from(METALS),
    finish=st.sampled_from(["polished", "satin", "hammered"]),
    size=st.integers(44, 76),
    letters=st.integers(0, 36),
    told=st.sets(st.sampled_from(["metal", "finish"])),
)
def test_every_price_is_in_the_range_that_was_told_before(
    metal: str, finish: str, size: int, letters: int, told: set[str]
) -> None:
    answers = {"metal": metal, "finish": finish, "size": str(size), "engraving": "n" * letters}

    found = estimate(RING, {name: answers[name] for name in told}, VAT)
    total = price(RING, [BriefAnswer(field=name, value=value) for name, value in answers.items()], VAT).total

    assert found.least.minor <= total.minor <= found.most.minor


def test_an_answer_narrows_the_range() -> None:
    anything, silver = estimate(RING, {}, VAT), estimate(RING, {"metal": "silver_925"}, VAT)

    assert silver.most.minor < anything.most.minor


@pytest.mark.parametrize("document", offerings.catalogue(), ids=lambda document: document.key.offering)
def test_every_offering_has_a_range(document: offerings.OfferingDocument) -> None:
    found = estimate(document.offering, {}, VAT, VatRounding.LINE)

    assert 0 < found.least.minor <= found.most.minor


def test_what_is_no_answer_counts_as_open() -> None:
    typed = {"metal": "unobtainium", "finish": "satin", "engraving": "Ada", "size": "54", "craft": "jewellery"}

    assert known_answers(RING, typed) == {"finish": "satin"}
