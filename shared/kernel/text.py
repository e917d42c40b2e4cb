"""Text that somebody typed: made uniform, and refused where it could not be stored, shown or read.

PostgreSQL refuses NUL, UTF-8 refuses unpaired surrogates, and control characters mean nothing to a reader. Both rules
normalise to NFC (Unicode Standard Annex 15) and cut white space around; lengths are in Unicode code points of NFC. A
text in which nothing can be seen is empty.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Protocol

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from shared.kernel.phrases import Phrase

# C0 and C1 controls, line and paragraph separators, bidirectional overrides, noncharacters of the basic plane.
_NEVER = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff"
# What nobody sees: Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt), and Braille without a dot.
_UNSEEN = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_SEEN = re.compile(rf"[^\s{_UNSEEN}]")
_NOT_IN_PROSE = re.compile(rf"[{_NEVER}\ud800-\udfff]")
_NOT_IN_A_LINE = re.compile(rf"[\t\n\r{_NEVER}\ud800-\udfff]")


class TextReason(StrEnum):
    """Why a text cannot be taken."""

    CHARACTER = auto()
    TOO_LONG = auto()
    EMPTY = auto()
    TOO_SHORT = auto()
    NOT_A_NAME = auto()


class TextRefusedError(ValueError):
    """The text cannot be taken; `message` says why to the person who typed it."""

    def __init__(self, message: Phrase) -> None:
        super().__init__(str(message))
        self.message = message


def line(text: str, *, longest: int, shortest: int = 0) -> str:
    """One line of text. Raises TextRefusedError."""
    return _checked(text, _NOT_IN_A_LINE, shortest, longest)


def prose(text: str, *, longest: int, shortest: int = 0) -> str:
    """Text of several lines, ended by a line feed each. Raises TextRefusedError."""
    return _checked(text.replace("\r\n", "\n").replace("\r", "\n"), _NOT_IN_PROSE, shortest, longest)


def _checked(text: str, never: re.Pattern[str], shortest: int, longest: int) -> str:
    if found := never.search(text):
        raise TextRefusedError(Phrase(TextReason.CHARACTER, character=f"U+{ord(found[0]):04X}"))
    whole = unicodedata.normalize("NFC", text)
    if len(whole) > longest:
        raise TextRefusedError(Phrase(TextReason.TOO_LONG, count=len(whole), longest=longest))
    kept = whole.strip() if _SEEN.search(whole) else ""
    if shortest and not kept:
        raise TextRefusedError(Phrase(TextReason.EMPTY))
    if len(kept) < shortest:
        raise TextRefusedError(Phrase(TextReason.TOO_SHORT, shortest=shortest))
    return kept


# What mail programs and readers take for a web or a mail address. ECMA 262 reads it likewise.
_DOT = r".\u2024\u3002\ufe52\uff0e\uff61"
_LETTER = rf"[^\s{_DOT},;:()\"'/&\-]"
_ADDRESS = (
    r"[<>@\ufe64\ufe65\ufe6b\uff1c\uff1e\uff20]|[:\uff1a][/\uff0f]"
    rf"|[wW]{{3}}[{_DOT}]|{_LETTER}{{2}}[{_DOT}]{_LETTER}{{2}}|[{_DOT}]{_LETTER}+[/\uff0f]"
)
_LEADS_SOMEWHERE = re.compile(_ADDRESS)


def name(text: str, *, longest: int, shortest: int = 0) -> str:
    """Somebody's name: a line without anything that leads somewhere. Raises TextRefusedError."""
    kept = line(text, longest=longest, shortest=shortest)
    if _LEADS_SOMEWHERE.search(kept):
        raise TextRefusedError(Phrase(TextReason.NOT_A_NAME))
    return kept


class TextRule(Protocol):
    """`line`, `prose` or `name`."""

    def __call__(self, text: str, *, longest: int, shortest: int) -> str: ...


@dataclass(frozen=True)
class Line:
    """For pydantic: `name: Annotated[str, Line(longest=120)]` is one clean line of text."""

    longest: int
    shortest: int = 1

    def __get_pydantic_core_schema__(self, source: type[str], handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._clean, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "minLength": self.shortest, "maxLength": self.longest, "pattern": self._pattern()}

    def _clean(self, text: str) -> str:
        return _as_pydantic(line, text, self.longest, self.shortest)

    def _pattern(self) -> str:
        return _pattern(rf"\t\n\r{_NEVER}", self.shortest)


@dataclass(frozen=True)
class Prose(Line):
    """For pydantic: `why: Annotated[str, Prose(longest=2000)]` is clean text of several lines."""

    def _clean(self, text: str) -> str:
        return _as_pydantic(prose, text, self.longest, self.shortest)

    def _pattern(self) -> str:
        return _pattern(_NEVER, self.shortest)


@dataclass(frozen=True)
class Name(Line):
    """For pydantic: `name: Annotated[str, Name(longest=120)]` is what somebody is called, free of addresses."""

    def _clean(self, text: str) -> str:
        return _as_pydantic(name, text, self.longest, self.shortest)

    def _pattern(self) -> str:
        return rf"^(?!.*(?:{_ADDRESS})){super()._pattern()[1:]}"


def _as_pydantic(rule: TextRule, text: str, longest: int, shortest: int) -> str:
    try:
        return rule(text, longest=longest, shortest=shortest)
    except TextRefusedError as error:
        raise PydanticCustomError("text_refused", "{phrase}", {"phrase": error.message}) from error


def _pattern(never: str, shortest: int) -> str:
    """As JSON Schema says it (ECMA 262); surrogates are left out, since JSON that has one is not well formed."""
    return rf"^[^{never}]*[^\s{never}{_UNSEEN}][^{never}]*$" if shortest else rf"^[^{never}]*$"
