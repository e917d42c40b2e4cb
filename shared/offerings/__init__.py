"""Offerings: what can be asked for, as files of numbers (`<craft>/<name>.toml`) and of words, one a language.

    document = load("jewellery", "engraved-ring")    # as it is shipped; `kept(tx, key)` reads what a service keeps
    offering = document.offering                     # in English
    german = offering.in_language("de")              # the same, in the words of another language

Logic works with ids and numbers (a stage's id, a measure). At the edge, where the reader is known, take the offering in
the reader's language, and every title, label and reason of it is in that language:

    translated = offering.in_language(reader.language)
    translated.making.stage("bend").title
    spoken(offering, answer, reader)                 # of shared.offerings.spoken: "18 ct yellow gold (750)", "Satin"

`validate_answers(offering, raw, today)` reads a customer's form, `offering.measure(name, answers)` works out a figure,
and `part.applies(answers)` says whether a check, a material or a sentence holds for a brief.
"""

from shared.offerings.answers import validate_answers
from shared.offerings.catalogue import UnknownOfferingError, catalogue, load
from shared.offerings.document import OfferingDocument, OfferingFileError
from shared.offerings.key import OfferingKey
from shared.offerings.model import Offering

__all__ = [
    "Offering",
    "OfferingDocument",
    "OfferingFileError",
    "OfferingKey",
    "UnknownOfferingError",
    "catalogue",
    "load",
    "validate_answers",
]
