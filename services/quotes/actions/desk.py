"""What the studio changes in a draft besides a line's price: its lines, a discount, and this quote's conditions."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from services.quotes.actions.context import QuotesContext
from services.quotes.actions.drafting import Drafting, changeable, redrafted
from services.quotes.domain import desk
from services.quotes.domain.adjustments import NoSuchLineError
from services.quotes.domain.desk import Direction, LastLineError, NothingLeftError, TooManyLinesError
from services.quotes.domain.quote import Price, Quote, QuoteConditions
from services.quotes.domain.reasons import QuoteReason
from shared.auth.roles import Caller
from shared.contracts.quotes import Redraft
from shared.kernel.money import Money
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Said, invalid
from shared.offerings.model import Offering
from shared.postgres.database import Tx


@dataclass(frozen=True)
class LineCreate:
    """A line of the studio's own on the version that somebody looked at: what it is, its amount, and why, if said."""

    version: int
    title: str
    amount: Money
    reason: str = ""


@dataclass(frozen=True)
class DiscountGiven:
    """An amount without VAT, or a percentage of all lines, on the version that somebody looked at; with its reason."""

    version: int
    reason: str
    amount: Money | None = None
    percent: Decimal | None = None


async def add_line(tx: Tx, caller: Caller, commission: UUID, given: LineCreate, *, context: QuotesContext) -> Quote:
    """Draft a new version with one more line, and publish it.

    Raises:
        Problem: not-found; validation-failed, in another currency or if there are too many lines; conflict, if somebody
            was quicker.
    """

    def changed(price: Price, offering: Offering) -> Price:
        _check_currency(price, given.amount)
        try:
            rounding = context.settings.vat_rounding
            added = desk.added_line(price, given.title, given.amount, given.reason)
            return desk.add_line(price, offering, added, rounding=rounding)
        except TooManyLinesError as error:
            raise _refused("title", Phrase(QuoteReason.TOO_MANY_LINES, most=desk.MOST_LINES)) from error

    return await _changed(
        tx, caller, commission, given.version, context=context, redraft=Redraft.LINES_CHANGED, changed=changed
    )


async def remove_line(
    tx: Tx, caller: Caller, commission: UUID, version: int, *, line: str, context: QuotesContext
) -> Quote:
    """Draft a new version without this line, and publish it.

    Raises:
        Problem: not-found; validation-failed, if there is no such line or nothing would be left; conflict, if somebody
            was quicker.
    """

    def changed(price: Price, offering: Offering) -> Price:
        try:
            return desk.remove_line(price, offering, line, rounding=context.settings.vat_rounding)
        except NoSuchLineError as error:
            raise _refused("line", QuoteReason.NO_LINE) from error
        except (LastLineError, NothingLeftError) as error:
            raise _refused("line", QuoteReason.LAST_LINE) from error

    return await _changed(
        tx, caller, commission, version, context=context, redraft=Redraft.LINES_CHANGED, changed=changed
    )


async def move_line(
    tx: Tx, caller: Caller, commission: UUID, version: int, *, line: str, to: Direction, context: QuotesContext
) -> Quote:
    """Draft a new version with this line one place further up or down, and publish it.

    Raises:
        Problem: not-found; validation-failed, if there is no such line; conflict, if somebody was quicker.
    """

    def changed(price: Price, offering: Offering) -> Price:
        try:
            return desk.move_line(price, offering, line, to, rounding=context.settings.vat_rounding)
        except NoSuchLineError as error:
            raise _refused("line", QuoteReason.NO_LINE) from error

    return await _changed(
        tx, caller, commission, version, context=context, redraft=Redraft.LINES_CHANGED, changed=changed
    )


async def give_discount(
    tx: Tx, caller: Caller, commission: UUID, given: DiscountGiven, *, context: QuotesContext
) -> Quote:
    """Draft a new version with a discount, which replaces the one that was there, and publish it.

    Raises:
        Problem: not-found; validation-failed, in another currency or if nothing would be left; conflict, if somebody
            was quicker.
    """

    def changed(price: Price, offering: Offering) -> Price:
        amount = given.amount or desk.percent_of(price, given.percent or Decimal(0))
        _check_currency(price, amount)
        if amount.minor <= 0:
            raise _refused("amount", QuoteReason.NO_DISCOUNT)
        try:
            return desk.give_discount(price, offering, amount, given.reason, rounding=context.settings.vat_rounding)
        except NothingLeftError as error:
            raise _refused("amount", Phrase(QuoteReason.DISCOUNT_TOO_LARGE, amount=amount)) from error

    return await _changed(
        tx, caller, commission, given.version, context=context, redraft=Redraft.DISCOUNT_GIVEN, changed=changed
    )


async def set_conditions(
    tx: Tx, caller: Caller, commission: UUID, version: int, *, conditions: QuoteConditions, context: QuotesContext
) -> Quote:
    """Draft a new version with these conditions, and publish it; the same ones again change nothing.

    Raises:
        Problem: not-found; conflict, if somebody was quicker.
    """
    quote, _ = await changeable(tx, caller, commission, version)
    if quote.conditions == conditions:
        return quote
    drafting = Drafting(Redraft.CONDITIONS_SET, by=caller.ops)
    return await redrafted(tx, replace(quote, conditions=conditions), quote.price, context.at, drafting)


async def _changed(
    tx: Tx,
    caller: Caller,
    commission: UUID,
    version: int,
    *,
    context: QuotesContext,
    redraft: Redraft,
    changed: Callable[[Price, Offering], Price],
) -> Quote:
    """The next version with another price; the version that was looked at, where nothing of it is another."""
    quote, offering = await changeable(tx, caller, commission, version)
    price = changed(quote.price, offering)
    if price == quote.price:
        return quote
    return await redrafted(tx, quote, price, context.at, Drafting(redraft, by=caller.ops))


def _check_currency(price: Price, amount: Money) -> None:
    if amount.currency != price.total.currency:
        raise _refused("amount", Phrase(QuoteReason.CURRENCY, currency=price.total.currency))


def _refused(field: str, why: Said) -> Exception:
    return invalid(FieldProblem(field, why))
