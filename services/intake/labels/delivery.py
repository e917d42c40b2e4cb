"""The words of where a piece goes."""

from collections.abc import Mapping
from typing import Final

from services.intake.domain.delivery import DeliveryReason
from shared.i18n import N_, Label

REASONS: Final[Mapping[DeliveryReason, Label]] = {
    DeliveryReason.WAY_MISSING: Label(N_("It is not said how it comes."), N_("Choose a parcel, or to collect it.")),
    DeliveryReason.NAME_MISSING: Label(N_("The name is missing."), N_("Write the name as it stands on the door.")),
    DeliveryReason.STREET_MISSING: Label(N_("The street is missing."), N_("Write street and house number.")),
    DeliveryReason.CITY_MISSING: Label(N_("The city is missing."), N_("Write the city or village.")),
    DeliveryReason.NOT_A_POSTCODE: Label(
        N_("This is no postcode of that country."), N_("Write it as on a letter, for example %(example)s.")
    ),
    DeliveryReason.NOT_A_PHONE: Label(
        N_("This is no phone number."), N_("Use digits, with the country's code, for example +49 30 1234567.")
    ),
    DeliveryReason.NOT_ACCEPTED: Label(
        N_("Nothing is ordered yet."), N_("We ask for the address once the quote is accepted.")
    ),
    DeliveryReason.PACKED: Label(
        N_("The piece is packed, so the address cannot be changed here any more."),
        N_("Write to the studio: it can change the address until the carrier has the parcel."),
    ),
    DeliveryReason.SENT: Label(
        N_("The piece has left the studio."),
        N_("A parcel goes to the address on its label. If it cannot arrive there, write to the studio at once."),
    ),
    DeliveryReason.NOT_SENT: Label(N_("The parcel has not been sent yet."), N_("This page tells you when it is.")),
    DeliveryReason.ARRIVED: Label(
        N_("The parcel was reported as arrived."), N_("If that is wrong, write to the studio at once.")
    ),
    DeliveryReason.OVER: Label(N_("This commission has ended."), N_("Nothing is sent any more.")),
}
