"""The offerings that can be asked for."""

from collections.abc import Mapping
from datetime import date

from services.intake.domain import briefs
from services.intake.domain.briefs import BriefReason, NewBrief, unknown_offering
from shared import offerings
from shared.kernel.problems import not_found
from shared.offerings import OfferingDocument


def offered() -> tuple[OfferingDocument, ...]:
    """Every offering that can be asked for, by name."""
    return offerings.catalogue()


def form_of(craft: str, offering: str) -> OfferingDocument:
    """The offering whose form is asked for. Raises `not-found`."""
    try:
        return offerings.load(craft, offering)
    except offerings.UnknownOfferingError as error:
        raise not_found(BriefReason.UNKNOWN_OFFERING) from error


def known(craft: str, offering: str, *, field: str) -> OfferingDocument:
    """The offering that somebody named in the input `field`. Raises `validation-failed`."""
    try:
        return offerings.load(craft, offering)
    except offerings.UnknownOfferingError as error:
        raise unknown_offering([f"{each.key.craft}/{each.key.offering}" for each in offered()], field=field) from error


def read_brief(document: OfferingDocument, typed: Mapping[str, str], today: date) -> NewBrief:
    """The brief in what was typed. Raises `validation-failed` with each field, named as its input is."""
    return briefs.read_brief(document, typed, today)
