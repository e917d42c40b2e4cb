"""An offering's files as one document: read from TOML, kept and compared as canonical JSON with all its languages.

Canonical: keys sorted, no blanks, UTF-8, decimals and dates as text. Its SHA-256 names the document, so that two
services know whether they mean the same one.
"""

import difflib
import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from shared.kernel.phrases import Phrase
from shared.offerings.findings import Finding, FindingReason, Mistake, Path
from shared.offerings.key import OfferingKey
from shared.offerings.model import WORDS, Offering, canonical_text, read
from shared.offerings.places import line_of
from shared.offerings.references import BrokenReferencesError
from shared.offerings.words import (
    IDS,
    SOURCE,
    constants,
    differing_words,
    homeless_words,
    in_words,
    misplaced_words,
    unknown_placeholders,
    word_keys,
)


@dataclass(frozen=True)
class OfferingDocument:
    """An offering, in English, with the exact text it came from.

    `canonical` has the words of every language; `sha256` is of its UTF-8 bytes, in hex.
    """

    offering: Offering
    canonical: str
    sha256: str

    @property
    def key(self) -> OfferingKey:
        return self.offering.key

    @property
    def version(self) -> int:
        return self.offering.version

    @property
    def languages(self) -> frozenset[str]:
        """The languages that it has words in; ISO 639 codes."""
        return frozenset(json.loads(self.canonical)[WORDS])

    def missing(self, languages: Iterable[str]) -> tuple[str, ...]:
        """Those of these languages that it has no words in: there it is shown in English."""
        return tuple(language for language in languages if language not in self.languages)


class OfferingFileError(ValueError):
    """The files of an offering cannot be used: each mistake with its place."""

    def __init__(self, file: str, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.file = file
        self.mistakes = tuple(mistakes)


def parse(text: str, words: Mapping[str, str], *, file: str) -> OfferingDocument:
    """Read an offering from TOML; `words` is the text of the words' file of each language.

    `file` is the numbers' name in messages, and a words' file is named after it. Raises OfferingFileError.
    """
    files = _Files(file, text, words)
    numbers = files.read_all()
    wrong = [*files.mistakes_at_root(numbers), *files.mistakes_in_words(numbers)]
    canonical = canonical_text({**numbers, WORDS: files.tables})
    try:
        offering = read(canonical)
    except ValidationError as error:
        found = [finding for each in error.errors() for finding in _findings(each, numbers)]
        raise OfferingFileError(file, [*(files.mistake(numbers, each) for each in found), *wrong]) from error
    if wrong:
        raise OfferingFileError(file, wrong)
    return OfferingDocument(offering, canonical, digest(canonical))


class _Files:
    """The files of one offering; English comes first."""

    def __init__(self, file: str, text: str, words: Mapping[str, str]) -> None:
        self._file = file
        self._text = text
        self._words = {SOURCE: words.get(SOURCE, ""), **words}
        self.tables: dict[str, dict[str, Any]] = {}

    def read_all(self) -> dict[str, Any]:
        """The numbers; the words are in `tables`."""
        self.tables = {language: _toml(self.named(language), text) for language, text in self._words.items()}
        return _toml(self._file, self._text)

    def named(self, language: str) -> str:
        return f"{self._file.removesuffix('.toml')}.{language}.toml"

    def mistakes_in_words(self, numbers: Mapping[str, Any]) -> list[Mistake]:
        """Words in the wrong place, too few or too many of them, and placeholders that differ."""
        wrong = [self._in_numbers(numbers, finding) for finding in misplaced_words(numbers)]
        source, known = self.tables[SOURCE], constants(numbers)
        for language, words in self.tables.items():
            found = [*homeless_words(numbers, words), *unknown_placeholders(words, known)]
            found += [] if language == SOURCE else sorted(differing_words(source, words), key=str)
            wrong += [self._in_words(language, finding) for finding in found]
        return wrong

    def mistakes_at_root(self, numbers: Mapping[str, Any]) -> list[Mistake]:
        """A key of the file that the document has for the words of all languages: it would be lost without a trace."""
        if WORDS not in numbers:
            return []
        return [self._in_numbers(numbers, Finding((WORDS,), Phrase(FindingReason.NOT_KNOWN)))]

    def mistake(self, numbers: Mapping[str, Any], finding: Finding) -> Mistake:
        """A finding of the whole, with the file that has its place."""
        if finding.path and finding.path[-1] in word_keys() and not {"source", "sources"} & set(finding.path):
            return self._in_words(SOURCE, Finding(in_words(numbers, finding.path), finding.message))
        return self._in_numbers(numbers, finding)

    def _in_numbers(self, numbers: Mapping[str, Any], finding: Finding) -> Mistake:
        place = _place(numbers, finding.path)
        return Mistake(self._file, line_of(self._text, finding.path), place, finding.message)

    def _in_words(self, language: str, finding: Finding) -> Mistake:
        place, line = ".".join(map(str, finding.path)), line_of(self._words[language], finding.path)
        return Mistake(self.named(language), line, place, finding.message)


def _toml(file: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (ValueError, DecimalException, RecursionError) as error:  # figures too long, tables too deep
        what = Phrase(FindingReason.NOT_TOML, what=str(error))
        raise OfferingFileError(file, [Mistake(file, 0, "", what)]) from error


def digest(canonical: str) -> str:
    return hashlib.sha256(canonical.encode()).hexdigest()


def _findings(error: ErrorDetails, raw: Mapping[str, Any]) -> tuple[Finding, ...]:
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, BrokenReferencesError):
        return cause.findings
    path = _path(error, raw)
    return (Finding(path, _message(error, path)),)


def _path(error: ErrorDetails, raw: Mapping[str, Any]) -> Path:
    """The place in the file: pydantic's, without the tags of the unions it went through."""
    path: list[str | int] = []
    here: object = raw
    for step in error["loc"]:
        if (inside := _within(here, step)) is not None:
            here = inside
            path.append(step)
    if error["type"] == "missing":
        path.append(error["loc"][-1])
    return tuple(path)


def _within(here: object, step: str | int) -> object:
    """What is at `step` in a table or a list; nothing if there is no such thing (TOML has no null)."""
    if isinstance(here, list) and isinstance(step, int) and step < len(here):
        return here[step]
    return here.get(step) if isinstance(here, Mapping) else None


def _message(error: ErrorDetails, path: Path) -> Phrase:
    match error["type"]:
        case "missing":
            return Phrase(FindingReason.MISSING, key=str(path[-1]))
        case "extra_forbidden":
            near = difflib.get_close_matches(str(path[-1]), _known_names(), n=1)
            return Phrase(FindingReason.MISSPELT, meant=near[0]) if near else Phrase(FindingReason.NOT_KNOWN)
        case "union_tag_invalid":
            return Phrase(FindingReason.NO_SUCH_KIND, kind=error["ctx"]["tag"], known=error["ctx"]["expected_tags"])
        case "union_tag_not_found":
            return Phrase(FindingReason.NO_KIND)
        case "string_pattern_mismatch":
            return Phrase(FindingReason.NO_NAME)
        case _:
            message = str(error.get("ctx", {}).get("error") or error["msg"])
            return Phrase(FindingReason.NOT_RIGHT, what=message[0].lower() + message[1:])


def _known_names() -> list[str]:
    """Every key that some section has, to guess from what was misspelt."""
    names: set[str] = set()
    sections: list[type[BaseModel]] = [BaseModel]
    while sections:
        for section in sections.pop().__subclasses__():
            if section.__module__.startswith("shared.offerings."):
                names.update(section.model_fields)
            sections.append(section)
    return sorted(names)


def _place(raw: Mapping[str, Any], path: Path) -> str:
    """A path as a person writes it: `form.fields[3] (engraving).max_length`."""
    written = ""
    here: object = raw
    for step in path:
        here = _within(here, step)
        if isinstance(step, int):
            name = next((here[key] for key in IDS if key in here), "") if isinstance(here, Mapping) else ""
            written += f"[{step}]" + (f" ({name})" if name else "")
        else:
            written += f".{step}" if written else step
    return written
