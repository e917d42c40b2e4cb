"""An offering's file as a document: read from TOML, kept and compared as canonical JSON.

Canonical: keys sorted, no blanks, UTF-8, decimals and dates as text. Its SHA-256 names the document, so that two
services know whether they mean the same one.
"""

import difflib
import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from shared.offerings.key import OfferingKey
from shared.offerings.model import Offering
from shared.offerings.places import line_of
from shared.offerings.references import BrokenReferencesError, Finding, Path


@dataclass(frozen=True)
class OfferingDocument:
    """An offering with the exact text it came from; `sha256` is of `canonical`'s UTF-8 bytes, in hex."""

    offering: Offering
    canonical: str
    sha256: str

    @property
    def key(self) -> OfferingKey:
        return self.offering.key

    @property
    def version(self) -> int:
        return self.offering.version


class OfferingFileError(ValueError):
    """An offering's file cannot be used: one line for each thing that is wrong, with its place and its remedy."""

    def __init__(self, file: str, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.file = file
        self.lines = tuple(lines)


def parse(text: str, *, file: str) -> OfferingDocument:
    """Read an offering from TOML; `file` is its name in messages. Raises OfferingFileError."""
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        remedy = "Text stands in double quotes, a table's name in square brackets; https://toml.io shows the rest."
        raise OfferingFileError(file, [f"{file}: this is not TOML: {error}. {remedy}"]) from error
    canonical = json.dumps(raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_as_text)
    try:
        offering = read(canonical)
    except ValidationError as error:
        findings = [finding for each in error.errors() for finding in _findings(each, raw)]
        raise OfferingFileError(file, [_sentence(file, text, raw, finding) for finding in findings]) from error
    return OfferingDocument(offering, canonical, digest(canonical))


@lru_cache(maxsize=64)
def read(canonical: str) -> Offering:
    """An offering from its canonical JSON, as a service stored it. Cached: it is frozen and costs milliseconds."""
    return Offering.model_validate_json(canonical)


def digest(canonical: str) -> str:
    return hashlib.sha256(canonical.encode()).hexdigest()


def _as_text(value: object) -> str:
    if isinstance(value, Decimal | date):
        return str(value)
    raise TypeError(f"an offering's file has no use for {type(value).__name__}")


def _findings(error: ErrorDetails, raw: Mapping[str, Any]) -> tuple[Finding, ...]:
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, BrokenReferencesError):
        return cause.findings
    path = _path(error, raw)
    return (Finding(path, _message(error), _remedy(error, path)),)


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
    """What stands at `step` in a table or a list; nothing if there is no such thing (TOML has no null)."""
    if isinstance(here, list) and isinstance(step, int) and step < len(here):
        return here[step]
    return here.get(step) if isinstance(here, Mapping) else None


def _message(error: ErrorDetails) -> str:
    match error["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is not known here"
        case "value_error":
            return str(error["ctx"]["error"])
        case "union_tag_invalid":
            return f'is of no kind there is: "{error["ctx"]["tag"]}"'
        case "union_tag_not_found":
            return "says nothing about its kind"
        case _:
            message = error["msg"]
            return message[0].lower() + message[1:]


def _remedy(error: ErrorDetails, path: Path) -> str:
    match error["type"]:
        case "missing":
            return f"Add `{path[-1]} = …`."
        case "extra_forbidden":
            near = difflib.get_close_matches(str(path[-1]), _known_names(), n=1)
            return f"Did you mean `{near[0]}`?" if near else "Take it out, or look for its right place."
        case "union_tag_invalid":
            return f"Choose one of {error['ctx']['expected_tags']}."
        case "union_tag_not_found":
            return "Add `kind = …`."
        case "string_pattern_mismatch":
            return "Use small letters, digits and underscores, a letter first (a currency is three capitals)."
        case _:
            return "The other files below shared/offerings show how."


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


def _sentence(file: str, text: str, raw: Mapping[str, Any], finding: Finding) -> str:
    place = _place(raw, finding.path)
    return f"{file}:{line_of(text, finding.path)}: {place} {finding.message}. {finding.remedy}"


def _place(raw: Mapping[str, Any], path: Path) -> str:
    """A path as a person writes it: `form.fields[3] (engraving).max_length`."""
    written = ""
    here: object = raw
    for step in path:
        here = _within(here, step)
        if isinstance(step, int):
            name = next((here[key] for key in _NAMES if key in here), "") if isinstance(here, Mapping) else ""
            written += f"[{step}]" + (f" ({name})" if name else "")
        else:
            written += f".{step}" if written else step
    return written or "the file"


_NAMES = ("id", "name", "code")
