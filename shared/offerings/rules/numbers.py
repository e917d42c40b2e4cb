"""Figures as people write them."""

import re
from decimal import Decimal, InvalidOperation

from shared.kernel.phrases import Phrase
from shared.offerings.rules.error import AnswerReason, RuleError

_FRACTIONS = {"¼": ".25", "½": ".5", "¾": ".75", " 1/4": ".25", " 1/2": ".5", " 3/4": ".75"}
_LARGEST = 1_000_000  # a kilometre, a tonne


def plain(number: Decimal) -> str:
    """A number without idle zeros and never with an exponent."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def figure(written: str) -> Decimal | None:
    """A plain positive number, with a point, a comma or a quarter fraction; at most three digits before it."""
    for sign, decimal in _FRACTIONS.items():
        if written.endswith(sign):
            written = written.removesuffix(sign).rstrip() + decimal
    found = re.fullmatch(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?", written)
    return Decimal(f"{found[1]}.{found[2] or 0}") if found else None


def number(text: str, *, least: Decimal, most: Decimal, step: Decimal, unit: str) -> Decimal:
    """Read a measure in `unit`, within bounds and in whole steps from `least`. Raises RuleError."""
    found = figure(" ".join(text.split()))
    if found is None:
        raise RuleError(Phrase(AnswerReason.NOT_A_NUMBER, unit=unit, example=least))
    if not least <= found <= most:
        raise RuleError(Phrase(AnswerReason.NUMBER_OUT_OF_BOUNDS, least=least, most=most, unit=unit))
    if (found - least) % step:
        raise RuleError(Phrase(AnswerReason.NUMBER_TOO_FINE, step=step, unit=unit))
    return Decimal(plain(found))


def measured(typed: str) -> Decimal:
    """A measure as somebody at the bench writes it, with a point or a comma. Raises RuleError."""
    try:
        found = Decimal(typed.strip().replace(",", "."))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or not 0 <= found <= _LARGEST:
        raise RuleError(Phrase(AnswerReason.NOT_A_MEASURE))
    return found
