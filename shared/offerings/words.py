"""The words of an offering: one file a language beside its numbers, keyed by the same ids.

What is a list of tables with ids in the numbers' file is a table of tables in the words': `[[making.stages]]` with
`id = "fire"` has its words under `[making.stages.fire]`. A word may name a measure that is the same for every piece
(`{width}`): it is written with its unit, as the language writes figures.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from babel.numbers import format_decimal
from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.kernel.phrases import Phrase
from shared.offerings.findings import Finding, FindingReason, Path
from shared.offerings.measures import ByName, FormulaError, Measures, Quantity, UnansweredError
from shared.offerings.rules.error import RuleError
from shared.offerings.section import GIVEN, PROSE, Section

SOURCE: Final = "en"
"""The language that every offering has, and that others are compared with."""
IDS: Final = ("id", "name", "code")
"""What a table in a list is known by."""

Table = Mapping[str, Any]
Constants = Mapping[str, Quantity]

_BY_NAME: Final = TypeAdapter[ByName](ByName)
_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_SIGNS = {"percent": "%", "celsius": "°C", "degree": "°", "day": "", "piece": "", "letter": "", "times": ""}
_CITED = ("source", "sources")


def with_words(numbers: Table, words: Table, language: str) -> dict[str, Any]:
    """The numbers with these words in their places; words without a place are left out."""
    figures = {name: _written(quantity, language) for name, quantity in (constants(numbers) or {}).items()}
    return _merged(numbers, words, figures)


def constants(numbers: Table) -> Constants | None:
    """The measures that every piece has alike; None, where the file's measures are not in order."""
    try:
        written = json.dumps(numbers.get("measures", {}), default=str)
        return Measures(_BY_NAME.validate_json(written)).constants()
    except (ValidationError, FormulaError, RuleError, UnansweredError):
        return None


def misplaced_words(numbers: Table) -> Iterator[Finding]:
    """Words that are among the numbers."""
    for path in _paths(numbers):
        if path[-1] in word_keys() and not any(step in _CITED for step in path):
            yield Finding(path, Phrase(FindingReason.MISPLACED_WORDS))


def homeless_words(numbers: object, words: Table, path: Path = ()) -> Iterator[Finding]:
    """Words for what the numbers do not have."""
    for key, said in words.items():
        here = _inside(numbers, key)
        if isinstance(said, Mapping):
            if isinstance(here, Mapping | list):
                yield from homeless_words(here, said, (*path, key))
            else:
                yield Finding((*path, key), Phrase(FindingReason.WORDS_OF_NOTHING, key=key, known=_known(numbers)))
        elif key not in word_keys() or not isinstance(said, str):
            yield Finding((*path, key), Phrase(FindingReason.NO_WORD))


def differing_words(source: Table, words: Table) -> Iterator[Finding]:
    """What one language says and the other does not, and placeholders that differ."""
    ours, theirs = dict(_leaves(words)), dict(_leaves(source))
    for path in theirs.keys() - ours.keys():
        yield Finding(path, Phrase(FindingReason.MISSING_WORDS, key=str(path[-1]), english=theirs[path]))
    for path in ours.keys() - theirs.keys():
        yield Finding(path, Phrase(FindingReason.NOT_IN_ENGLISH))
    for path in ours.keys() & theirs.keys():
        if placeholders(ours[path]) != placeholders(theirs[path]):
            wanted = ", ".join(sorted(f"{{{name}}}" for name in placeholders(theirs[path]))) or "—"
            yield Finding(path, Phrase(FindingReason.OTHER_PLACEHOLDERS, wanted=wanted))


def unknown_placeholders(words: Table, known: Constants | None) -> Iterator[Finding]:
    """Placeholders that no measure fills; those that a section gives are the section's to check."""
    if known is None:
        return
    there = sorted(known)
    for path, said in _leaves(words):
        if path[-1] in _keys(GIVEN):
            continue
        for name in sorted(placeholders(said) - set(there)):
            others = ", ".join(there) or "—"
            yield Finding(path, Phrase(FindingReason.UNKNOWN_PLACEHOLDER, name=f"{{{name}}}", known=others))


def in_words(numbers: object, path: Path) -> Path:
    """Where the words' file has what is at this place of the numbers: list entries are named by their ids."""
    written: list[str | int] = []
    here = numbers
    for step in path:
        here = here[step] if isinstance(here, list) and isinstance(step, int) else _inside(here, str(step))
        written.append(_id(here) if isinstance(step, int) else step)
    return tuple(written)


def placeholders(said: str) -> frozenset[str]:
    return frozenset(_PLACEHOLDER.findall(said))


def filled(said: str, figures: Mapping[str, str]) -> str:
    """The words with these figures; a placeholder that has none stays as it is."""
    return _PLACEHOLDER.sub(lambda match: figures.get(match[1], match[0]), said)


def word_keys() -> frozenset[str]:
    """Every key that some section has for a person to read."""
    return _keys(PROSE)


@cache
def _keys(mark: str) -> frozenset[str]:
    found: set[str] = set()
    sections: list[type[BaseModel]] = [Section]
    while sections:
        for section in sections.pop().__subclasses__():
            found.update(name for name, field in section.model_fields.items() if mark in field.metadata)
            sections.append(section)
    return frozenset(found)


def _merged(numbers: Table, words: Table, figures: Mapping[str, str]) -> dict[str, Any]:
    found = dict(numbers)
    for key, said in words.items():
        here = numbers.get(key)
        if isinstance(said, Mapping):
            found[key] = _among(here, said, figures)
        elif key in word_keys():
            found[key] = filled(str(said), figures)
    return {key: value for key, value in found.items() if value is not None}


def _among(here: object, words: Table, figures: Mapping[str, str]) -> object:
    if isinstance(here, Mapping):
        return _merged(here, words, figures)
    if isinstance(here, list):
        return [
            _merged(each, words[_id(each)], figures)
            if isinstance(each, Mapping) and isinstance(words.get(_id(each)), Mapping)
            else each
            for each in here
        ]
    return here


def _written(quantity: Quantity, language: str) -> str:
    """A figure with its unit, kept on one line: "1.8 mm", in German "1,8 mm"."""
    sign = _SIGNS.get(quantity.unit, quantity.unit)
    return "\u00a0".join(filter(None, (format_decimal(quantity.value.normalize(), locale=language), sign)))


def _inside(here: object, key: str) -> object:
    """A table's entry by its key, or a list's by its id."""
    if isinstance(here, list):
        return next((each for each in here if _id(each) == key), None)
    return here.get(key) if isinstance(here, Mapping) else None


def _id(table: object) -> str:
    return next((str(table[key]) for key in IDS if key in table), "") if isinstance(table, Mapping) else ""


def _known(numbers: object) -> str:
    return ", ".join(_id(each) for each in numbers) if isinstance(numbers, list) and numbers else "—"


def _leaves(words: Table, path: Path = ()) -> Iterator[tuple[Path, str]]:
    for key, said in words.items():
        if isinstance(said, Mapping):
            yield from _leaves(said, (*path, key))
        else:
            yield (*path, key), str(said)


def _paths(here: object, path: Path = ()) -> Iterator[Path]:
    steps = here.items() if isinstance(here, Mapping) else enumerate(here) if isinstance(here, list) else ()
    for step, inside in steps:
        if isinstance(inside, Mapping | list):
            yield from _paths(inside, (*path, step))
        else:
            yield (*path, step)
