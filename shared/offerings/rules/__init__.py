"""The named rules that an offering's file can call on. A new rule is one function in a module here, and one line below.

These modules are the only code that knows a craft: how rings are sized, what a band weighs, how clay shrinks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from shared.offerings.rules.bands import PI, domed_band_weight, flat_band_weight
from shared.offerings.rules.error import AnswerReason, RuleError
from shared.offerings.rules.shrinkage import before_shrinkage

__all__ = ["PI", "RULES", "AnswerReason", "Rule", "RuleError"]


@dataclass(frozen=True)
class Rule:
    """A rule for formulas: its parameters with their units, in order, and the unit of its result."""

    reckon: Callable[..., Decimal]
    parameters: Mapping[str, str]
    unit: str

    @property
    def signature(self) -> str:
        return ", ".join(f"{name} ({unit})" for name, unit in self.parameters.items())


_BAND = {"circumference": "mm", "width": "mm", "thickness": "mm", "density": "g/cm3"}

RULES: Final[Mapping[str, Rule]] = {
    "flat_band_weight": Rule(flat_band_weight, _BAND, "g"),
    "domed_band_weight": Rule(domed_band_weight, _BAND, "g"),
    "before_shrinkage": Rule(before_shrinkage, {"fired": "mm", "shrinkage": "percent"}, "mm"),
}
