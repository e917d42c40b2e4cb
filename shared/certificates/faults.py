"""What can be wrong with a certificate or its journal, as codes; `labels` says what they mean."""

from enum import StrEnum, auto


class Fault(StrEnum):
    """What differs from what was signed and written. Beside each, its parameters."""

    SIGNATURE = auto()
    UNKNOWN_FORM = auto()
    TEXT = auto()
    VALUE = auto()
    """`place`."""
    VALUE_KNOWN = auto()
    """`place`; `signed`: what was signed there."""
    SERIAL = auto()
    """`certified`, `stored`."""
    ENTRY_MISSING = auto()
    """`entry`: its number, as for the following ones."""
    ENTRY_UNCHAINED = auto()
    ENTRY_MALFORMED = auto()
    ENTRY_CHANGED = auto()
    ENTRY_NOT_SIGNED = auto()
    ENTRY_ADDED = auto()
    JOURNAL_END = auto()
    PHOTO_CHANGED = auto()
    """`place`."""
    PHOTO_MISSING = auto()
    """`place`."""
    NOT_JSON = auto()
    """Of a file, as the following ones: it is no JSON, or not as certificates have it."""
    FIELD = auto()
    """`place`."""
    SPELLING = auto()
    """`place`."""
    SPELLING_KNOWN = auto()
    """`place`; `meant`: how it is written."""
