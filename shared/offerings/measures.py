"""Measures: a figure of an offering has a name and a unit; price, quality, materials, drawings and words use it.

A measure is a field of the form, a figure, a figure for each option of a choice, or a formula over other measures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, DecimalException, InvalidOperation
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from shared.offerings.formulas import Formula, FormulaError
from shared.offerings.rules.error import RuleError
from shared.offerings.section import MoreWords, Name, Section
from shared.offerings.units import UnitError, unit

_HUNDREDTH = Decimal("0.01")

Answers = Mapping[str, str]
"""A brief's answers by field."""


class UnansweredError(LookupError):
    """A brief does not answer what a measure needs: `field` is missing, or is no figure."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class Measure(Section):
    """One figure, in `unit`; exactly one of four says where it comes from.

    `value`: a constant. `field`: what a field of the form says (a number, a size; of a text, how many letters it has,
    without spaces). `field` with `values`: a figure for each option of that choice. `formula`: arithmetic over other
    measures, with the named rules there are.
    """

    unit: str
    title: MoreWords = ""
    """What it is called, where a person reads it."""
    value: Decimal | None = None
    field: Name | None = None
    values: Annotated[dict[Name, Decimal] | None, Field(min_length=1)] = None
    formula: str | None = None

    @field_validator("unit")
    @classmethod
    def _known(cls, written: str) -> str:
        unit(written)
        return written

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [each for each in (self.value, self.field, self.formula) if each is not None]
        if len(given) != 1:
            raise ValueError("needs exactly one of value, field and formula")
        if self.values is not None and self.field is None:
            raise ValueError("has values without the field whose options they are for")
        if self.formula is not None:
            Formula(self.formula)
        return self


@dataclass(frozen=True)
class Quantity:
    """A figure in its unit, to a hundredth."""

    value: Decimal
    unit: str


@dataclass(frozen=True)
class Measures:
    """The measures of one offering."""

    by_name: Mapping[str, Measure]

    def of(self, name: str, answers: Answers) -> Quantity:
        """A measure for a brief with these answers. Raises UnansweredError and RuleError."""
        measure = self.by_name[name]
        try:
            value = self._base(name, answers, {}) / unit(measure.unit).scale
            return Quantity(value.quantize(_HUNDREDTH, ROUND_HALF_EVEN), measure.unit)
        except DecimalException as error:  # too large to be told to a hundredth
            raise RuleError.of_formula(measure.formula or name) from error

    def constants(self) -> Mapping[str, Quantity]:
        """The measures that are the same for every piece."""
        return {name: self.of(name, {}) for name in self.by_name if not self.fields(name)}

    def fields(self, name: str) -> frozenset[str]:
        """The fields of the form that a measure depends on."""
        measure = self.by_name[name]
        if measure.formula is None:
            return frozenset({measure.field} if measure.field else ())
        return frozenset(field for each in Formula(measure.formula).names for field in self.fields(each))

    def check(self, name: str, around: tuple[str, ...] = ()) -> None:
        """Raises FormulaError where a measure's formula leads nowhere, goes in a circle, or has another unit."""
        measure = self.by_name[name]
        if name in around:
            raise FormulaError(f"goes in a circle: {' → '.join((*around, name))}")
        if measure.formula is None:
            return
        formula = Formula(measure.formula)
        for each in sorted(formula.names):
            if each not in self.by_name:
                raise FormulaError(f'names no measure that there is: "{each}"; there is {", ".join(self.by_name)}')
            self.check(each, (*around, name))
        if not formula.unit(lambda each: unit(self.by_name[each].unit)).fits(unit(measure.unit)):
            raise FormulaError(f"does not come to {measure.unit}: its units multiply to something else")

    def _base(self, name: str, answers: Answers, known: dict[str, Decimal]) -> Decimal:
        """In base units (mm, g, h), not rounded; `known` keeps what a formula names more than once."""
        if name not in known:
            measure = self.by_name[name]
            known[name] = (
                self._given(measure, answers) * unit(measure.unit).scale
                if measure.formula is None
                else Formula(measure.formula).value(lambda each: self._base(each, answers, known))
            )
        return known[name]

    def _given(self, measure: Measure, answers: Answers) -> Decimal:
        if measure.value is not None:
            return measure.value
        field = measure.field or ""
        answer = answers.get(field)
        if measure.unit == "letter":
            return Decimal(letters_in(answer or ""))
        try:
            if answer is None:
                raise UnansweredError(field)
            return measure.values[answer] if measure.values is not None else Decimal(answer)
        except (KeyError, InvalidOperation) as error:
            raise UnansweredError(field) from error


def letters_in(text: str) -> int:
    """How many letters are cut, painted or sewn; spaces are free."""
    return sum(not character.isspace() for character in text)


__all__ = ["Answers", "FormulaError", "Measure", "Measures", "Quantity", "UnansweredError", "UnitError", "letters_in"]
