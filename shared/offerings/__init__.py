"""Crafts: one file each (`<craft>.toml`), the model that reads it, and the named rules it can call on.

`load("jewellery")` gives the document; `validate_answers(document.craft, raw, today)` reads a customer's form.
"""

from shared.offerings.answers import validate_answers
from shared.offerings.catalogue import UnknownOfferingError, catalogue, load
from shared.offerings.document import OfferingDocument, OfferingFileError
from shared.offerings.model import Offering

__all__ = [
    "Offering",
    "OfferingDocument",
    "OfferingFileError",
    "UnknownOfferingError",
    "catalogue",
    "load",
    "validate_answers",
]
