"""Words, character by character, so that nobody signs one for another that looks like it."""

import unicodedata
from dataclasses import dataclass

_OWN_NAMES = {
    " ": "space",
    "-": "hyphen",
    "–": "long dash",  # noqa: RUF001 (the character that is meant)
    "'": "straight apostrophe",
    "’": "apostrophe",  # noqa: RUF001 (likewise)
    "·": "dot at half height",
    ".": "full stop",
    ",": "comma",
    "&": "and sign",
    "+": "plus sign",
    "♥": "heart",
    "∞": "infinity",
}
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ALIKE = frozenset("Il1O0S5Z2B8")


@dataclass(frozen=True)
class SpelledCharacter:
    """One character. `alike` says that another one looks like it, so that its name has to be read."""

    character: str
    name: str
    alike: bool


def spell(text: str) -> tuple[SpelledCharacter, ...]:
    """Every character of the text with its name, spaces too."""
    return tuple(SpelledCharacter(each, name_of(each), _is_alike(each)) for each in text)


def name_of(character: str) -> str:
    """A character as one would say it on the telephone: "capital I", "small l", "zero", "small e with acute"."""
    if own := _OWN_NAMES.get(character):
        return own
    if character.isascii() and character.isdigit():
        return _DIGITS[int(character)]
    if character.isascii() and character.isalpha():
        return f"{'capital' if character.isupper() else 'small'} {character}"
    return _unicode_name(character)


def _unicode_name(character: str) -> str:
    """From Unicode's name: LATIN SMALL LETTER E WITH ACUTE, say."""
    name = unicodedata.name(character, "unknown sign")
    for case, said in (("CAPITAL", "capital"), ("SMALL", "small")):
        head = f"LATIN {case} LETTER "
        if name.startswith(head):
            letter, _, accent = name.removeprefix(head).partition(" WITH ")
            plain = letter if case == "CAPITAL" else letter.lower()
            return f"{said} {plain} with {accent.lower()}" if accent else f"{said} {plain}"
    return name.lower()


def _is_alike(character: str) -> bool:
    return character in _ALIKE or not (character.isascii() and character.isalnum())
