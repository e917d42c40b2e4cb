"""Amounts as people type them."""

import re
from decimal import Decimal

from services.quotes.domain.reasons import AmountReason
from shared.kernel.money import Money, minor_digits
from shared.kernel.phrases import Phrase

LARGEST_MINOR = 100_000_000_00
"""A hundred million of most currencies: more is a slip of the hand."""

_MARKS = re.compile(r"[\s\u00a0\u202f'\u2019]")
_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]{3})*(?:[.,][0-9]{1,4})?")
_THOUSANDS = 3


class AmountRefusedError(ValueError):
    """This is no amount; `reason` says why."""

    def __init__(self, reason: Phrase) -> None:
        super().__init__(str(reason))
        self.reason = reason


def parse_amount(text: str, currency: str, *, least: int = 1) -> Money:
    """An amount as people type it, "1.234,50", "1,234.50", "1234" or "€ 80", with as many decimals as its currency has.

    A single mark before exactly three digits could be read two ways, a thousandfold apart, and is refused; but where
    the currency has three decimals it begins these ("79.835" KWD), and where it has none, it divides the thousands
    ("10,000" JPY).

    `least` is in minor units.

    Raises:
        AmountRefusedError: with what to type instead.
    """
    bare = _MARKS.sub("", text).removeprefix("€").removesuffix("€").removeprefix(currency).removesuffix(currency)
    if not bare:
        raise AmountRefusedError(Phrase(AmountReason.EMPTY, example=typed_example(currency)))
    if not _PLAIN.fullmatch(bare):
        raise AmountRefusedError(Phrase(AmountReason.UNREADABLE, example=typed_example(currency)))
    decimals = minor_digits(currency)
    value = Decimal(_decimal(bare, decimals))
    minor = value.scaleb(decimals)
    if minor != minor.to_integral_value():
        raise AmountRefusedError(Phrase(AmountReason.DECIMALS, currency=currency, count=decimals))
    if not least <= minor <= LARGEST_MINOR:
        raise AmountRefusedError(Phrase(AmountReason.IMPOSSIBLE))
    return Money(minor=int(minor), currency=currency)


def typed_example(currency: str) -> str:
    """An amount of this currency as one may type it, with as many decimals as it has: "1234.50", "10000" yen."""
    decimals = minor_digits(currency)
    return f"1234.{'50'.ljust(decimals, '0')[:decimals]}" if decimals else "10000"


def _decimal(bare: str, decimals: int) -> str:
    marks = [mark for mark in bare if mark in ".,"]
    if not marks:
        return bare
    head, _, tail = bare.rpartition(marks[-1])
    whole = head.replace(".", "").replace(",", "")
    several = len(marks) > 1 and len(set(marks)) == 1
    if len(tail) != _THOUSANDS or (decimals >= _THOUSANDS and not several):
        return f"{whole}.{tail}"
    if decimals and not several:
        given = {"thousands": f"{whole}{tail}", "decimals": f"{whole}.{tail[:2]}"}
        raise AmountRefusedError(Phrase(AmountReason.AMBIGUOUS, **given))
    return whole + tail
