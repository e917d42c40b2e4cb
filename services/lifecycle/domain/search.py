"""What ops search for in the ops room."""

from dataclasses import dataclass
from typing import Final

from shared.kernel.search import CommissionSearch

MAX_SEARCH: Final = 100
MOST_GATHERED: Final = 4_000
"""A search that finds more reads the list in its order until a page is full, instead of gathering them all."""
MOST_WALKED: Final = 10_000
"""So many rows of the list are read for that. If they fill no page, what is found ended long ago, and is gathered."""
MOST_GATHERED_AFTER_ALL: Final = 100_000
"""So many, then. Where even more are found, the list is read to its end."""


@dataclass(frozen=True)
class Search(CommissionSearch):
    """A name, an address, a commission's number, a reference, an invoice, a serial, or a piece."""

    def matches(self, *words: str) -> bool:
        """Whether one of these words, an offering's, contains the text, in any case."""
        text = self.text.strip().casefold()
        return len(text) > 2 and any(text in word.casefold() for word in words)  # noqa: PLR2004 (fewer is in most)
