"""What a customer signs off before a gate, and how they may correct its spelling there."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto

from services.intake.domain.spelling import SpelledCharacter, spell
from shared.contracts.briefs import BriefAnswer
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, invalid
from shared.offerings.answers import read_again
from shared.offerings.form import TextField
from shared.offerings.layouts import Layout, laid_out
from shared.offerings.making import AnswerSheet, DrawingSheet, Gate, LettersSheet, SignOff
from shared.offerings.measures import letters_in
from shared.offerings.model import Offering

TICK = "sign_"
"""How the names of the inputs begin that are ticked."""

Answers = tuple[BriefAnswer, ...]


class SigningReason(StrEnum):
    """Why something cannot be signed as it was sent."""

    NOT_TICKED = auto()
    TOO_MANY_LETTERS = auto()
    NOT_CORRECTABLE = auto()
    VERSION_MISSING = auto()


@dataclass(frozen=True)
class SignOffItem:
    """One thing to sign off, with what is shown for it: an answer of the brief, words, or a drawing."""

    id: str
    title: str
    answer: BriefAnswer | None = None
    label: str = ""
    text: str = ""
    drawing: str = ""
    """The renderer that draws `layout`."""
    layout: Layout | None = None

    @property
    def input(self) -> str:
        """The name that its tick has on the form."""
        return f"{TICK}{self.id}"

    @property
    def characters(self) -> tuple[SpelledCharacter, ...]:
        return spell(self.text)


@dataclass(frozen=True)
class CorrectableText:
    """A text that may be corrected before it is signed; `most` letters were quoted, spaces not counted."""

    field: str
    label: str
    text: str
    most: int


def sheet(offering: Offering, gate: Gate, answers: Answers) -> tuple[SignOffItem, ...]:
    """What of this gate the customer signs, in its order."""
    return tuple(_signed(offering, each, answers) for each in gate.sign_offs if each.by == "customer")


def correctable(offering: Offering, gate: Gate, answers: Answers, quoted: Answers) -> tuple[CorrectableText, ...]:
    """The texts whose spelling may be corrected at this gate: those that are signed letter by letter."""
    shown = (each.shows for each in gate.sign_offs if each.by == "customer")
    fields = (offering.form.field(each.field) for each in shown if isinstance(each, LettersSheet))
    return tuple(
        CorrectableText(field.name, field.label, _text(answers, field.name), letters_in(_text(quoted, field.name)))
        for field in fields
        if isinstance(field, TextField)
    )


def corrected(
    offering: Offering, texts: tuple[CorrectableText, ...], answers: Answers, typed: Mapping[str, str]
) -> Answers:
    """The brief's answers with these texts instead; the same ones where nothing differs.

    Raises `validation-failed` by the form's own rule, and for more letters than were quoted.
    """
    problems: list[FieldProblem] = []
    changed: dict[str, BriefAnswer] = {}
    for text in texts:
        if text.field not in typed:
            continue
        try:
            changed[text.field] = _read(offering, text, answers, typed[text.field])
        except Problem as problem:
            problems.extend(problem.fields)
    if unknown := set(typed) - {text.field for text in texts}:
        problems.extend(_not_here(field) for field in sorted(unknown))
    if problems:
        raise invalid(*problems)
    return tuple(changed.get(answer.field, answer) for answer in answers)


def check_all_ticked(sheet: tuple[SignOffItem, ...], ticked: frozenset[str]) -> None:
    """Raises `validation-failed` naming the input of each sign-off that is not ticked."""
    missing = [
        FieldProblem(each.input, Phrase(SigningReason.NOT_TICKED, title=each.title))
        for each in sheet
        if each.id not in ticked
    ]
    if missing:
        raise invalid(*missing)


def _signed(offering: Offering, sign_off: SignOff, answers: Answers) -> SignOffItem:
    match sign_off.shows:
        case AnswerSheet(field=name):
            field, answer = offering.form.field(name), _answer(answers, name)
            if field and answer:
                return SignOffItem(sign_off.id, sign_off.title, answer=answer, label=field.label)
        case LettersSheet(field=name):
            return SignOffItem(sign_off.id, sign_off.title, text=_text(answers, name))
        case DrawingSheet(drawing=drawing) as shows:
            layout = laid_out(offering, shows, answers)
            return SignOffItem(sign_off.id, sign_off.title, drawing=drawing, layout=layout)
        case None:
            pass
    return SignOffItem(sign_off.id, sign_off.title)


def _read(offering: Offering, text: CorrectableText, answers: Answers, typed: str) -> BriefAnswer:
    """One corrected text, read by the form's own rule."""
    field = offering.form.field(text.field)
    if not isinstance(field, TextField):
        raise invalid(_not_here(text.field))
    answer = read_again(offering, field, typed, answers)
    letters = letters_in(str(answer.value))
    if letters > text.most:
        raise invalid(FieldProblem(text.field, Phrase(SigningReason.TOO_MANY_LETTERS, most=text.most, count=letters)))
    return answer


def _not_here(field: str) -> FieldProblem:
    return FieldProblem(field, SigningReason.NOT_CORRECTABLE)


def _answer(answers: Answers, field: str) -> BriefAnswer | None:
    return next((each for each in answers if each.field == field), None)


def _text(answers: Answers, field: str) -> str:
    found = _answer(answers, field)
    return str(found.value) if found else ""
