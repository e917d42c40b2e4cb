"""The quality checklist, tracking numbers, and what ops write down of makers."""

from datetime import date
from decimal import Decimal

import pytest

from services.production.domain.makers import read_days_off, read_week, write_days_off
from services.production.domain.parcels import read_tracking
from services.production.domain.quality import checklist, failed_checks, judge
from shared import offerings
from shared.contracts.carriers import CARRIERS, CarrierCode
from shared.kernel.problems import FieldProblem, Problem
from shared.web.tracking import tracking_page

RING = offerings.load("jewellery", "engraved-ring").offering
ANSWERS = {"size": "54.00", "metal": "gold_750_yellow"}
GOOD = {
    "check_size": "54.3",
    "check_width": "3,9",
    "check_thickness": "1.65",
    "check_roundness": "0",
    "check_weight": "5.05",
    "check_joint": "yes",
    "check_words": "yes",
    "check_marks": "yes",
    "check_edges": "yes",
}


def test_a_piece_at_the_edge_of_every_tolerance_is_good() -> None:
    checked = judge(checklist(RING, ANSWERS), GOOD)

    assert failed_checks(checked) == ()
    assert [each.check for each in checked if each.measured is not None] == [
        *("size", "width", "thickness", "roundness", "weight")
    ]


@pytest.mark.parametrize(
    ("check", "typed"),
    [
        ("size", "53.69"),
        ("size", "54.31"),
        ("width", "4.11"),
        ("thickness", "1.64"),
        ("roundness", "0.11"),
        ("weight", "9"),
        ("joint", "no"),
    ],
)
def test_a_measure_beyond_its_tolerance_is_not_met(check: str, typed: str) -> None:
    assert failed_checks(judge(checklist(RING, ANSWERS), {**GOOD, f"check_{check}": typed})) == (check,)


def test_what_is_not_answered_is_named_line_by_line() -> None:
    with pytest.raises(Problem) as refused:
        judge(checklist(RING, ANSWERS), {**GOOD, "check_size": "round", "check_joint": "", "check_weight": "NaN"})

    assert [field.field for field in refused.value.fields] == ["check_size", "check_weight", "check_joint"]


def test_a_brief_that_was_erased_leaves_its_measures_to_the_eye() -> None:
    by_figure = [asked.check.id for asked in checklist(RING, {}) if asked.allowed]

    assert by_figure == ["width", "thickness", "roundness"]


@pytest.mark.parametrize("carrier", CarrierCode)
def test_each_carriers_example_is_a_number_of_its_own(carrier: CarrierCode) -> None:
    example = CARRIERS[carrier].example

    assert read_tracking(carrier, f" {example[:4]} {example[4:].lower()} ") == example


@pytest.mark.parametrize("carrier", [each for each in CarrierCode if CARRIERS[each].page])
def test_the_carriers_page_is_asked_for_the_number_and_nothing_else(carrier: CarrierCode) -> None:
    asked = tracking_page(carrier, "1/2?a=b&c #d")

    assert asked is not None
    assert asked.startswith("https://")
    assert asked.endswith("1%2F2%3Fa%3Db%26c%20%23d")


@pytest.mark.parametrize("carrier", [CarrierCode.OTHER, CarrierCode.POST, "by courier", None])
def test_a_carrier_without_a_page_of_its_own_has_a_number_and_no_link(carrier: str | None) -> None:
    assert tracking_page(carrier, "A-1234") is None
    assert tracking_page(CarrierCode.DHL, None) is None


@pytest.mark.parametrize(
    ("carrier", "typed"),
    [(CarrierCode.UPS, "RR123456785DE"), (CarrierCode.POST, ""), (CarrierCode.OTHER, "x" * 41)],
)
def test_a_number_that_is_not_the_carriers_is_refused(carrier: CarrierCode, typed: str) -> None:
    with pytest.raises(Problem) as refused:
        read_tracking(carrier, typed)

    assert [each.field for each in refused.value.fields] == ["tracking"]


def test_days_off_are_read_as_they_are_written() -> None:
    problems: list[FieldProblem] = []

    days = read_days_off("2026-12-28 to 2026-12-30\n\n 2027-01-04 ", problems)

    assert not problems
    assert sorted(days) == [*(date(2026, 12, day) for day in (28, 29, 30)), date(2027, 1, 4)]
    assert write_days_off(days) == "2026-12-28 \N{EN DASH} 2026-12-30\n2027-01-04"


@pytest.mark.parametrize("hours", ["-1", "24.5", "six", "NaN", "1e9", "Infinity"])
def test_hours_that_no_day_has_are_refused(hours: str) -> None:
    problems: list[FieldProblem] = []

    read_week([hours, *["6"] * 6], problems)

    assert [each.field for each in problems] == ["monday"]


def test_a_week_without_anything_is_the_studios_own() -> None:
    assert read_week([" "] * 7, []) is None
    assert read_week(["6", "5,5", "", "", "", "", ""], []) == (360, 330, 0, 0, 0, 0, 0)


def test_what_is_allowed_is_worked_out_from_the_brief() -> None:
    bounds = {asked.check.id: asked.allowed for asked in checklist(RING, ANSWERS) if asked.allowed}

    assert (bounds["size"].low, bounds["size"].high) == (Decimal("53.70"), Decimal("54.30"))
    assert bounds["weight"].unit == "g"
    assert bounds["weight"].nominal == Decimal("5.18"), "Pappus: 5.65 mm² of section, 58.8 mm around, 15.58 g/cm³"
