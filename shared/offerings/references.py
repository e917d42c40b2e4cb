"""What the sections of an offering say of each other: every reference by id must lead somewhere."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from shared.kernel.phrases import Phrase
from shared.offerings.findings import Finding, FindingReason, Path
from shared.offerings.form import ChoiceField, NumberField, RingSizeField, TextField
from shared.offerings.making import AnswerSheet, DrawingSheet, LettersSheet
from shared.offerings.measures import FormulaError, Measure, Measures
from shared.offerings.rules.error import RuleError
from shared.offerings.words import placeholders

if TYPE_CHECKING:
    from shared.offerings.model import Offering


_NAMING = (ChoiceField, NumberField, RingSizeField)
"""The fields that may stand where a piece is named: their answers are one of a few, or a figure."""


class BrokenReferencesError(ValueError):
    """Sections refer to what is not there."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(f"{'.'.join(map(str, each.path))}: {each.message}" for each in findings))
        self.findings = findings


def follow(offering: "Offering") -> tuple[Finding, ...]:
    """Every reference that leads nowhere, every id that is there twice, and every unit that does not fit."""
    measures = tuple(_measures(offering))
    found = (
        *_repeated(offering),
        *_conditions(offering),
        *_options(offering),
        *_gates(offering),
        *_stages(offering),
        *measures,
    )
    return (
        found
        if measures
        else (*found, *_form(offering), *_stages(offering), *_price_lines(offering), *_checks(offering))
    )


def _repeated(offering: "Offering") -> Iterator[Finding]:
    for path, ids in (
        (("pricing", "commodities"), [each.name for each in offering.pricing.commodities]),
        (("pricing", "lines"), [each.code for each in offering.pricing.lines]),
        (("making", "stages"), [each.id for each in offering.making.stages]),
        (("making", "skills"), [each.id for each in offering.making.skills]),
        (("gates",), [each.id for each in offering.gates]),
        (("quality", "checks"), [each.id for each in offering.quality.checks]),
        (("variation",), [each.id for each in offering.variation]),
        (("materials",), [each.id for each in offering.materials]),
        (("care", "card"), [each.id for each in offering.care.card]),
        (("life", "repairs"), [each.id for each in offering.life.repairs]),
        (("label", "says"), [each.id for each in offering.label.says]),
    ):
        for index, name in enumerate(ids):
            if name in ids[:index]:
                yield Finding((*path, index), Phrase(FindingReason.THERE_TWICE, name=name))


def _measures(offering: "Offering") -> Iterator[Finding]:
    measures = Measures(offering.measures)
    for name, measure in offering.measures.items():
        path: Path = ("measures", name)
        yield from _field_of(offering, path, measure)
        try:
            measures.check(name)
        except FormulaError as error:
            yield Finding((*path, "formula"), Phrase(FindingReason.FORMULA, what=str(error)))
            continue
        try:
            if not measures.fields(name):
                measures.of(name, {})
        except (FormulaError, RuleError) as error:
            yield Finding((*path, "formula"), Phrase(FindingReason.NOT_RECKONABLE, why=_reason(error)))


def _reason(error: Exception) -> str:
    return str(error.message.params.get("formula", error)) if isinstance(error, RuleError) else str(error)


def _field_of(offering: "Offering", path: Path, measure: Measure) -> Iterator[Finding]:
    if measure.field is None:
        return
    field = offering.form.field(measure.field)
    if measure.values is not None:
        yield from every_option(offering, (*path, "values"), measure.field, measure.values)
    elif isinstance(field, TextField) and measure.unit == "letter":
        return
    elif not isinstance(field, RingSizeField | NumberField) or not field.required:
        yield Finding((*path, "field"), Phrase(FindingReason.NO_MEASURE_OF_THE_FORM, field=measure.field))
    elif measure.unit != (field.unit if isinstance(field, NumberField) else "mm"):
        yield Finding((*path, "unit"), Phrase(FindingReason.OTHER_UNIT_THAN_FIELD))


def _form(offering: "Offering") -> Iterator[Finding]:
    named = [field.name for field in offering.form.fields if isinstance(field, _NAMING)]
    yield from only_known(("form", "title_fields"), offering.form.title_fields, named)
    for index, field in enumerate(offering.form.fields):
        for name in sorted(placeholders(field.in_short) - {"answer"}):
            message = Phrase(FindingReason.UNKNOWN_PLACEHOLDER, name=f"{{{name}}}", known="answer")
            yield Finding(("form", "fields", index, "in_short"), message)
        if isinstance(field, TextField) and field.rule is not None:
            yield from measure_of(offering, ("form", "fields", index, "rule", "room"), field.rule.room, ("mm",))


def _price_lines(offering: "Offering") -> Iterator[Finding]:
    for index, line in enumerate(offering.pricing.lines):
        yield from line.findings(offering, ("pricing", "lines", index))


def measure_of(offering: "Offering", path: Path, name: str, wanted: Sequence[str] = ()) -> Iterator[Finding]:
    """A measure that is named must be there, and in one of the units that are wanted: figures are not converted."""
    if name not in offering.measures:
        yield from only_known(path, [name], offering.measures)
        return
    found = offering.measures[name].unit
    if wanted and found not in wanted:
        message = Phrase(FindingReason.UNIT_DOES_NOT_FIT, name=name, found=found, wanted=", ".join(wanted))
        yield Finding(path, message)


def every_option(offering: "Offering", path: Path, field: str, given: Iterable[str]) -> Iterator[Finding]:
    """The field must be a required choice of the form, and each of its options be given."""
    choice = offering.form.field(field)
    if not isinstance(choice, ChoiceField) or not choice.required:
        yield Finding(path, Phrase(FindingReason.NO_REQUIRED_CHOICE, field=field))
        return
    options = [option.id for option in choice.options]
    named = list(given)
    if missing := [option for option in options if option not in named]:
        yield Finding(path, Phrase(FindingReason.OPTIONS_LEFT_OUT, options=", ".join(missing)))
    yield from only_known(path, named, options)


def _conditions(offering: "Offering") -> Iterator[Finding]:
    """`when` names choices of the form and their options."""
    for path, parts in (
        (("quality", "checks"), offering.quality.checks),
        (("variation",), offering.variation),
        (("materials",), offering.materials),
        (("care", "card"), offering.care.card),
    ):
        for index, part in enumerate(parts):
            yield from _condition(offering, (*path, index, "when"), part.when)


def _condition(offering: "Offering", path: Path, when: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    for name, options in when.items():
        choice = offering.form.field(name)
        if not isinstance(choice, ChoiceField):
            yield Finding(path, Phrase(FindingReason.NO_CHOICE, field=name))
        else:
            yield from only_known(path, options, [option.id for option in choice.options])


def _options(offering: "Offering") -> Iterator[Finding]:
    choices = (field for field in offering.form.fields if isinstance(field, ChoiceField))
    options = [option.id for field in choices for option in field.options]
    if offering.withdrawal:
        fields = [field.name for field in offering.form.fields]
        yield from only_known(("withdrawal", "personal"), offering.withdrawal.personal, fields)
    if offering.label.hallmark:
        yield from only_known(("label", "hallmark", "finenesses"), offering.label.hallmark.finenesses, options)


def _gates(offering: "Offering") -> Iterator[Finding]:
    stages = [stage.id for stage in offering.making.stages]
    for index, gate in enumerate(offering.gates):
        yield from only_known(("gates", index, "before"), [gate.before], stages)
        for place, sign_off in enumerate(gate.sign_offs):
            path: Path = ("gates", index, "sign_offs", place, "shows")
            match sign_off.shows:
                case AnswerSheet(field=field):
                    yield from only_known(path, [field], [each.name for each in offering.form.questions])
                case LettersSheet(field=field):
                    yield from only_known(path, [field], _texts(offering))
                case DrawingSheet(field=field, measures=measures):
                    yield from only_known(path, [field], _texts(offering))
                    yield from only_known(path, measures.values(), offering.measures)
                case None:
                    pass


def _stages(offering: "Offering") -> Iterator[Finding]:
    skills = [skill.id for skill in offering.making.skills]
    for index, stage in enumerate(offering.making.stages):
        path: Path = ("making", "stages", index)
        yield from only_known((*path, "skills"), stage.skills, skills)
        for name in stage.measures:
            yield from measure_of(offering, (*path, "measures"), name)
            if name in offering.measures and not offering.measures[name].title:
                yield Finding(("measures", name, "title"), Phrase(FindingReason.UNTITLED_MEASURE, stage=stage.id))


def _texts(offering: "Offering") -> list[str]:
    return [field.name for field in offering.form.fields if isinstance(field, TextField)]


def _checks(offering: "Offering") -> Iterator[Finding]:
    for index, check in enumerate(offering.quality.checks):
        if check.tolerance and check.tolerance.measure:
            yield from measure_of(offering, ("quality", "checks", index, "tolerance"), check.tolerance.measure)
    for index, material in enumerate(offering.materials):
        if material.measure:
            yield from measure_of(offering, ("materials", index, "measure"), material.measure)


def only_known(path: Path, given: Iterable[str], known: Iterable[str]) -> Iterator[Finding]:
    """What is given must be one of those that are known."""
    there = list(known)
    for name in given:
        if name not in there:
            yield Finding(path, Phrase(FindingReason.NOT_THERE, name=name, known=", ".join(there) or "—"))
