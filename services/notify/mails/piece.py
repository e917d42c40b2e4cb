"""What a mail calls the piece and its gates: in the words of the offering."""

from collections.abc import Container
from dataclasses import dataclass

from services.notify.domain import BriefAnswers
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
    named = (given[field.name] for field in offering.form.questions if _distinguishes(field, given))
    features = (spoken(offering, answer, reader) for answer in named)
    return PieceName(offering.in_language(reader.language).title, tuple(features))


def gate_title(gate: str, offering: Offering, reader: Reader) -> str:
    """What the offering calls this gate; empty where it has none of this id."""
    return next((each.title for each in offering.in_language(reader.language).gates if each.id == gate), "")


def _distinguishes(field: AnswerField, given: Container[str]) -> bool:
    """Whether the answer is one of the measures and choices that every piece of this offering has."""
    return field.required and isinstance(field, ChoiceField | NumberField | RingSizeField) and field.name in given
