"""From what a customer typed to a brief's answers, in the offering's canonical form."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from shared.contracts.briefs import BriefAnswer
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, ProblemType
from shared.kernel.text import TextRefusedError, line, prose
from shared.offerings.form import AnswerField, ChoiceField, DateField, NumberField, RingSizeField, TextField, TextSize
from shared.offerings.measures import Measures, UnansweredError
from shared.offerings.model import Offering
from shared.offerings.rules.days import day
from shared.offerings.rules.error import AnswerReason, RuleError
from shared.offerings.rules.letters import as_cut, inscription, letters_that_fit
from shared.offerings.rules.numbers import number
from shared.offerings.rules.ring_sizes import RingSystem, ring_size

_LONGEST_SHOWN = 40


def validate_answers(offering: Offering, raw: Mapping[str, str], today: date) -> tuple[BriefAnswer, ...]:
    """The brief's answers, in the form's order; optional fields left empty are left out.

    `raw` has the form's inputs by name (`offering.form.inputs`), `today` is the day in the studio's zone. Raises
    Problem (validation-failed) with every field that needs another look, named as its input is.
    """
    reading = _Reading(offering, raw, today)
    for name in raw:
        if name not in offering.form.inputs:
            reading.refuse(_clipped(name), Phrase(AnswerReason.UNKNOWN_FIELD))
    answers = [answer for field in offering.form.questions if (answer := reading.answer(field))]
    if reading.problems:
        raise Problem(ProblemType.VALIDATION_FAILED, fields=tuple(reading.problems))
    return tuple(answers)


def read_again(offering: Offering, field: TextField, typed: str, answers: Iterable[BriefAnswer]) -> BriefAnswer:
    """One text, corrected, by the form's own rule; the brief's other answers stay. Raises `validation-failed`."""
    reading = _Reading(offering, {field.name: typed}, date.min)
    reading.remember(answers)
    found = reading.answer(field.model_copy(update={"required": True}))
    if found is None:
        raise Problem(ProblemType.VALIDATION_FAILED, fields=tuple(reading.problems))
    return found


class _Reading:
    """One pass over the form; what was fine is remembered for the fields that depend on it."""

    def __init__(self, offering: Offering, raw: Mapping[str, str], today: date) -> None:
        self._raw = raw
        self._today = today
        self._measures = Measures(offering.measures)
        self._fine: dict[str, str] = {}
        self.problems: list[FieldProblem] = []

    def remember(self, answers: Iterable[BriefAnswer]) -> None:
        self._fine.update((answer.field, str(answer.value)) for answer in answers)

    def refuse(self, field: str, message: Phrase) -> None:
        self.problems.append(FieldProblem(field=field, message=message))

    def answer(self, field: AnswerField) -> BriefAnswer | None:
        typed = self._raw.get(field.name, "")
        if not typed.strip():
            if field.required:
                self.refuse(field.name, _missing(field))
            return None
        try:
            answer = self._read(field, typed)
        except (RuleError, TextRefusedError) as error:
            self.refuse(field.name, error.message)
            return None
        if answer:
            self._fine[field.name] = str(answer.value)
        return answer

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
        if system not in list(RingSystem):
            self.refuse(field.system_input, Phrase(AnswerReason.UNKNOWN_SYSTEM, systems=list(RingSystem)))
            return None
        size = ring_size(typed, RingSystem(system), least=field.min_mm, most=field.max_mm)
        return BriefAnswer(field=field.name, value=str(size.circumference), written=f"{system} {size.written}")

    def _text(self, field: TextField, typed: str) -> BriefAnswer:
        clean = prose if field.size is TextSize.PARAGRAPHS else line
        text = clean(as_cut(typed) if field.rule else typed, longest=field.max_length)
        if field.rule is not None:
            inscription(text, marks=field.rule.marks, room=self._room(field))
        return BriefAnswer(field=field.name, value=text)

    def _room(self, field: TextField) -> int:
        """How many letters there is room for; the field's own limit, where what the room depends on is not answered."""
        if field.rule is None:
            return field.max_length
        try:
            room = self._measures.of(field.rule.room, self._fine)
        except UnansweredError:
            return field.max_length
        return letters_that_fit(room.value, letter_mm=field.rule.letter_mm)

    def _date(self, field: DateField, typed: str) -> BriefAnswer:
        found = day(
            typed.strip(),
            today=self._today,
            earliest=self._today + timedelta(days=field.from_days),
            latest=self._today + timedelta(days=field.to_days),
        )
        return BriefAnswer(field=field.name, value=found.isoformat())


def _choice(field: ChoiceField, typed: str) -> BriefAnswer:
    option = field.option(typed.strip())
    if option is None:
        known = [option.id for option in field.options]
        raise RuleError(Phrase(AnswerReason.NOT_AN_OPTION, options=known))
    return BriefAnswer(field=field.name, value=option.id)


def _number(field: NumberField, typed: str) -> BriefAnswer:
    found = number(typed, least=field.minimum, most=field.maximum, step=field.step, unit=field.unit)
    return BriefAnswer(field=field.name, value=str(found))


def _missing(field: AnswerField) -> Phrase:
    match field:
        case ChoiceField():
            return Phrase(AnswerReason.MISSING_CHOICE)
        case RingSizeField():
            return Phrase(AnswerReason.MISSING_SIZE)
        case DateField():
            return Phrase(AnswerReason.MISSING_DAY)
        case NumberField():
            return Phrase(AnswerReason.MISSING_NUMBER, unit=field.unit)
        case TextField():
            return Phrase(AnswerReason.MISSING_TEXT)


def _clipped(name: str) -> str:
    """A name that somebody else made up, short and without control characters, fit for an answer."""
    return "".join(character if character.isprintable() else "?" for character in name[:_LONGEST_SHOWN])
