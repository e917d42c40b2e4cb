"""Why a rule refuses what it is given, as codes; `shared.offerings.labels` has their words."""

from enum import StrEnum, auto

from shared.kernel.phrases import Phrase


class AnswerReason(StrEnum):
    """What is wrong with an answer, or with a figure that somebody wrote down."""

    UNKNOWN_FIELD = auto()
    MISSING_CHOICE = auto()
    MISSING_SIZE = auto()
    MISSING_DAY = auto()
    MISSING_NUMBER = auto()
    MISSING_TEXT = auto()
    NOT_AN_OPTION = auto()
    UNKNOWN_SYSTEM = auto()
    NOT_A_SIZE = auto()
    SIZE_OFF_THE_SCALE = auto()
    NOT_A_DAY = auto()
    DAY_IS_PAST = auto()
    DAY_TOO_SOON = auto()
    DAY_TOO_FAR = auto()
    NOT_ENGRAVABLE = auto()
    TEXT_DOES_NOT_FIT = auto()
    NOT_A_NUMBER = auto()
    NUMBER_OUT_OF_BOUNDS = auto()
    NUMBER_TOO_FINE = auto()
    NOT_A_MEASURE = auto()
    NOT_RECKONABLE = auto()


class RuleError(ValueError):
    """An answer breaks a rule; `message` is for the person who gave it, and its label has the remedy."""

    def __init__(self, message: Phrase) -> None:
        super().__init__(str(message))
        self.message = message

    @classmethod
    def of_formula(cls, formula: str) -> "RuleError":
        return cls(Phrase(AnswerReason.NOT_RECKONABLE, formula=formula))
