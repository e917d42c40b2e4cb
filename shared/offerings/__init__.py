"""Offerings: one file each (`<craft>/<name>.toml`), the model that reads it, and the named rules it can call on.

`load("jewellery", "engraved-ring")` gives the document; `validate_answers(document.offering, raw, today)` reads a
customer's form.
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
