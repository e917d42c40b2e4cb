"""Words, character by character, so that nobody signs one for another that looks like it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from types import MappingProxyType

from shared.kernel.phrases import Phrase


class CharacterCode(StrEnum):
    """How a character is called; a code for many characters has the letter among its parameters."""

    SPACE = auto()
    HYPHEN = auto()
    DASH = auto()
    STRAIGHT_APOSTROPHE = auto()
    APOSTROPHE = auto()
    MIDDLE_DOT = auto()
    FULL_STOP = auto()
    COMMA = auto()
    AMPERSAND = auto()
    PLUS = auto()
    HEART = auto()
    INFINITY = auto()
    ZERO = auto()
    ONE = auto()
    TWO = auto()
    THREE = auto()
    FOUR = auto()
    FIVE = auto()
    SIX = auto()
    SEVEN = auto()
    EIGHT = auto()
    NINE = auto()
    CAPITAL = auto()
    SMALL = auto()
    CAPITAL_WITH = auto()
    SMALL_WITH = auto()
    OTHER = auto()


class Accent(StrEnum):
    """Unicode's names of the accents that letters in Europe have."""

    ACUTE = "ACUTE"
    GRAVE = "GRAVE"
    CIRCUMFLEX = "CIRCUMFLEX"
    DIAERESIS = "DIAERESIS"
    TILDE = "TILDE"
    CARON = "CARON"
    CEDILLA = "CEDILLA"
    CIRCLE = unicodedata.name("\u030a").removeprefix("COMBINING ")
    STROKE = "STROKE"
    OGONEK = "OGONEK"
    MACRON = "MACRON"
    BREVE = "BREVE"
    DOUBLE_ACUTE = "DOUBLE ACUTE"
    DOT = "DOT ABOVE"


_OWN: Mapping[str, CharacterCode] = MappingProxyType(
    {
        " ": CharacterCode.SPACE,
        "-": CharacterCode.HYPHEN,
        "–": CharacterCode.DASH,  # noqa: RUF001 (the character that is meant)
        "'": CharacterCode.STRAIGHT_APOSTROPHE,
        "’": CharacterCode.APOSTROPHE,  # noqa: RUF001 (likewise)
        "·": CharacterCode.MIDDLE_DOT,
        ".": CharacterCode.FULL_STOP,
        ",": CharacterCode.COMMA,
        "&": CharacterCode.AMPERSAND,
        "+": CharacterCode.PLUS,
        "♥": CharacterCode.HEART,
        "∞": CharacterCode.INFINITY,
        "0": CharacterCode.ZERO,
        "1": CharacterCode.ONE,
        "2": CharacterCode.TWO,
        "3": CharacterCode.THREE,
        "4": CharacterCode.FOUR,
        "5": CharacterCode.FIVE,
        "6": CharacterCode.SIX,
        "7": CharacterCode.SEVEN,
        "8": CharacterCode.EIGHT,
        "9": CharacterCode.NINE,
    }
)
_ALIKE = frozenset("Il1O0S5Z2B8")


@dataclass(frozen=True)
class SpelledCharacter:
    """One character. `alike` says that another one looks like it, so that its name has to be read."""

    character: str
    name: Phrase
    alike: bool


def spell(text: str) -> tuple[SpelledCharacter, ...]:
    """Every character of the text with its name, spaces too."""
    return tuple(SpelledCharacter(each, name_of(each), _is_alike(each)) for each in text)


def name_of(character: str) -> Phrase:
    """A character as one would say it on the telephone: "capital I", "small l", "zero", "small e with acute"."""
    if own := _OWN.get(character):
        return Phrase(own)
    if character.isascii() and character.isalpha():
        return Phrase(CharacterCode.CAPITAL if character.isupper() else CharacterCode.SMALL, letter=character)
    return _by_unicode(character)


def _by_unicode(character: str) -> Phrase:
    """From Unicode's name: LATIN SMALL LETTER E WITH ACUTE, say."""
    name = unicodedata.name(character, "")
    for case, plain, accented in (
        ("CAPITAL", CharacterCode.CAPITAL, CharacterCode.CAPITAL_WITH),
        ("SMALL", CharacterCode.SMALL, CharacterCode.SMALL_WITH),
    ):
        head = f"LATIN {case} LETTER "
        if not name.startswith(head):
            continue
        letter, _, accent = name.removeprefix(head).partition(" WITH ")
        written = letter if case == "CAPITAL" else letter.lower()
        if not accent:
            return Phrase(plain, letter=written)
        return Phrase(accented, letter=written, accent=_accent(accent))
    return Phrase(CharacterCode.OTHER, name=name.lower() or f"U+{ord(character):04X}")


def _accent(name: str) -> Accent | str:
    try:
        return Accent(name)
    except ValueError:
        return name.lower()


def _is_alike(character: str) -> bool:
    return character in _ALIKE or not (character.isascii() and character.isalnum())
