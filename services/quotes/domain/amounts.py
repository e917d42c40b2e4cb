"""Amounts as people type them."""

import re
from decimal import Decimal

from babel.numbers import get_currency_precision

from shared.kernel.money import Money

LARGEST_MINOR = 100_000_000_00
"""A hundred million of most currencies: more is a slip of the hand."""

_MARKS = re.compile(r"[\s\u00a0\u202f'\u2019]")
_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]{3})*(?:[.,][0-9]{1,2})?")
_THOUSANDS = 3


class AmountRefusedError(ValueError):
    """This is no amount; `message` says why, and `remedy` what to type instead."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def parse_amount(text: str, currency: str) -> Money:
    """An amount as people type it, "1.234,50", "1,234.50", "1234" or "€ 80", with as many decimals as its currency has.

    A single mark before exactly three digits could be read two ways, a thousandfold apart, and is refused.

    Raises:
        AmountRefusedError: with what to type instead.
    """
    bare = _MARKS.sub("", text).removeprefix("€").removesuffix("€").removeprefix(currency).removesuffix(currency)
    if not bare:
        raise AmountRefusedError("There is no amount yet.", "Type what came in, as in 1234.50.")
    if not _PLAIN.fullmatch(bare):
        raise AmountRefusedError("This is not read as an amount.", "Type digits only, as in 1234.50.")
    value, decimals = Decimal(_decimal(bare)), get_currency_precision(currency)
    minor = value.scaleb(decimals)
    if minor != minor.to_integral_value():
        raise AmountRefusedError(f"{currency} has {decimals} decimals.", "Leave the others out.")
    if not 0 < minor <= LARGEST_MINOR:
        raise AmountRefusedError("This amount is not possible.", "Check how many digits it has.")
    return Money(minor=int(minor), currency=currency)


def _decimal(bare: str) -> str:
    marks = [mark for mark in bare if mark in ".,"]
    if not marks:
        return bare
    head, _, tail = bare.rpartition(marks[-1])
    whole = head.replace(".", "").replace(",", "")
    if len(tail) < _THOUSANDS:
        return f"{whole}.{tail}"
    if len(marks) == 1 or len(set(marks)) > 1:
        remedy = f"Type {whole}{tail} if it ends in thousands, {whole}.{tail[:2]} if it ends in decimals."
        raise AmountRefusedError("This could be read in two ways.", remedy)
    return whole + tail
