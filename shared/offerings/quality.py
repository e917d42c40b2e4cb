"""Judging a piece: what each check of an offering's list allows for one brief, and whether a measure meets it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from shared.offerings import rules
from shared.offerings.form import NumberField
from shared.offerings.making import Check, Tolerance
from shared.offerings.model import Offering
from shared.offerings.pricing import CommodityLine
from shared.offerings.rules import RuleError

_HUNDRED = Decimal(100)
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Allowed:
    """From `low` to `high`, both included, in `unit`; `nominal` is what it should be."""

    nominal: Decimal
    low: Decimal
    high: Decimal
    unit: str

    def meets(self, measured: Decimal) -> bool:
        return self.low <= measured <= self.high


def allowed(offering: Offering, check: Check, answers: Mapping[str, str]) -> Allowed | None:
    """What a check allows for a brief with these answers, by field; None where it is a matter of yes or no.

    A tolerance without a figure, and one whose answers are gone because the brief was erased, is left to the eye too.
    """
    tolerance = check.tolerance
    nominal = _nominal(offering, tolerance, answers) if tolerance else None
    if tolerance is None or nominal is None:
        return None
    if tolerance.unit == "percent":
        low, high = (nominal * (_HUNDRED + by) / _HUNDRED for by in (-tolerance.minus, tolerance.plus))
    else:
        low, high = nominal - tolerance.minus, nominal + tolerance.plus
    return Allowed(nominal, _rounded(max(low, Decimal(0))), _rounded(high), _unit(offering, tolerance))


def read_measure(typed: str) -> Decimal:
    """A measure as somebody at the bench writes it, with a point or a comma. Raises RuleError."""
    try:
        measured = Decimal(typed.strip().replace(",", "."))
    except InvalidOperation:
        measured = Decimal("NaN")
    if not measured.is_finite() or not 0 <= measured <= 1_000_000:  # noqa: PLR2004 (a kilometre, a tonne)
        raise RuleError("This is not a measure.", "Write the number that the tool shows, like 54.1.")
    return measured


def _nominal(offering: Offering, tolerance: Tolerance, answers: Mapping[str, str]) -> Decimal | None:
    if tolerance.nominal_field:
        answer = answers.get(tolerance.nominal_field)
        return None if answer is None else Decimal(answer)
    if tolerance.nominal_rule == "band_weight":
        return _band_weight(offering, answers)
    return tolerance.nominal


def _band_weight(offering: Offering, answers: Mapping[str, str]) -> Decimal | None:
    """What the price's weighed line says the finished band weighs, in grams."""
    line = next(line for line in offering.pricing.lines if isinstance(line, CommodityLine))
    size, alloy = answers.get(line.weight.size), line.alloys.get(answers.get(line.field, ""))
    if size is None or alloy is None:
        return None
    return rules.band_weight(
        Decimal(size),
        section=line.weight.section,
        width_mm=line.weight.width_mm,
        thickness_mm=line.weight.thickness_mm,
        density=alloy.density,
    )


def _unit(offering: Offering, tolerance: Tolerance) -> str:
    if tolerance.unit != "percent":
        return tolerance.unit
    field = offering.form.field(tolerance.nominal_field) if tolerance.nominal_field else None
    if tolerance.nominal_rule:
        return "g"
    return field.unit if isinstance(field, NumberField) else "mm"


def _rounded(figure: Decimal) -> Decimal:
    """To a hundredth, which is as fine as anything is measured here."""
    return figure.quantize(_HUNDREDTH, ROUND_HALF_EVEN)
