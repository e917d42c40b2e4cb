"""Measures: a figure with its unit, from a constant, an answer, an option or a formula."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import offerings
from shared.offerings.formulas import Formula, FormulaError
from shared.offerings.measures import Measure, Measures, Quantity, UnansweredError
from shared.offerings.rules import RuleError
from shared.offerings.units import UnitError, unit

RING = offerings.load("jewellery", "engraved-ring").offering
MUG = offerings.load("ceramics", "mug").offering


def reckoned(formula: str, *, unit: str = "mm", **constants: tuple[str, str]) -> Quantity:
    """The result of a formula over these constants, each a figure and its unit."""
    given = {name: Measure(unit=of, value=Decimal(figure)) for name, (figure, of) in constants.items()}
    measures = Measures({**given, "result": Measure(unit=unit, formula=formula)})
    measures.check("result")
    return measures.of("result", {})


def test_the_weight_of_a_ring_follows_from_its_size_and_its_metal() -> None:
    answers = {"size": "54", "metal": "gold_750_yellow"}

    assert RING.measure("weight", answers) == Quantity(Decimal("5.18"), "g")


@pytest.mark.parametrize(("size", "litres"), [("small", "0.20"), ("middle", "0.30"), ("large", "0.40")])
def test_a_mug_holds_what_its_size_says(size: str, litres: str) -> None:
    capacity = MUG.measure("capacity", {"size": size})

    assert capacity.unit == "ml"
    assert round(capacity.value / 1000, 2) == Decimal(litres)


def test_a_mug_is_thrown_larger_than_it_comes_out_of_the_kiln() -> None:
    large = {"size": "large"}

    assert MUG.measure("height", large) == Quantity(Decimal("88.00"), "mm")
    assert MUG.measure("thrown_height", large) == Quantity(Decimal("100.00"), "mm")


def test_letters_are_counted_without_spaces() -> None:
    assert MUG.measure("letters", {"words": "Guten Morgen"}).value == 11
    assert MUG.measure("letters", {}).value == 0


def test_a_measure_whose_answer_is_gone_says_so() -> None:
    with pytest.raises(UnansweredError) as missing:
        RING.measure("weight", {"size": "54"})

    assert missing.value.field == "metal"


def test_a_result_is_given_in_the_unit_that_is_wanted() -> None:
    assert reckoned("width * 2", unit="cm", width=("25", "mm")).value == Decimal(5)
    assert reckoned("area * height", unit="ml", area=("20", "cm2"), height=("50", "mm")).value == Decimal(100)


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("width + weight", "adds what cannot be added"),
        ("width * weight", "does not come to mm"),
        ("before_shrinkage(weight, share)", "in another unit"),
        ("before_shrinkage(width)", "it takes fired"),
        ("grow(width)", "names no rule"),
        ("nothing * 2", "names no measure"),
        ("width ** 2", "names, figures, + - * / and brackets"),
        ("(lambda: 1)()", "names, figures, + - * / and brackets"),
        ("'1' * width", "has no figure"),
        ("width if share else width", "names, figures, + - * / and brackets"),
        ("1 +", "is no formula"),
        ("1" * 301, "more than 300 characters"),
        ("-" * 60 + "width", "more than 60 steps inside each other"),
    ],
)
def test_a_formula_that_cannot_be_is_refused(formula: str, words: str) -> None:
    with pytest.raises((FormulaError, ValueError), match=words.replace("+", r"\+").replace("*", r"\*")):
        reckoned(formula, width=("2", "mm"), weight=("3", "g"), share=("50", "percent"))


def test_nothing_is_divided_by_nothing() -> None:
    with pytest.raises(RuleError):
        reckoned("width / (share - share) ", width=("2", "mm"), share=("50", "percent"))


@given(st.text(max_size=60))
def test_whatever_is_written_is_a_formula_or_is_refused(text: str) -> None:
    with suppress(FormulaError):
        Formula(text)


def test_units_multiply_and_divide() -> None:
    assert (unit("mm") * unit("mm")).fits(unit("cm2"))
    assert (unit("g/cm3") * unit("ml")).fits(unit("kg"))
    assert unit("percent").fits(unit("times"))
    with pytest.raises(UnitError, match='no unit "ell"'):
        unit("ell")


def test_a_measure_that_formulas_name_again_and_again_is_worked_out_once() -> None:
    doubled = {f"m{n}": Measure(unit="mm", formula=" + ".join([f"m{n - 1}"] * 40)) for n in range(1, 9)}
    measures = Measures({"m0": Measure(unit="mm", value=Decimal(1)), **doubled})

    assert measures.of("m8", {}).value == 40**8


def chain(length: int) -> Measures:
    """Each measure names the one before it, and the one before that: as many ways lead down as Fibonacci counted."""
    added = {f"m{n}": Measure(unit="mm", formula=f"m{n - 1} + m{n - 2}") for n in range(2, length)}
    return Measures({name: Measure(unit="mm", value=Decimal(1)) for name in ("m0", "m1")} | added)


def test_measures_that_name_each_other_in_a_long_chain_are_checked_and_worked_out_at_once() -> None:
    measures = chain(60)

    measures.check("m59")

    assert measures.fields("m59") == frozenset()
    assert measures.of("m59", {}).value == Decimal(1548008755920)
    assert measures.constants()["m59"] == measures.of("m59", {})


def test_a_chain_that_is_longer_than_pythons_stack_is_followed_to_its_end() -> None:
    halves = {f"m{n}": Measure(unit="mm", formula=f"m{n - 1} / 1") for n in range(1, 5000)}
    measures = Measures({"m0": Measure(unit="mm", value=Decimal(7)), **halves})

    measures.check("m4999")

    assert measures.of("m4999", {}).value == 7


def test_a_circle_is_told_with_the_way_around_it() -> None:
    measures = Measures({f"m{n}": Measure(unit="mm", formula=f"m{(n + 1) % 3}") for n in range(3)})

    with pytest.raises(FormulaError, match="goes in a circle: m1 → m2 → m0 → m1"):
        measures.check("m1")
