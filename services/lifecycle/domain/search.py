"""What ops search for: a name, an address, a commission's number, a reference, an invoice, a serial, a piece."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from uuid import UUID

from shared.kernel.search import Beginning, asked_words, code_of

MAX_SEARCH: Final = 100
MOST_GATHERED: Final = 10_000
"""A search that finds more reads the list in its order until a page is full, instead of gathering them all."""

_NUMBER: Final = re.compile("[0-9a-f]{1,32}")
_ENDING: Final = 4
"""How many characters of a number's end are enough; after "…", as pages write it, any."""
_BEGINNING: Final = 8
"""How many of its beginning: it is the time, and fewer would be the same for weeks."""
_ALIKE: Final = str.maketrans("OIL", "011")
"""Letters that no reference and no serial has: what was meant is a digit."""


@dataclass(frozen=True)
class Search:
    """What somebody typed, as all that it can mean."""

    text: str

    @cached_property
    def words(self) -> tuple[Beginning, ...]:
        """The words of a name, or an address: each must be the beginning of one that there is."""
        return () if self._marked else asked_words(self.text)

    @cached_property
    def ending(self) -> Beginning | None:
        """The end of a commission's number, written backwards."""
        bare = self._number
        return Beginning(bare[::-1]) if bare and (self._marked or len(bare) >= _ENDING) else None

    @cached_property
    def numbers(self) -> tuple[UUID, UUID] | None:
        """The first and the last number that begin like this."""
        bare = self._number
        if not bare or self._marked or len(bare) < _BEGINNING:
            return None
        return UUID(bare.ljust(32, "0")), UUID(bare.ljust(32, "f"))

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """A reference, an invoice's number or a serial."""
        code = code_of(self.text)
        return tuple(dict.fromkeys([code, code.translate(_ALIKE)])) if code else ()

    def matches(self, *words: str) -> bool:
        """Whether one of these words, an offering's, contains the text, in any case."""
        text = self.text.strip().casefold()
        return len(text) > 2 and any(text in word.casefold() for word in words)  # noqa: PLR2004 (fewer is in most)

    @property
    def _marked(self) -> bool:
        return self.text.strip().startswith(("…", "..."))

    @property
    def _number(self) -> str | None:
        bare = re.sub(r"[-\s]", "", self.text).lstrip("….").lower()
        return bare if _NUMBER.fullmatch(bare) else None
