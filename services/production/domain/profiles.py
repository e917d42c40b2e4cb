"""What a maker says of themself to everybody who holds one of their pieces, if they want to."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Profile:
    """`public` is the maker's own decision; while it is False, certificates name nobody."""

    maker: UUID
    public: bool = False
    name: str = ""
    words: str = ""
    has_portrait: bool = False
