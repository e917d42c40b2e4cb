"""What a mail calls the piece and its gates: in the words of the offering."""

from dataclasses import dataclass

from services.notify.domain.mails import BriefAnswers
from shared.i18n import Reader
from shared.offerings.form import AnswerField, ChoiceField, NumberField, RingSizeField
from shared.offerings.model import Offering
from shared.offerings.spoken import spoken


@dataclass(frozen=True)
class PieceName:
    """The words that a reader recognises a piece by."""

    title: str
    features: tuple[str, ...]


def describe(brief: BriefAnswers, offering: Offering, reader: Reader) -> PieceName:
    """The piece of this brief, for this reader. What people typed freely, such as an engraving, is not in it."""
    given = {answer.field: answer for answer in brief.answers}
    named = [field.name for field in offering.form.questions if _distinguishes(field, offering)]
    features = (spoken(offering, given[name], reader) for name in named if name in given)
    return PieceName(offering.in_language(reader.language).title, tuple(features))


def gate_title(gate: str, offering: Offering, reader: Reader) -> str:
    """What the offering calls this gate; empty where it has none of this id."""
    return next((each.title for each in offering.in_language(reader.language).gates if each.id == gate), "")


def _distinguishes(field: AnswerField, offering: Offering) -> bool:
    """Whether price or measures depend on this answer, and it is one of a few, or a figure."""
    priced = {choice for line in offering.pricing.lines for choice in line.choices}
    measured = {measure.field for measure in offering.measures.values()}
    return isinstance(field, ChoiceField | NumberField | RingSizeField) and field.name in priced | measured
