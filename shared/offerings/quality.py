"""Judging a piece: what each check of an offering's list allows for one brief, and whether a measure meets it."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from shared.offerings.making import QualityCheck, Tolerance
from shared.offerings.measures import Answers, Quantity, UnansweredError
from shared.offerings.model import Offering
from shared.offerings.rules.numbers import measured as read_measure

__all__ = ["Allowed", "allowed", "checks_of", "read_measure"]

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


def checks_of(offering: Offering, answers: Answers) -> tuple[QualityCheck, ...]:
    """The checks that a brief with these answers asks for."""
    return tuple(check for check in offering.quality.checks if check.applies(answers))


def allowed(offering: Offering, check: QualityCheck, answers: Answers) -> Allowed | None:
    """What a check allows for a brief with these answers, by field; None where it is a matter of yes or no.

    A tolerance whose answers are gone because the brief was erased is left to the eye too.
    """
    tolerance = check.tolerance
    nominal = _nominal(offering, tolerance, answers) if tolerance else None
    if tolerance is None or nominal is None:
        return None
    if tolerance.unit == "percent":
        low, high = (nominal.value * (_HUNDRED + by) / _HUNDRED for by in (-tolerance.minus, tolerance.plus))
    else:
        low, high = nominal.value - tolerance.minus, nominal.value + tolerance.plus
    return Allowed(nominal.value, _rounded(max(low, Decimal(0))), _rounded(high), nominal.unit)


def _nominal(offering: Offering, tolerance: Tolerance, answers: Answers) -> Quantity | None:
    if tolerance.measure is None:
        return Quantity(tolerance.nominal or Decimal(0), tolerance.unit or "")
    try:
        return offering.measure(tolerance.measure, answers)
    except UnansweredError:
        return None


def _rounded(figure: Decimal) -> Decimal:
    """To a hundredth, which is as fine as anything is measured here."""
    return figure.quantize(_HUNDREDTH, ROUND_HALF_UP)
