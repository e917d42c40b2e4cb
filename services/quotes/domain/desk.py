"""What the studio does with the lines of a draft by hand: adds, removes and moves them, and gives a discount."""

from decimal import Decimal
from enum import StrEnum

from services.quotes.domain.adjustments import NoSuchLineError, recounted
from services.quotes.domain.quote import Adjustment, FixedLineCode, Price, QuoteLine
from shared.kernel.money import Money, VatRounding
from shared.offerings.model import Offering

MOST_LINES = 40
"""Of a quote, VAT not counted."""
_ADDED = "added_"


class Direction(StrEnum):
    """Where a line is moved to: one place up or down."""

    UP = "up"
    DOWN = "down"


class TooManyLinesError(ValueError):
    """The quote has as many lines as it may have."""


class LastLineError(ValueError):
    """Without this line there is nothing left to pay for."""


class NothingLeftError(ValueError):
    """A discount so large leaves nothing to pay."""


def added_line(price: Price, title: str, amount: Money, reason: str) -> QuoteLine:
    """A line of the studio's own for this price, with a code that it does not have yet."""
    taken = [int(line.code.removeprefix(_ADDED)) for line in price.lines if line.code.startswith(_ADDED)]
    code = f"{_ADDED}{max(taken, default=0) + 1}"
    explained = Adjustment(Money.zero(amount.currency), reason) if reason else None
    return QuoteLine(code=code, amount=amount, adjustment=explained, title=title)


def add_line(price: Price, offering: Offering, line: QuoteLine, *, rounding: VatRounding) -> Price:
    """The price with one more line, above a discount.

    Raises:
        TooManyLinesError: it has as many as it may have.
    """
    if len(price.lines) >= MOST_LINES:
        raise TooManyLinesError
    kept = tuple(each for each in price.lines if each.code != FixedLineCode.DISCOUNT)
    return recounted(price, offering, (*kept, line, *_discounts(price)), rounding)


def remove_line(price: Price, offering: Offering, code: str, *, rounding: VatRounding) -> Price:
    """The price without this line. The offering's minimum holds; it cannot be removed itself, but set with a reason.

    Raises:
        NoSuchLineError: there is no such line, or it is the one up to the minimum.
        LastLineError: nothing would be left to pay for.
    """
    line = price.line(code)
    if line is None or code == FixedLineCode.MINIMUM:
        raise NoSuchLineError(code)
    kept = tuple(each for each in price.lines if each.code != code)
    if not any(each.amount.minor > 0 for each in kept):
        raise LastLineError
    changed = recounted(price, offering, kept, rounding)
    if changed.net.minor <= 0:
        raise NothingLeftError
    return changed


def move_line(price: Price, offering: Offering, code: str, to: Direction, *, rounding: VatRounding) -> Price:
    """The price with a line one place further up or down; one that is at the end already stays. A discount is last.

    Raises:
        NoSuchLineError: there is no such line, or it is the discount.
    """
    codes = [line.code for line in price.lines]
    if code not in codes or code == FixedLineCode.DISCOUNT:
        raise NoSuchLineError(code)
    lines, place = list(price.lines), codes.index(code)
    other = place - 1 if to is Direction.UP else place + 1
    if 0 <= other < len(lines) and lines[other].code != FixedLineCode.DISCOUNT:
        lines[place], lines[other] = lines[other], lines[place]
    return recounted(price, offering, tuple(lines), rounding)


def give_discount(price: Price, offering: Offering, amount: Money, reason: str, *, rounding: VatRounding) -> Price:
    """The price with a discount of this amount, which is above zero; it replaces the one that was given before.

    Raises:
        NothingLeftError: it is as much as all the other lines, or more.
    """
    kept = tuple(line for line in price.lines if line.code != FixedLineCode.DISCOUNT)
    zero = Money.zero(amount.currency)
    line = QuoteLine(
        code=FixedLineCode.DISCOUNT,
        amount=zero.less(amount),
        adjustment=Adjustment(zero, reason),
    )
    changed = recounted(price, offering, (*kept, line), rounding)
    if changed.net.minor <= 0:
        raise NothingLeftError
    return changed


def percent_of(price: Price, percent: Decimal) -> Money:
    """So much of all the lines without VAT, but for a discount that was given before."""
    before = sum(
        (line.amount for line in price.lines if line.code != FixedLineCode.DISCOUNT), Money.zero(price.net.currency)
    )
    return before.times(percent / 100)


def _discounts(price: Price) -> tuple[QuoteLine, ...]:
    return tuple(line for line in price.lines if line.code == FixedLineCode.DISCOUNT)
