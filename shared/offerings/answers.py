"""From what a customer typed to a brief's answers, in the offering's canonical form."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from shared.contracts.briefs import BriefAnswer
from shared.kernel.problems import FieldProblem, Problem, ProblemType, Said
from shared.kernel.text import TextRefusedError, line, prose
from shared.offerings import rules
from shared.offerings.form import AnswerField, ChoiceField, DateField, NumberField, RingSizeField, TextField, TextSize
from shared.offerings.model import Offering

_LONGEST_SHOWN = 40


def validate_answers(offering: Offering, raw: Mapping[str, str], today: date) -> tuple[BriefAnswer, ...]:
    """The brief's answers, in the form's order; optional fields left empty are left out.

    `raw` has the form's inputs by name (`craft.form.inputs`), `today` is the day in the studio's zone. Raises Problem
    (validation-failed) with every field that needs another look, named as its input is.
    """
    reading = _Reading(offering, raw, today)
    for name in raw:
        if name not in offering.form.inputs:
            reading.refuse(_clipped(name), "The form has no such field.", "Leave it out, or load the form again.")
    answers = [answer for field in offering.form.questions if (answer := reading.answer(field))]
    if reading.problems:
        raise Problem(ProblemType.VALIDATION_FAILED, fields=tuple(reading.problems))
    return tuple(answers)


class _Reading:
    """One pass over the form; a field that others depend on is remembered when it was fine."""

    def __init__(self, offering: Offering, raw: Mapping[str, str], today: date) -> None:
        self._raw = raw
        self._today = today
        self._offering = offering
        self._around: dict[str, Decimal] = {}
        self.problems: list[FieldProblem] = []

    def refuse(self, field: str, message: Said, remedy: str) -> None:
        self.problems.append(FieldProblem(field=field, message=message, remedy=remedy))

    def answer(self, field: AnswerField) -> BriefAnswer | None:
        typed = self._raw.get(field.name, "")
        if not typed.strip():
            if field.required:
                self.refuse(field.name, "This is still empty.", _asked(field))
            return None
        try:
            return self._read(field, typed)
        except (rules.RuleError, TextRefusedError) as error:
            self.refuse(field.name, error.message, error.remedy)
            return None

    def _read(self, field: AnswerField, typed: str) -> BriefAnswer | None:
        match field:
            case RingSizeField():
                return self._ring_size(field, typed)
            case ChoiceField():
                return _choice(field, typed)
            case NumberField():
                return _number(field, typed)
            case TextField():
                return self._text(field, typed)
            case DateField():
                return self._date(field, typed)

    def _ring_size(self, field: RingSizeField, typed: str) -> BriefAnswer | None:
        system = self._raw.get(field.system_input, "").strip()
        if system not in list(rules.RingSystem):
            known = "; ".join(known.label for known in rules.RingSystem)
            self.refuse(field.system_input, "Say which system the size is written in.", f"Choose one: {known}.")
            return None
        size = rules.ring_size(typed, rules.RingSystem(system), least=field.min_mm, most=field.max_mm)
        self._around[field.name] = size.circumference
        return BriefAnswer(field=field.name, value=str(size.circumference), shown=size.shown)

    def _text(self, field: TextField, typed: str) -> BriefAnswer:
        clean = prose if field.size is TextSize.PARAGRAPHS else line
        text = clean(typed, longest=field.max_length)
        rule = field.rule
        if rule is not None:
            around = self._around.get(rule.around)
            fit = around and rules.letters_that_fit(around, letter_mm=rule.letter_mm, keep_free_mm=rule.keep_free_mm)
            rules.engraving(text, marks=rule.marks, room=field.max_length if fit is None else int(fit))
        return BriefAnswer(field=field.name, value=text, shown=text)

    def _date(self, field: DateField, typed: str) -> BriefAnswer:
        found = rules.day(
            typed.strip(),
            today=self._today,
            earliest=self._today + timedelta(days=field.from_days),
            latest=self._today + timedelta(days=field.to_days),
        )
        return BriefAnswer(field=field.name, value=found.isoformat(), shown=rules.spelt(found))


def _choice(field: ChoiceField, typed: str) -> BriefAnswer:
    option = field.option(typed.strip())
    if option is None:
        known = ", ".join(option.id for option in field.options)
        raise rules.RuleError("This is not one of the choices.", f"Choose one of {known}.")
    return BriefAnswer(field=field.name, value=option.id, shown=option.label)


def _number(field: NumberField, typed: str) -> BriefAnswer:
    found = rules.number(typed, least=field.minimum, most=field.maximum, step=field.step, unit=field.unit)
    return BriefAnswer(field=field.name, value=str(found), shown=f"{found} {field.unit}")


def _asked(field: AnswerField) -> str:
    match field:
        case ChoiceField():
            return "Choose one of the options."
        case RingSizeField():
            return "Write the size and choose its system; any jeweller measures a finger in a minute."
        case DateField():
            return "Choose a day."
        case NumberField():
            return f"Write a number in {field.unit}."
        case TextField():
            return "Write a few words."


def _clipped(name: str) -> str:
    """A name that somebody else made up, short and without control characters, fit for an answer."""
    return "".join(character if character.isprintable() else "?" for character in name[:_LONGEST_SHOWN])
