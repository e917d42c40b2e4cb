"""Plain arithmetic as an offering's file writes it: names, figures, + - * / and brackets, and named rules.

A formula is read as a tree and walked; nothing of it is ever run as code. Figures are exact decimals.
"""

import ast
from collections.abc import Callable
from decimal import Decimal, DecimalException, InvalidOperation

from shared.offerings.rules import PI, RULES
from shared.offerings.rules.error import RuleError
from shared.offerings.units import RATIO, Unit, UnitError, unit

LONGEST = 300
"""Characters."""
DEEPEST = 60
"""Steps of a calculation inside each other, so that no tree is too deep to walk."""


class FormulaError(ValueError):
    """A formula cannot be read, names what is not there, or mixes units."""


class Formula:
    """One formula, read. Raises FormulaError."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise FormulaError(f"has more than {LONGEST} characters")
        try:
            self._root = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError) as error:
            raise FormulaError(f"is no formula: {error.args[0]}") from error
        self._text = text.strip()
        self.names = frozenset(self._names(self._root, DEEPEST))

    def unit(self, of: Callable[[str], Unit]) -> Unit:
        """The unit of the result, where `of` gives the unit of a name. Raises FormulaError."""
        try:
            return self._unit(self._root, of)
        except UnitError as error:
            raise FormulaError(str(error)) from error

    def value(self, of: Callable[[str], Decimal]) -> Decimal:
        """The result in base units (mm, g, h), where `of` gives a name's value in base units. Raises RuleError."""
        try:
            return self._value(self._root, of)
        except DecimalException as error:
            raise RuleError.of_formula(self._text) from error

    def _names(self, node: ast.expr, deep: int) -> list[str]:
        if not deep:
            raise FormulaError(f"has more than {DEEPEST} steps inside each other; make measures of its parts")
        match node:
            case ast.Name(id=name):
                return [] if name == "pi" else [name]
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right):
                return [*self._names(left, deep - 1), *self._names(right, deep - 1)]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._names(operand, deep - 1)
            case ast.Constant():
                self._figure(node)
                return []
            case ast.Call(func=ast.Name(id=rule), args=given, keywords=[]):
                if rule not in RULES:
                    raise FormulaError(f'names no rule that there is: "{rule}"; there is {", ".join(sorted(RULES))}')
                if len(given) != len(RULES[rule].parameters):
                    raise FormulaError(f"gives {rule} {len(given)} figures; it takes {RULES[rule].signature}")
                return [name for each in given for name in self._names(each, deep - 1)]
            case _:
                raise FormulaError("has more than names, figures, + - * / and brackets")

    def _figure(self, node: ast.expr) -> Decimal:
        """The figure as it is written, so that 0.1 stays 0.1."""
        written = ast.get_source_segment(self._text, node) or ""
        try:
            return Decimal(written)
        except InvalidOperation as error:
            raise FormulaError(f"has no figure in {written}") from error

    def _unit(self, node: ast.expr, of: Callable[[str], Unit]) -> Unit:
        match node:
            case ast.Name(id=name):
                return RATIO if name == "pi" else of(name)
            case ast.UnaryOp(operand=operand):
                return self._unit(operand, of)
            case ast.BinOp(left=left, op=op, right=right):
                one, other = self._unit(left, of), self._unit(right, of)
                if isinstance(op, ast.Mult | ast.Div):
                    return one * other if isinstance(op, ast.Mult) else one / other
                if not one.fits(other):
                    raise FormulaError(f"adds what cannot be added: {ast.unparse(left)} and {ast.unparse(right)}")
                return one
            case ast.Call(func=ast.Name(id=rule), args=given):
                return self._rule_unit(rule, given, of)
            case _:
                return RATIO

    def _rule_unit(self, rule: str, given: list[ast.expr], of: Callable[[str], Unit]) -> Unit:
        found = RULES[rule]
        for each, wanted in zip(given, found.parameters.values(), strict=True):
            if not self._unit(each, of).fits(unit(wanted)):
                raise FormulaError(f"gives {rule} a figure in another unit: {ast.unparse(each)}; it takes {wanted}")
        return unit(found.unit)

    def _value(self, node: ast.expr, of: Callable[[str], Decimal]) -> Decimal:
        match node:
            case ast.Name(id=name):
                return PI if name == "pi" else of(name)
            case ast.UnaryOp(operand=operand):
                return -self._value(operand, of)
            case ast.BinOp(left=left, op=op, right=right):
                return _reckoned(self._value(left, of), op, self._value(right, of))
            case ast.Call(func=ast.Name(id=rule), args=given):
                found = RULES[rule]
                figures = [
                    self._value(each, of) / unit(wanted).scale
                    for each, wanted in zip(given, found.parameters.values(), strict=True)
                ]
                return found.reckon(*figures) * unit(found.unit).scale
            case _:
                return self._figure(node)


def _reckoned(one: Decimal, op: ast.operator, other: Decimal) -> Decimal:
    match op:
        case ast.Add():
            return one + other
        case ast.Sub():
            return one - other
        case ast.Mult():
            return one * other
        case _:
            return one / other
