"""Letters that are cut, painted or stamped by hand: which there are, and how many fit."""

import unicodedata
from decimal import Decimal

from shared.kernel.phrases import Phrase
from shared.offerings.rules.error import AnswerReason, RuleError


def letters_that_fit(room_mm: Decimal, *, letter_mm: Decimal) -> int:
    """How many letters of `letter_mm`, each with its space, fit into this length."""
    return max(0, int(room_mm / letter_mm))


def as_cut(text: str) -> str:
    """The text as a hand cuts it: each kind of space is one, and what is typed as one sign for two letters is two."""
    return "".join(map(_as_cut, text))


def _as_cut(character: str) -> str:
    if character.isspace() and character not in "\n\r\t":
        return " "
    letters = unicodedata.normalize("NFKC", character)
    return letters if len(letters) > 1 and all(map(_latin, letters)) else character


def inscription(text: str, *, marks: str, room: int) -> str:
    """Refuse what a hand's Latin alphabet does not have, and more letters than there is room for. Raises RuleError."""
    for character in text:
        if not (character in marks or character == " " or _latin(character)):
            raise RuleError(Phrase(AnswerReason.NOT_ENGRAVABLE, character=character, marks=" ".join(marks)))
    if len(text) > room:
        raise RuleError(Phrase(AnswerReason.TEXT_DOES_NOT_FIT, count=len(text), room=room))
    return text


def _latin(character: str) -> bool:
    if character.isascii():
        return character.isalnum()
    return character.isalpha() and unicodedata.name(character, "").startswith("LATIN ")
