"""What the sections of an offering say of each other: every reference by id must lead somewhere."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.offerings.form import ChoiceField, NumberField, RingSizeField, TextField
from shared.offerings.pricing import CharactersLine, ChoiceLine, CommodityLine, WorkLine

if TYPE_CHECKING:
    from shared.offerings.model import Offering

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Finding:
    """Something wrong at `path` inside an offering's file, and what to do about it."""

    path: Path
    message: str
    remedy: str


class BrokenReferencesError(ValueError):
    """Sections refer to what is not there."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(f"{'.'.join(map(str, each.path))}: {each.message}" for each in findings))
        self.findings = findings


def follow(offering: "Offering") -> tuple[Finding, ...]:
    """Every reference that leads nowhere, and every id that is there twice."""
    return (*_repeated(offering), *_price_lines(offering), *_options(offering), *_gates(offering), *_checks(offering))


def _repeated(offering: "Offering") -> Iterator[Finding]:
    for path, ids in (
        (("pricing", "commodities"), [each.name for each in offering.pricing.commodities]),
        (("pricing", "lines"), [each.code for each in offering.pricing.lines]),
        (("making", "stages"), [each.id for each in offering.making.stages]),
        (("gates",), [each.id for each in offering.gates]),
        (("quality", "checks"), [each.id for each in offering.quality.checks]),
        (("variation",), [each.id for each in offering.variation]),
        (("materials",), [each.id for each in offering.materials]),
    ):
        for index, name in enumerate(ids):
            if name in ids[:index]:
                yield Finding((*path, index), f'"{name}" is there twice', "Give each entry a name of its own.")


def _price_lines(offering: "Offering") -> Iterator[Finding]:
    for index, line in enumerate(offering.pricing.lines):
        path: Path = ("pricing", "lines", index)
        match line:
            case WorkLine(stages=stages):
                yield from _unknown((*path, "stages"), stages, [stage.id for stage in offering.making.stages])
            case ChoiceLine(field=field, amounts_minor=amounts):
                yield from _every_option(offering, (*path, "amounts_minor"), field, amounts)
            case CharactersLine(field=field) if not isinstance(offering.form.field(field), TextField):
                yield Finding((*path, "field"), f'"{field}" is no text field of the form', "Name a field of kind text.")
            case CommodityLine():
                yield from _commodity(offering, path, line)
            case _:
                pass


def _commodity(offering: "Offering", path: Path, line: CommodityLine) -> Iterator[Finding]:
    yield from _every_option(offering, (*path, "alloys"), line.field, line.alloys)
    size = offering.form.field(line.weight.size)
    if not isinstance(size, RingSizeField) or not size.required:
        yield Finding(
            (*path, "weight", "size"),
            f'"{line.weight.size}" is no required ring_size field of the form',
            "Name the field that the weight is computed from.",
        )
    known = [commodity.name for commodity in offering.pricing.commodities]
    for name, alloy in line.alloys.items():
        yield from _unknown((*path, "alloys", name, "commodity"), [alloy.commodity], known)


def _every_option(offering: "Offering", path: Path, field: str, given: Iterable[str]) -> Iterator[Finding]:
    choice = offering.form.field(field)
    if not isinstance(choice, ChoiceField) or not choice.required:
        yield Finding(
            path, f'"{field}" is no required choice field of the form', "Name a required field of kind choice."
        )
        return
    options = [option.id for option in choice.options]
    named = list(given)
    if missing := [option for option in options if option not in named]:
        yield Finding(path, f"says nothing about {', '.join(missing)}", "Name every option of the field.")
    yield from _unknown(path, named, options)


def _options(offering: "Offering") -> Iterator[Finding]:
    choices = (field for field in offering.form.fields if isinstance(field, ChoiceField))
    options = [option.id for field in choices for option in field.options]
    for index, material in enumerate(offering.materials):
        yield from _unknown(("materials", index, "options"), material.options, options)
    if offering.label.hallmark:
        yield from _unknown(("label", "hallmark", "finenesses"), offering.label.hallmark.finenesses, options)


def _gates(offering: "Offering") -> Iterator[Finding]:
    stages = [stage.id for stage in offering.making.stages]
    for index, gate in enumerate(offering.gates):
        yield from _unknown(("gates", index, "before"), [gate.before], stages)


def _checks(offering: "Offering") -> Iterator[Finding]:
    weighed = any(isinstance(line, CommodityLine) for line in offering.pricing.lines)
    for index, check in enumerate(offering.quality.checks):
        path: Path = ("quality", "checks", index, "tolerance")
        if check.tolerance is None:
            continue
        field = offering.form.field(check.tolerance.nominal_field) if check.tolerance.nominal_field else None
        measured = isinstance(field, RingSizeField | NumberField) and field.required
        if check.tolerance.nominal_field and not measured:
            yield Finding(
                (*path, "nominal_field"),
                f'"{check.tolerance.nominal_field}" is no required measure of the form',
                "Name a required field of kind ring_size or number.",
            )
        if check.tolerance.nominal_rule and not weighed:
            yield Finding(
                (*path, "nominal_rule"), "nothing on the price is weighed", "Add a line of kind commodity, or a figure."
            )


def _unknown(path: Path, given: Iterable[str], known: Iterable[str]) -> Iterator[Finding]:
    there = list(known)
    for name in given:
        if name not in there:
            yield Finding(path, f'there is no "{name}"', f"There is {', '.join(there) or 'nothing to name yet'}.")
