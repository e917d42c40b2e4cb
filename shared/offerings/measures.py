"""Measures: a figure of an offering has a name and a unit; price, quality, materials, drawings and words use it.

A measure is a field of the form, a figure, a figure for each option of a choice, or a formula over other measures.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, DecimalException, InvalidOperation
from functools import lru_cache
from typing import Annotated, Final, Self

from pydantic import Field, field_validator, model_validator

from shared.offerings.formulas import Formula, FormulaError
from shared.offerings.rules.error import RuleError
from shared.offerings.section import MoreWords, Name, Section
from shared.offerings.units import UnitError, unit

MOST: Final = 200
"""Measures that an offering may have: a mug has some twenty."""

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


ByName = Annotated[dict[Name, Measure], Field(max_length=MOST)]
"""What an offering's file has under `[measures]`."""


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
        """A measure for a brief with these answers. Raises UnansweredError, RuleError, and what `check` does."""
        return self._told(name, answers, {})

    def constants(self) -> Mapping[str, Quantity]:
        """The measures that are the same for every piece."""
        known: dict[str, Decimal] = {}
        return {name: self._told(name, {}, known) for name in self.by_name if not self.fields(name)}

    def fields(self, name: str) -> frozenset[str]:
        """The fields of the form that a measure depends on."""
        found: dict[str, frozenset[str]] = {}
        for each in self._in_order(name):
            measure = self.by_name[each]
            own = frozenset({measure.field} if measure.field else ())
            found[each] = own.union(*(found[needed] for needed in _needed(measure)))
        return found[name]

    def check(self, name: str) -> None:
        """Raises FormulaError where a measure's formula leads nowhere, goes in a circle, or has another unit."""
        for each in self._in_order(name):
            measure = self.by_name[each]
            if measure.formula is None:
                continue
            comes_to = _read(measure.formula).unit(lambda needed: unit(self.by_name[needed].unit))
            if not comes_to.fits(unit(measure.unit)):
                raise FormulaError(f"does not come to {measure.unit}: its units multiply to something else")

    def _told(self, name: str, answers: Answers, known: dict[str, Decimal]) -> Quantity:
        """In its own unit, to a hundredth. `known` has what these answers make of measures so far, and is added to."""
        measure = self.by_name[name]
        try:
            for each in self._in_order(name, known):
                known[each] = self._base(self.by_name[each], answers, known)
            value = known[name] / unit(measure.unit).scale
            return Quantity(value.quantize(_HUNDREDTH, ROUND_HALF_UP), measure.unit)
        except DecimalException as error:  # too large to be given to a hundredth
            raise RuleError.of_formula(measure.formula or name) from error

    def _base(self, measure: Measure, answers: Answers, known: Mapping[str, Decimal]) -> Decimal:
        """In base units (mm, g, h), not rounded; `known` has what its formula names."""
        if measure.formula is None:
            return self._given(measure, answers) * unit(measure.unit).scale
        return _read(measure.formula).value(known.__getitem__)

    def _in_order(self, name: str, known: Container[str] = ()) -> list[str]:
        """A measure and all that it needs, but for those `known`: each once, after those that it needs itself.

        Not by recursion: a chain of measures may be longer than Python's stack. Raises FormulaError.
        """
        order: dict[str, None] = {}
        way: dict[str, Iterator[str]] = {}
        following: str | None = name if name not in known else None
        while following is not None or way:
            if following is None:
                done, _ = way.popitem()
                order[done] = None
            elif following in way:
                raise FormulaError(f"goes in a circle: {' → '.join((*way, following))}")
            elif following not in self.by_name:
                raise FormulaError(f'names no measure that there is: "{following}"; there is {", ".join(self.by_name)}')
            elif following not in order and following not in known:
                way[following] = iter(sorted(_needed(self.by_name[following])))
            following = next(way[next(reversed(way))], None) if way else None
        return list(order)

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


@lru_cache(maxsize=2 * MOST)
def _read(formula: str) -> Formula:
    return Formula(formula)


def _needed(measure: Measure) -> frozenset[str]:
    """The measures that a measure's formula names."""
    return frozenset() if measure.formula is None else _read(measure.formula).names


def letters_in(text: str) -> int:
    """How many letters are cut, painted or sewn; spaces are free."""
    return sum(not character.isspace() for character in text)


__all__ = ["Answers", "FormulaError", "Measure", "Measures", "Quantity", "UnansweredError", "UnitError", "letters_in"]
