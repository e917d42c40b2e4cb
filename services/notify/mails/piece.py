"""What a mail calls the piece and its gates: in the words of the offering."""

from collections.abc import Container
from dataclasses import dataclass

from services.notify.domain import BriefAnswers
from shared.offerings.form import AnswerField, ChoiceField, NumberField, RingSizeField
from shared.offerings.model import Offering


@dataclass(frozen=True)
class PieceName:
    """The words that a reader recognises a piece by."""

    title: str
    features: tuple[str, ...]


def describe(brief: BriefAnswers, offering: Offering) -> PieceName:
    """The piece of this brief. What people typed freely, such as an engraving, is not in it."""
    given = {answer.field: answer for answer in brief.answers}
    features = (given[field.name].shown for field in offering.form.questions if _distinguishes(field, given))
    return PieceName(offering.title, tuple(features))


def gate_title(gate: str, offering: Offering) -> str:
    """What the offering calls this gate; empty where it has none of this id."""
    return next((each.title for each in offering.gates if each.id == gate), "")


def _distinguishes(field: AnswerField, given: Container[str]) -> bool:
    """Whether the answer is one of the measures and choices that every piece of this offering has."""
    return field.required and isinstance(field, ChoiceField | NumberField | RingSizeField) and field.name in given
