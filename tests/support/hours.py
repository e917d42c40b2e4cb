"""Hours in what people read: each of them has its zone, since whoever reads it may be in another."""

import re
from collections.abc import Sequence
from typing import Final

_HOUR: Final = re.compile(r"(?<![\d:])(?<!GMT[+-])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\d:])")
_ZONE: Final = re.compile(r"\s+(?:GMT[+-]\d\d:\d\d|[A-Z]{2,5}\b)")


def hours_without_zone(text: str) -> Sequence[str]:
    """Each with some words around it; none is as it should be."""
    return [
        text[max(0, found.start() - 20) : found.end() + 12]
        for found in _HOUR.finditer(text)
        if not _ZONE.match(text, found.end())
    ]
