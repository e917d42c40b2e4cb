"""Words as people search for them: without case, accents and marks, by their beginnings.

Both sides are made alike here, in Python, so that PostgreSQL needs no extension: what is stored goes through
`stored_words`, what somebody types through `asked_words`, and each asked word is a range of an ordinary index whose
collation is "C" (`Beginning`).
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from uuid import UUID

_LAST: Final = "\U0010ffff"
"""Above every character that a word can have."""

_MOST_WORDS: Final = 4
"""The words of a search that count; more do not make it clearer."""

_LIKE: Final = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "\u0131": "i", "ħ": "h", "ŧ": "t"}
)
"""Letters that Unicode does not take apart, as people type them who have no such key."""

_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_TWO_LETTERS: Final = re.compile("(?:ae|oe|ue|aa)")
_NUMBER: Final = re.compile("[0-9a-f]{1,32}")
_ENDING: Final = 4
"""How many characters of a number's end are enough; after "…", as pages write it, any."""
_BEGINNING: Final = 8
"""How many of its beginning: it is the time, and fewer would be the same for weeks."""
_ALIKE: Final = str.maketrans("OIL", "011")
"""Letters that no reference and no serial has: what was meant is a digit."""

_NONE: Final = frozenset({"Cc", "Cs"})
"""What no word has: control characters, since PostgreSQL refuses NUL, and surrogates, which UTF-8 refuses."""
_APART: Final = re.compile(r"[^\w]+|_", re.UNICODE)
_NO_CODE: Final = re.compile(r"[^0-9A-Z]")


@dataclass(frozen=True)
class Beginning:
    """All words that begin alike, as a range of the index: `low` is in it, `high` is not."""

    low: str

    @property
    def high(self) -> str:
        return self.low + _LAST


@dataclass(frozen=True)
class CommissionSearch:
    """What somebody typed to find commissions, as all that it can mean."""

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

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What queries ask for by it; null where it cannot mean such a thing."""
        first, last = self.numbers or (None, None)
        return {
            "lows": [each.low for each in self.words],
            "highs": [each.high for each in self.words],
            "ending_low": self.ending.low if self.ending else None,
            "ending_high": self.ending.high if self.ending else None,
            "first_number": first,
            "last_number": last,
            "codes": list(self.codes),
        }

    @property
    def _marked(self) -> bool:
        return self.text.strip().startswith(("…", "..."))

    @property
    def _number(self) -> str | None:
        bare = re.sub(r"[-\s]", "", self.text).lstrip("….").lower()
        return bare if _NUMBER.fullmatch(bare) else None


def stored_words(name: str, email: str = "") -> frozenset[str]:
    """What somebody is found by: each word of the name in every way that it is usually typed, and the address.

    "Zoë Müller-O'Brien" is found by zoe, muller, mueller, brien, obrien and mullerobrien; an address by its beginning
    and by what stands behind its @.
    """
    found: set[str] = set()
    for word in name.split():
        for typed in (word, _lower(word).translate(_UMLAUTS)):
            found.update(_pieces(typed), ["".join(_pieces(typed))])
    found |= {_TWO_LETTERS.sub(lambda two: two[0][0], word) for word in found}
    if email:
        address = _folded(email)
        found |= {address, address[address.rfind("@") :]}
    return frozenset(found - {""})


def asked_words(text: str) -> tuple[Beginning, ...]:
    """The beginnings that all must be there, the longest first; none where nothing of it is a word."""
    words = dict.fromkeys(
        piece for word in text.split() for piece in ([_folded(word)] if "@" in word else _pieces(word))
    )
    return tuple(Beginning(word) for word in sorted(words, key=len, reverse=True)[:_MOST_WORDS])


def code_of(text: str) -> str:
    """A number, a reference or a serial in its capitals and digits, however it was spaced."""
    return _NO_CODE.sub("", unicodedata.normalize("NFKC", text).upper())


def first_name(name: str) -> str:
    """The word by which somebody is called; the whole name where it is one word."""
    return name.split(maxsplit=1)[0] if name.split() else ""


def _pieces(word: str) -> Sequence[str]:
    return [piece for piece in _APART.split(_folded(word)) if piece]


def _folded(text: str) -> str:
    """Without case and marks: "Ångström" and "angstrom" are one."""
    apart = unicodedata.normalize("NFKD", _lower(text))
    kept = (each for each in apart if unicodedata.category(each) not in _NONE)
    bare = "".join(each for each in kept if not unicodedata.combining(each))
    return unicodedata.normalize("NFKC", bare.translate(_LIKE))


def _lower(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()
