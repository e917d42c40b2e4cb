"""The brief: a customer's answers to an offering's form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, auto
from uuid import UUID

from shared.contracts.briefs import BriefAnswer
from shared.contracts.commissions import EntryWay
from shared.contracts.people import Role
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.offerings import OfferingDocument, validate_answers
from shared.offerings.form import ChoiceField, OfferingForm, RingSizeField
from shared.offerings.model import Offering


class BriefReason(StrEnum):
    """Why a request cannot be read."""

    UNKNOWN_OFFERING = auto()


@dataclass(frozen=True)
class NewBrief:
    """A form that was found good, ready to be accepted."""

    document: OfferingDocument
    answers: tuple[BriefAnswer, ...]

    @property
    def needed_by(self) -> date | None:
        """The day the piece must be there, in the studio's zone, if the offering asks and the customer has one."""
        return needed_by(self.document.offering.form, self.answers)


@dataclass(frozen=True)
class Brief:
    """One version of the brief, as it is kept; `way` is how it reached the studio, where that wrote it."""

    version: int
    answers: tuple[BriefAnswer, ...]
    written_at: datetime
    images: tuple[UUID, ...]
    way: EntryWay | None = None


class ProposalState(StrEnum):
    OPEN = "open"
    APPLIED = "applied"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True)
class Proposal:
    """A change that is proposed while a quote is offered: what is wished instead, whole, and what became of it.

    `way` is how it reached the studio, where that entered it; `text` is why it was refused.
    """

    proposal: UUID
    commission: UUID
    number: int
    answers: tuple[BriefAnswer, ...]
    images: tuple[UUID, ...]
    by_role: Role
    way: EntryWay | None
    state: ProposalState
    made_at: datetime
    closed_at: datetime | None = None
    brief_version: int | None = None
    text: UUID | None = None

    @property
    def is_open(self) -> bool:
        return self.state is ProposalState.OPEN


def chosen(offering: Offering | None, answers: Iterable[BriefAnswer]) -> tuple[BriefAnswer, ...]:
    """What was chosen from options, in the form's order; nothing where the offering is unknown.

    The choices alone: they are short, each piece has them, and nobody's own words end up in a list.
    """
    fields = offering.form.fields if offering else ()
    names = {field.name for field in fields if isinstance(field, ChoiceField)}
    return tuple(answer for answer in answers if answer.field in names)


def needed_by(form: OfferingForm, answers: Iterable[BriefAnswer]) -> date | None:
    """The day by which these answers say that the piece is needed, if the form asks."""
    field = form.needed_by
    said = next((answer.value for answer in answers if field and answer.field == field.name), None)
    return date.fromisoformat(str(said)) if said else None


def typed_again(form: OfferingForm, answers: Iterable[BriefAnswer]) -> Mapping[str, str]:
    """These answers as they would be typed into the form, by the names of its inputs."""
    typed: dict[str, str] = {}
    for answer in answers:
        field = form.field(answer.field)
        if isinstance(field, RingSizeField):
            typed[field.system_input], _, typed[field.name] = answer.written.partition(" ")
        elif field is not None:
            typed[field.name] = str(answer.value)
    return typed


def unknown_offering(known: Iterable[str], *, field: str) -> Problem:
    """The problem of an offering that nobody here knows."""
    return invalid(FieldProblem(field, Phrase(BriefReason.UNKNOWN_OFFERING, known=tuple(known))))


def read_brief(document: OfferingDocument, typed: Mapping[str, str], today: date) -> NewBrief:
    """The brief in what was typed. Raises `validation-failed` with each field, named as its input is."""
    return NewBrief(document, validate_answers(document.offering, typed, today))


def under(pointer: str, problem: Problem) -> Problem:
    """The same problem with its fields as JSON pointers below `pointer`, for a body that nests them."""
    fields = tuple(
        found.at(f"{pointer}/{found.field.replace('~', '~0').replace('/', '~1')}") for found in problem.fields
    )
    return problem.with_fields(fields)


def together(*problems: Problem) -> Problem:
    """One problem with the fields of all of these; of their common type, else `validation-failed`."""
    kinds = {problem.type for problem in problems}
    kind = kinds.pop() if len(kinds) == 1 else ProblemType.VALIDATION_FAILED
    return Problem(kind, fields=tuple(found for problem in problems for found in problem.fields))
