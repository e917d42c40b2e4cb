"""The crafts that can be asked for."""

from collections.abc import Mapping
from datetime import date

from services.intake.domain.briefs import Wish, read_wish, unknown_craft
from shared import crafts
from shared.crafts import CraftDocument
from shared.kernel.problems import not_found


def offered() -> tuple[CraftDocument, ...]:
    """Every craft that can be asked for, by name."""
    return crafts.catalogue()


def form_of(craft: str) -> CraftDocument:
    """The craft whose form is asked for. Raises `not-found`."""
    try:
        return crafts.load(craft)
    except crafts.UnknownCraftError as error:
        raise not_found("There is no such craft.") from error


def known(craft: str, *, field: str) -> CraftDocument:
    """The craft that somebody named in the input `field`. Raises `validation-failed`."""
    try:
        return crafts.load(craft)
    except crafts.UnknownCraftError as error:
        raise unknown_craft([each.name for each in offered()], field=field) from error


def wish(document: CraftDocument, typed: Mapping[str, str], today: date) -> Wish:
    """The wish in what was typed. Raises `validation-failed` with each field, named as its input is."""
    return read_wish(document, typed, today)
