"""The crafts that can be asked for."""

from collections.abc import Mapping
from datetime import date

from services.intake.domain.briefs import Wish, read_wish, unknown_craft
from shared import offerings
from shared.kernel.problems import not_found
from shared.offerings import OfferingDocument


def offered() -> tuple[OfferingDocument, ...]:
    """Every craft that can be asked for, by name."""
    return offerings.catalogue()


def form_of(craft: str) -> OfferingDocument:
    """The craft whose form is asked for. Raises `not-found`."""
    try:
        return offerings.load(craft)
    except offerings.UnknownOfferingError as error:
        raise not_found("There is no such craft.") from error


def known(craft: str, *, field: str) -> OfferingDocument:
    """The craft that somebody named in the input `field`. Raises `validation-failed`."""
    try:
        return offerings.load(craft)
    except offerings.UnknownOfferingError as error:
        raise unknown_craft([each.name for each in offered()], field=field) from error


def wish(document: OfferingDocument, typed: Mapping[str, str], today: date) -> Wish:
    """The wish in what was typed. Raises `validation-failed` with each field, named as its input is."""
    return read_wish(document, typed, today)
