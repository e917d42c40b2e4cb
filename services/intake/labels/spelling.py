"""How characters are called, where words are spelled letter by letter."""

from collections.abc import Mapping
from typing import Final

from services.intake.domain.spelling import Accent, CharacterCode
from shared.i18n import N_, Label

CHARACTERS: Final[Mapping[CharacterCode, Label]] = {
    CharacterCode.SPACE: Label(N_("space")),
    CharacterCode.HYPHEN: Label(N_("hyphen")),
    CharacterCode.DASH: Label(N_("dash")),
    CharacterCode.STRAIGHT_APOSTROPHE: Label(N_("straight apostrophe")),
    CharacterCode.APOSTROPHE: Label(N_("apostrophe")),
    CharacterCode.MIDDLE_DOT: Label(N_("middle dot")),
    CharacterCode.FULL_STOP: Label(N_("full stop")),
    CharacterCode.COMMA: Label(N_("comma")),
    CharacterCode.AMPERSAND: Label(N_("ampersand")),
    CharacterCode.PLUS: Label(N_("plus sign")),
    CharacterCode.HEART: Label(N_("heart")),
    CharacterCode.INFINITY: Label(N_("infinity sign")),
    CharacterCode.ZERO: Label(N_("zero")),
    CharacterCode.ONE: Label(N_("one")),
    CharacterCode.TWO: Label(N_("two")),
    CharacterCode.THREE: Label(N_("three")),
    CharacterCode.FOUR: Label(N_("four")),
    CharacterCode.FIVE: Label(N_("five")),
    CharacterCode.SIX: Label(N_("six")),
    CharacterCode.SEVEN: Label(N_("seven")),
    CharacterCode.EIGHT: Label(N_("eight")),
    CharacterCode.NINE: Label(N_("nine")),
    CharacterCode.CAPITAL: Label(N_("capital %(letter)s")),
    CharacterCode.SMALL: Label(N_("small %(letter)s")),
    CharacterCode.CAPITAL_WITH: Label(N_("capital %(letter)s with %(accent)s")),
    CharacterCode.SMALL_WITH: Label(N_("small %(letter)s with %(accent)s")),
    CharacterCode.OTHER: Label(N_("%(name)s")),
}

ACCENTS: Final[Mapping[Accent, Label]] = {
    Accent.ACUTE: Label(N_("acute")),
    Accent.GRAVE: Label(N_("grave")),
    Accent.CIRCUMFLEX: Label(N_("circumflex")),
    Accent.DIAERESIS: Label(N_("diaeresis")),
    Accent.TILDE: Label(N_("tilde")),
    Accent.CARON: Label(N_("caron")),
    Accent.CEDILLA: Label(N_("cedilla")),
    Accent.CIRCLE: Label(N_("circle above")),
    Accent.STROKE: Label(N_("stroke")),
    Accent.OGONEK: Label(N_("ogonek")),
    Accent.MACRON: Label(N_("macron")),
    Accent.BREVE: Label(N_("breve")),
    Accent.DOUBLE_ACUTE: Label(N_("double acute")),
    Accent.DOT: Label(N_("dot above")),
}
