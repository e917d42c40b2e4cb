"""Which of the languages that there are somebody wants, by the header `Accept-Language` (RFC 9110, section 12.5.4)."""

from collections.abc import Sequence

LONGEST = 500
"""Characters of the header that are read; browsers send some thirty."""


def preferred(header: str, available: Sequence[str]) -> str | None:
    """The best of the available languages (ISO 639 codes); None where none is wanted, or nothing is asked for."""
    wanted = sorted((_weighted(part) for part in header[:LONGEST].split(",")), key=lambda pair: -pair[1])
    for tag, weight in wanted:
        language = tag.partition("-")[0]
        if weight > 0 and language in available:
            return language
    return None


def _weighted(part: str) -> tuple[str, float]:
    """A language's tag in small letters with its weight; 0 for what cannot be read."""
    tag, *parameters = (piece.strip() for piece in part.lower().split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return tag, min(float(value), 1.0) if value.strip().replace(".", "", 1).isdecimal() else 0.0
            except ValueError:
                return tag, 0.0
    return tag, 1.0
