"""What a piece may cost, from the few answers that are there: between the cheapest and the dearest of the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice, product
from typing import Final

from services.quotes.domain.price import price
from services.quotes.domain.vat import Vat
from shared.contracts.briefs import BriefAnswer
from shared.kernel.money import Money, VatRounding
from shared.offerings.form import AnswerField, ChoiceField, NumberField, RingSizeField, TextField
from shared.offerings.model import Offering

_MOST_TOTALS: Final = 512
"""So many are worked out at most: a stranger asks for it."""


@dataclass(frozen=True)
class PriceRange:
    """The least and the most that it costs, with this VAT, whatever the open questions are answered with."""

    least: Money
    most: Money
    vat_percent: Decimal


def known_answers(offering: Offering, typed: Mapping[str, str]) -> dict[str, str]:
    """What is answered so that a price can be worked out; anything else counts as open."""
    return {
        field.name: value
        for field in offering.form.questions
        if (value := typed.get(field.name, "")) and _is_answer(field, value)
    }


def estimate(
    offering: Offering, known: Mapping[str, str], vat: Vat, rounding: VatRounding = VatRounding.TOTAL
) -> PriceRange:
    """The range that all answers to the open questions are in, as far as their extremes are.

    Raises:
        BriefMismatchError: a line counts what no answer of these fields is.
    """

    def total(answers: Mapping[str, str]) -> Money:
        given = [BriefAnswer(field=name, value=value) for name, value in answers.items()]
        return price(offering, given, vat, rounding).total

    def ends(name: str, values: Sequence[str]) -> tuple[str, ...]:
        """The cheapest and the dearest answer; only one where the price does not depend on it."""
        totals = {value: total({**base, name: value}).minor for value in values}
        cheapest, dearest = min(totals, key=totals.__getitem__), max(totals, key=totals.__getitem__)
        return (cheapest,) if totals[cheapest] == totals[dearest] else (cheapest, dearest)

    values = {field.name: _extremes(field) for field in offering.form.questions if field.name not in known}
    base = {**{name: each[0] for name, each in values.items() if each}, **known}
    both = {name: ends(name, each) for name, each in values.items() if each}
    combined = (dict(zip(both, each, strict=True)) for each in product(*both.values()))
    totals = [total({**base, **answers}) for answers in islice(combined, _MOST_TOTALS)]
    return PriceRange(min(totals, key=_minor), max(totals, key=_minor), vat.percent)


def _extremes(field: AnswerField) -> tuple[str, ...]:
    """The answers between which all others are; of a day there is no price."""
    match field:
        case ChoiceField():
            return tuple(option.id for option in field.options)
        case NumberField():
            return str(field.minimum), str(field.maximum)
        case RingSizeField():
            return str(field.min_mm), str(field.max_mm)
        case TextField():
            return ("", "n" * field.max_length)
        case _:
            return ()


def _is_answer(field: AnswerField, value: str) -> bool:
    if isinstance(field, ChoiceField):
        return field.option(value) is not None
    return isinstance(field, NumberField) and _is_within(field, value)


def _is_within(field: NumberField, value: str) -> bool:
    try:
        return field.minimum <= Decimal(value) <= field.maximum
    except InvalidOperation:
        return False


def _minor(amount: Money) -> int:
    return amount.minor
