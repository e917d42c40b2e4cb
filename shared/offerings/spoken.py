"""A brief's answers as somebody reads them: words and figures in their language."""

from datetime import date
from decimal import Decimal

from shared.contracts.briefs import BriefAnswer
from shared.i18n import Reader
from shared.offerings.form import ChoiceField, DateField, NumberField, RingSizeField
from shared.offerings.labels import SIZES
from shared.offerings.model import Offering
from shared.offerings.rules.bands import PI
from shared.offerings.rules.ring_sizes import RingSystem

_TENTH = Decimal("0.1")


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


def _size(answer: BriefAnswer, around: Decimal, reader: Reader) -> str:
    system, _, written = answer.written.partition(" ")
    return reader.label(
        SIZES[RingSystem(system)] if system else SIZES[RingSystem.DIAMETER],
        written=written,
        around=around.quantize(_TENTH),
        across=(around / PI).quantize(_TENTH),
    )
