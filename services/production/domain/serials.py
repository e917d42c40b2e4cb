"""A piece's serial: short, not to be guessed, and easy to read from a card in the box.

Eleven characters of chance (55 bits) and a check character, in Douglas Crockford's Base32
(https://www.crockford.com/base32.html): no I, L, O or U, so that nothing is misread and no word is spelt. The check
character is the number modulo 37; of its five signs that are neither digit nor letter none is ever needed, since a
number that would get one is not used.
"""

from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH, _GROUP = 12, 4
_BITS = 5 * (_LENGTH - 1)
_CHECKED_BY = 37
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


def draw(chance: Callable[[int], int]) -> str:
    """A new serial, as in `7K3M-9XQT-R2VD`; `chance` draws a number of so many bits."""
    while True:
        number = chance(_BITS)
        if number % _CHECKED_BY < len(ALPHABET):
            return _in_letters(number)


def read(typed: str) -> str | None:
    """The serial that was typed, in its stored form; None if it cannot be one.

    Lower case, spaces and missing hyphens are accepted, O is read as 0, I and L as 1. One wrong character, or two
    that changed places, are noticed.
    """
    plain = typed.upper().translate(_READ_AS)
    if len(plain) != _LENGTH or any(character not in ALPHABET for character in plain):
        return None
    number = 0
    for character in plain[:-1]:
        number = number * len(ALPHABET) + ALPHABET.index(character)
    return _grouped(plain) if number % _CHECKED_BY == ALPHABET.index(plain[-1]) else None


def _in_letters(number: int) -> str:
    check = ALPHABET[number % _CHECKED_BY]
    characters = [ALPHABET[number >> shift & 31] for shift in range(_BITS - 5, -1, -5)]
    return _grouped("".join(characters) + check)


def _grouped(plain: str) -> str:
    return "-".join(plain[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))
