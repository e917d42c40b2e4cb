"""What is wrong with an offering's files, as codes with their places; `shared.offerings.labels` has their words."""

from dataclasses import dataclass
from enum import StrEnum, auto

from shared.kernel.phrases import Phrase

Path = tuple[str | int, ...]


class FindingReason(StrEnum):
    """What can be wrong with an offering's files."""

    NOT_TOML = auto()
    OTHER_CRAFT = auto()
    OTHER_NAME = auto()
    MISSING = auto()
    MISSING_WORDS = auto()
    NOT_KNOWN = auto()
    MISSPELT = auto()
    NO_SUCH_KIND = auto()
    NO_KIND = auto()
    NO_NAME = auto()
    NOT_RIGHT = auto()
    THERE_TWICE = auto()
    NOT_THERE = auto()
    FORMULA = auto()
    NOT_RECKONABLE = auto()
    NO_MEASURE_OF_THE_FORM = auto()
    OTHER_UNIT_THAN_FIELD = auto()
    UNIT_DOES_NOT_FIT = auto()
    NO_REQUIRED_CHOICE = auto()
    NO_CHOICE = auto()
    OPTIONS_LEFT_OUT = auto()
    UNTITLED_MEASURE = auto()
    MISPLACED_WORDS = auto()
    WORDS_OF_NOTHING = auto()
    NO_WORD = auto()
    NOT_IN_ENGLISH = auto()
    OTHER_PLACEHOLDERS = auto()
    UNKNOWN_PLACEHOLDER = auto()
    PLACEHOLDER_NOT_GIVEN = auto()


@dataclass(frozen=True)
class Finding:
    """Something wrong at `path` inside a file of an offering."""

    path: Path
    message: Phrase


@dataclass(frozen=True)
class Mistake:
    """A finding with its file, its line (from 1; 0 for the whole file), and its place as a person writes it."""

    file: str
    line: int
    place: str
    message: Phrase

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.place} {self.message}"
