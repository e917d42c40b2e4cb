"""A line's amount set by hand, with a reason; the sums follow, and the offering's minimum holds or is explained."""

from dataclasses import replace

from services.quotes.domain.price import minimum_lines, summed
from services.quotes.domain.quote import Adjustment, FixedLineCode, Price, QuoteLine
from services.quotes.domain.vat import Vat
from shared.kernel.money import Money, VatRounding
from shared.offerings.model import Offering


class NoSuchLineError(ValueError):
    """The quote has no line of this code that could be set."""


def adjust_line(
    price: Price,
    offering: Offering,
    code: str,
    amount: Money,
    reason: str,
    *,
    rounding: VatRounding = VatRounding.TOTAL,
) -> Price:
    """The price with one line set to `amount`, which the reason explains to the customer.

    Where the sum falls below the offering's minimum, the line up to it comes back: unless the studio has set that very
    line, with its reason.

    Raises:
        NoSuchLineError: there is no such line.
    """
    line = _line(price, code)
    if line.code == FixedLineCode.DISCOUNT:
        raise NoSuchLineError(code)
    was = line.adjustment.was if line.adjustment else line.amount
    return _with(price, offering, replace(line, amount=amount, adjustment=Adjustment(was, reason)), rounding)


def restore_line(price: Price, offering: Offering, code: str, *, rounding: VatRounding = VatRounding.TOTAL) -> Price:
    """The price with one line as the offering's prices make it. Raises NoSuchLineError."""
    line = _line(price, code)
    if line.adjustment is None or line.ours:
        raise NoSuchLineError(code)
    return _with(price, offering, replace(line, amount=line.adjustment.was, adjustment=None), rounding)


def keep_adjustments(
    price: Price, offering: Offering, before: Price, *, rounding: VatRounding = VatRounding.TOTAL
) -> Price:
    """The price with what the studio did to the lines `before`: what it set, added, removed and moved, and a discount.

    A discount that would leave nothing to pay is left out.
    """
    lines = tuple(kept for line in before.lines if (kept := _kept(line, price.line(line.code))))
    changed = recounted(price, offering, lines, rounding)
    if changed.net.minor > 0:
        return changed
    return recounted(price, offering, tuple(line for line in lines if line.code != FixedLineCode.DISCOUNT), rounding)


def kept_lines(price: Price, before: Price) -> frozenset[str]:
    """The codes of the lines that the studio had set or added before the change, and that are as they were."""
    was = {line.code: _by_hand(line) for line in before.lines if line.adjustment or line.ours}
    by_hand = (line for line in price.lines if line.adjustment or line.ours)
    return frozenset(line.code for line in by_hand if was.get(line.code) == _by_hand(line))


def _kept(before: QuoteLine, now: QuoteLine | None) -> QuoteLine | None:
    """A line as it is now, or as the studio had set it; None where the brief asks for none any more."""
    if before.ours or now is None:
        return before if before.ours else None
    if before.adjustment is None:
        return now
    return replace(now, amount=before.amount, adjustment=Adjustment(now.amount, before.adjustment.reason))


def _by_hand(line: QuoteLine) -> tuple[Money, str, str | None]:
    return line.amount, line.adjustment.reason if line.adjustment else "", line.title


def _line(price: Price, code: str) -> QuoteLine:
    line = price.line(code)
    if line is None:
        raise NoSuchLineError(code)
    return line


def _with(price: Price, offering: Offering, changed: QuoteLine, rounding: VatRounding) -> Price:
    return recounted(
        price, offering, tuple(changed if line.code == changed.code else line for line in price.lines), rounding
    )


def recounted(price: Price, offering: Offering, lines: tuple[QuoteLine, ...], rounding: VatRounding) -> Price:
    """These lines with their sums. The offering's minimum holds, before a discount, unless the studio has set it."""
    if not any(line.code == FixedLineCode.MINIMUM and line.adjustment for line in lines):
        counted = tuple(line for line in lines if line.code not in {FixedLineCode.MINIMUM, FixedLineCode.DISCOUNT})
        discount = tuple(line for line in lines if line.code == FixedLineCode.DISCOUNT)
        lines = (*counted, *minimum_lines(offering, counted), *discount)
    return summed(lines, offering.pricing.currency, Vat.of_line(price.vat), rounding)
