"""What a maker says of themself to everybody who holds one of their pieces, if they want to."""

from dataclasses import dataclass
from uuid import UUID

from shared.kernel.problems import FieldProblem, invalid
from shared.kernel.text import TextRefusedError, prose
from shared.kernel.text import name as person_name

LONGEST_NAME, LONGEST_WORDS = 80, 600


@dataclass(frozen=True)
class Profile:
    """`public` is the maker's own decision; while it is False, certificates name nobody."""

    maker: UUID
    public: bool = False
    name: str = ""
    words: str = ""
    has_portrait: bool = False


def read_profile(maker: UUID, *, public: bool, name: str, words: str) -> Profile:
    """The profile as it was typed. Raises `validation-failed`, for every field at once."""
    problems: list[FieldProblem] = []
    try:
        name = person_name(name, longest=LONGEST_NAME, shortest=1 if public else 0)
    except TextRefusedError as error:
        problems.append(FieldProblem(field="/name", message=error.message))
    try:
        words = prose(words, longest=LONGEST_WORDS)
    except TextRefusedError as error:
        problems.append(FieldProblem(field="/words", message=error.message))
    if problems:
        raise invalid(*problems)
    return Profile(maker, public, name, words)
