"""What a customer signs off before a gate, and how they may correct its spelling there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.intake.domain.layout import Layout, lay_out
from services.intake.domain.spelling import SpelledCharacter, spell
from shared.contracts.briefs import BriefAnswer
from shared.kernel.problems import FieldProblem, Problem, invalid
from shared.offerings.answers import validate_answers
from shared.offerings.form import EngravingRule, RingSizeField, TextField
from shared.offerings.making import Gate, SignOff
from shared.offerings.model import Offering
from shared.offerings.pricing import CommodityLine
from shared.offerings.rules import RingSystem

TICK = "sign_"
"""How the names of the inputs begin that are ticked."""
WORDS, LAYOUT = "words", "layout"
"""Sign-offs of a gate that are shown as such: the engraving letter by letter, and where it lies on the band."""
_BAND_WIDTH = Decimal(4)
"""In millimetres, where no price line of the offering knows it."""

Answers = tuple[BriefAnswer, ...]


@dataclass(frozen=True)
class SignOffItem:
    """One thing to sign off, with what is shown for it: an answer of the brief, words, or a drawing."""

    id: str
    title: str
    shown: str = ""
    label: str = ""
    text: str = ""
    layout: Layout | None = None

    @property
    def input(self) -> str:
        """The name that its tick has on the form."""
        return f"{TICK}{self.id}"

    @property
    def letters(self) -> tuple[SpelledCharacter, ...]:
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
    """The texts whose spelling may be corrected at this gate: those that are cut behind it."""
    if WORDS not in {each.id for each in gate.sign_offs if each.by == "customer"}:
        return ()
    return tuple(
        CorrectableText(field.name, field.label, _text(answers, field.name), _letters(_text(quoted, field.name)))
        for field, _ in _engraved(offering)
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
        FieldProblem(
            field=each.input,
            message=f"Not ticked yet: {each.title}.",
            remedy="Look at it once more, and tick it if it is right.",
        )
        for each in sheet
        if each.id not in ticked
    ]
    if missing:
        raise invalid(*missing)


def _signed(offering: Offering, sign_off: SignOff, answers: Answers) -> SignOffItem:
    engraved = _engraved(offering)
    if sign_off.id == WORDS and engraved:
        return SignOffItem(sign_off.id, sign_off.title, text=_text(answers, engraved[0][0].name))
    if sign_off.id == LAYOUT and engraved:
        return SignOffItem(sign_off.id, sign_off.title, layout=_layout(offering, *engraved[0], answers))
    field = offering.form.field(sign_off.id)
    answer = _answer(answers, sign_off.id)
    if field and answer:
        return SignOffItem(sign_off.id, sign_off.title, shown=answer.shown, label=field.label)
    return SignOffItem(sign_off.id, sign_off.title)


def _layout(offering: Offering, field: TextField, rule: EngravingRule, answers: Answers) -> Layout | None:
    around = _answer(answers, rule.around)
    if around is None:
        return None
    return lay_out(
        _text(answers, field.name),
        length=Decimal(str(around.value)),
        width=_width(offering),
        letter=rule.letter_mm,
        free=rule.keep_free_mm,
    )


def _width(offering: Offering) -> Decimal:
    found = (line.weight.width_mm for line in offering.pricing.lines if isinstance(line, CommodityLine))
    return next(found, _BAND_WIDTH)


def _read(offering: Offering, text: CorrectableText, answers: Answers, typed: str) -> BriefAnswer:
    """One corrected text, read by the form's own rule: its field, and the ring it must fit."""
    field, rule = next((field, rule) for field, rule in _engraved(offering) if field.name == text.field)
    ring = offering.form.field(rule.around)
    around = _answer(answers, rule.around)
    if not isinstance(ring, RingSizeField) or around is None:
        raise invalid(_not_here(text.field))
    form = offering.form.model_copy(update={"fields": (ring, field.model_copy(update={"required": True}))})
    size = {ring.name: str(around.value), ring.system_input: RingSystem.ISO.value}
    found = validate_answers(offering.model_copy(update={"form": form}), {**size, text.field: typed}, date.min)
    answer = next(each for each in found if each.field == text.field)
    if _letters(answer.shown) > text.most:
        raise invalid(
            FieldProblem(
                field=text.field,
                message=f"The quote counts {text.most} letters, and these are {_letters(answer.shown)}.",
                remedy="Keep to as many, or write to the studio: it can quote more.",
            )
        )
    return answer


def _not_here(field: str) -> FieldProblem:
    return FieldProblem(
        field=field, message="This cannot be corrected here.", remedy="Write to the studio what is to be changed."
    )


def _engraved(offering: Offering) -> tuple[tuple[TextField, EngravingRule], ...]:
    fields = (field for field in offering.form.fields if isinstance(field, TextField))
    return tuple((field, field.rule) for field in fields if field.rule is not None)


def _answer(answers: Answers, field: str) -> BriefAnswer | None:
    return next((each for each in answers if each.field == field), None)


def _text(answers: Answers, field: str) -> str:
    found = _answer(answers, field)
    return str(found.value) if found else ""


def _letters(text: str) -> int:
    """As the price counts them: spaces are free."""
    return sum(not character.isspace() for character in text)
