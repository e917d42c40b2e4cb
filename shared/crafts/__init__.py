"""Crafts: one file each (`<craft>.toml`), the model that reads it, and the named rules it can call on.

`load("jewellery")` gives the document; `validate_answers(document.craft, raw, today)` reads a customer's form.
"""

from shared.crafts.answers import validate_answers
from shared.crafts.catalogue import UnknownCraftError, catalogue, load
from shared.crafts.document import CraftDocument, CraftFileError
from shared.crafts.model import Craft

__all__ = [
    "Craft",
    "CraftDocument",
    "CraftFileError",
    "UnknownCraftError",
    "catalogue",
    "load",
    "validate_answers",
]
