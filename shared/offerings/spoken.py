"""A brief's answers as somebody reads them: words and figures in their language."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from shared.contracts.briefs import BriefAnswer
from shared.i18n import Reader
from shared.offerings.form import ChoiceField, DateField, NumberField, RingSizeField
from shared.offerings.labels import SIZES
from shared.offerings.model import Offering
from shared.offerings.rules.bands import PI
from shared.offerings.rules.ring_sizes import RingSystem
from shared.offerings.words import filled

_TENTH = Decimal("0.1")
_SYSTEMS = {RingSystem.UK: "UK", RingSystem.US: "US", RingSystem.SOUTH: "IT"}
"""What stands before a size that is not in the usual system, in every language."""


def spoken(offering: Offering | None, answer: BriefAnswer, reader: Reader) -> str:
    """One answer for this reader: "18 ct yellow gold (750)", "21 June 2027"; as it is kept, where nothing is known."""
    value = str(answer.value)
    match offering.in_language(reader.language).form.field(answer.field) if offering else None:
        case ChoiceField() as choice:
            option = choice.option(value)
            return option.label if option else value
        case NumberField(unit=unit):
            return f"{reader.number(Decimal(value))}\u00a0{unit}"
        case DateField():
            return reader.short_day(date.fromisoformat(value))
        case RingSizeField():
            return _size(answer, Decimal(value), reader)
        case _:
            return value


def named(offering: Offering, answers: Iterable[BriefAnswer], reader: Reader) -> str:
    """What is made, in one line for this reader: "ring, 14 ct, size 54". Nothing in it was written freely."""
    here = offering.in_language(reader.language)
    given = {answer.field: answer for answer in answers}
    said = (_short(here, given[name], reader) for name in here.form.title_fields if name in given)
    return ", ".join([here.short or here.title, *said])


def _short(offering: Offering, answer: BriefAnswer, reader: Reader) -> str:
    """One answer where there is little room."""
    field = offering.form.field(answer.field)
    match field:
        case ChoiceField() as choice:
            option = choice.option(str(answer.value))
            said = (option.short or option.label) if option else str(answer.value)
        case RingSizeField():
            said = _short_size(answer, reader)
        case _:
            said = spoken(offering, answer, reader)
    return filled(field.in_short, {"answer": said}) if field and field.in_short else said


def _short_size(answer: BriefAnswer, reader: Reader) -> str:
    system, _, written = answer.written.partition(" ")
    match RingSystem(system) if system else None:
        case RingSystem.ISO:
            return written
        case None | RingSystem.DIAMETER:
            return f"{reader.number((Decimal(answer.value) / PI).quantize(_TENTH))}\u00a0mm"
        case other:
            return f"{_SYSTEMS[other]}\u00a0{written}"


def _size(answer: BriefAnswer, around: Decimal, reader: Reader) -> str:
    system, _, written = answer.written.partition(" ")
    return reader.label(
        SIZES[RingSystem(system)] if system else SIZES[RingSystem.DIAMETER],
        written=written,
        around=around.quantize(_TENTH),
        across=(around / PI).quantize(_TENTH),
    )
