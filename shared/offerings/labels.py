"""The words of what is wrong with an answer to a form, and of the systems that sizes are written in."""

from collections.abc import Mapping
from typing import Final

from shared.i18n.labels import N_, Label, Labels, n_
from shared.offerings.rules.error import AnswerReason
from shared.offerings.rules.ring_sizes import RingSystem

ANSWERS: Final[Mapping[AnswerReason, Label]] = {
    AnswerReason.UNKNOWN_FIELD: Label(N_("The form has no such field."), N_("Leave it out, or load the form again.")),
    AnswerReason.MISSING_CHOICE: Label(N_("This is still empty."), N_("Choose one of the options.")),
    AnswerReason.MISSING_SIZE: Label(
        N_("This is still empty."), N_("Enter the size and choose its system. Not sure? Ask us.")
    ),
    AnswerReason.MISSING_DAY: Label(N_("This is still empty."), N_("Choose a day.")),
    AnswerReason.MISSING_NUMBER: Label(N_("This is still empty."), N_("Enter a number in %(unit)s.")),
    AnswerReason.MISSING_TEXT: Label(N_("This is still empty."), N_("Write a few words.")),
    AnswerReason.NOT_AN_OPTION: Label(N_("This is not one of the options."), N_("Choose one of %(options)s.")),
    AnswerReason.UNKNOWN_SYSTEM: Label(N_("Say which system the size is written in."), N_("Choose one: %(systems)s.")),
    AnswerReason.NOT_A_SIZE: Label(
        N_("This is not a size in the system you chose (%(system)s)."),
        N_("Write it like %(example)s, or choose the system that your size is written in."),
    ),
    AnswerReason.SIZE_OFF_THE_SCALE: Label(
        N_("We do not make this size: it would be %(circumference)s mm around the inside."),
        N_("We make sizes from %(least)s to %(most)s mm around. Check the size and its system."),
    ),
    AnswerReason.NOT_A_DAY: Label(
        N_("This is not a day of the calendar."), N_("Write it as year-month-day, such as %(example)s.")
    ),
    AnswerReason.DAY_IS_PAST: Label(N_("This day is past."), N_("Choose a day from %(earliest)s on.")),
    AnswerReason.DAY_TOO_SOON: Label(N_("This day is too soon."), N_("Choose a day from %(earliest)s on.")),
    AnswerReason.DAY_TOO_FAR: Label(
        N_("This day is further off than we can promise."), N_("Choose a day until %(latest)s.")
    ),
    AnswerReason.NOT_ENGRAVABLE: Label(
        N_("We cannot make the character “%(character)s” by hand."),
        N_("Use letters, digits, spaces and %(marks)s"),
    ),
    AnswerReason.TEXT_DOES_NOT_FIT: Label(
        n_(
            "This is too long for the size you chose: %(count)s character.",
            "This is too long for the size you chose: %(count)s characters.",
        ),
        N_("There is room for %(room)s characters."),
    ),
    AnswerReason.NOT_A_NUMBER: Label(
        N_("This is not a number."), N_("Enter a number in %(unit)s, such as %(example)s.")
    ),
    AnswerReason.NUMBER_OUT_OF_BOUNDS: Label(
        N_("We do not make this size."), N_("Choose from %(least)s to %(most)s %(unit)s.")
    ),
    AnswerReason.NUMBER_TOO_FINE: Label(
        N_("This is finer than we measure."), N_("Write it in steps of %(step)s %(unit)s.")
    ),
    AnswerReason.NOT_A_MEASURE: Label(
        N_("This is not a measured figure."), N_("Write the number that the tool shows, such as 54.1.")
    ),
    AnswerReason.NOT_RECKONABLE: Label(
        N_("A figure of this offering cannot be worked out: %(formula)s."), N_("Tell the studio.")
    ),
}

SYSTEMS: Final[Mapping[RingSystem, Label]] = {
    RingSystem.ISO: Label(N_("EU / ISO: millimetres around the inside")),
    RingSystem.UK: Label(N_("UK, Ireland, Australia: letters")),
    RingSystem.US: Label(N_("US, Canada: numbers")),
    RingSystem.SOUTH: Label(N_("Italy, Spain, Switzerland: numbers")),
    RingSystem.DIAMETER: Label(N_("Inner diameter in millimetres")),
}

SIZES: Final[Mapping[RingSystem, Label]] = {
    RingSystem.ISO: Label(N_("EU size %(written)s (%(around)s mm around the inside, %(across)s mm across)")),
    RingSystem.UK: Label(N_("UK size %(written)s (%(around)s mm around the inside, %(across)s mm across)")),
    RingSystem.US: Label(N_("US size %(written)s (%(around)s mm around the inside, %(across)s mm across)")),
    RingSystem.SOUTH: Label(N_("Italian size %(written)s (%(around)s mm around the inside, %(across)s mm across)")),
    RingSystem.DIAMETER: Label(N_("%(across)s mm across (%(around)s mm around the inside)")),
}
"""A size as it was written, and what it is in millimetres."""

LABELS: Final = Labels(ANSWERS, SYSTEMS)
