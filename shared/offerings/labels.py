"""The words of what is wrong with an answer to a form, and of the systems that sizes are written in."""

from collections.abc import Mapping
from typing import Final

from shared.i18n import Reader
from shared.i18n.labels import N_, Label, Labels, n_
from shared.offerings.findings import FindingReason, Mistake
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

FINDINGS: Final[Mapping[FindingReason, Label]] = {
    FindingReason.NOT_TOML: Label(
        N_("This is not TOML: %(what)s."),
        N_("Write text in double quotes and a table's name in square brackets; https://toml.io shows the rest."),
    ),
    FindingReason.OTHER_CRAFT: Label(
        N_("%(place)s is “%(found)s”."), N_("Name it as the folder is named: “%(folder)s”.")
    ),
    FindingReason.OTHER_NAME: Label(N_("%(place)s is “%(found)s”."), N_("Name it as the file is named: “%(file)s”.")),
    FindingReason.MISSING: Label(N_("%(place)s is missing."), N_("Add `%(key)s = …`.")),
    FindingReason.MISSING_WORDS: Label(N_("%(place)s is missing."), N_("Add `%(key)s = …`. In English: “%(english)s”")),
    FindingReason.NOT_KNOWN: Label(N_("%(place)s is not known here."), N_("Take it out, or look for its right place.")),
    FindingReason.MISSPELT: Label(N_("%(place)s is not known here."), N_("Did you mean `%(meant)s`?")),
    FindingReason.NO_SUCH_KIND: Label(
        N_("%(place)s has a kind that there is not: “%(kind)s”."), N_("Choose one of %(known)s.")
    ),
    FindingReason.NO_KIND: Label(N_("%(place)s says nothing about its kind."), N_("Add `kind = …`.")),
    FindingReason.NO_NAME: Label(
        N_("%(place)s is not written as a name."),
        N_("Use small letters, digits and underscores, a letter first. A currency is three capitals."),
    ),
    FindingReason.NOT_RIGHT: Label(
        N_("%(place)s cannot be right: %(what)s."), N_("The other files below shared/offerings show how.")
    ),
    FindingReason.THERE_TWICE: Label(N_("%(place)s has “%(name)s” twice."), N_("Give each entry a name of its own.")),
    FindingReason.NOT_THERE: Label(N_("%(place)s names “%(name)s”, which is not there."), N_("There is: %(known)s.")),
    FindingReason.FORMULA: Label(
        N_("%(place)s cannot be right: %(what)s."), N_("Compare the units and the names under [measures].")
    ),
    FindingReason.NOT_RECKONABLE: Label(
        N_("%(place)s cannot be worked out: %(why)s."), N_("Correct the figures that it names.")
    ),
    FindingReason.NO_MEASURE_OF_THE_FORM: Label(
        N_("%(place)s names “%(field)s”, which is no required measure of the form."),
        N_("Name a required field of kind ring_size or number, a text with the unit “letter”, or add values."),
    ),
    FindingReason.OTHER_UNIT_THAN_FIELD: Label(
        N_("%(place)s is not the unit of its field."), N_("Give it the unit that the form asks in.")
    ),
    FindingReason.UNIT_DOES_NOT_FIT: Label(
        N_("%(place)s names “%(name)s”, which is in %(found)s and not in %(wanted)s."),
        N_("Name a measure in %(wanted)s."),
    ),
    FindingReason.NO_REQUIRED_CHOICE: Label(
        N_("%(place)s names “%(field)s”, which is no required choice of the form."),
        N_("Name a required field of kind choice."),
    ),
    FindingReason.NO_CHOICE: Label(
        N_("%(place)s names “%(field)s”, which is no choice of the form."), N_("Name a field of kind choice.")
    ),
    FindingReason.OPTIONS_LEFT_OUT: Label(
        N_("%(place)s says nothing about %(options)s."), N_("Name every option of the field.")
    ),
    FindingReason.UNTITLED_MEASURE: Label(
        N_("%(place)s is missing."), N_("Add `title = …`: the step “%(stage)s” shows it.")
    ),
    FindingReason.MISPLACED_WORDS: Label(
        N_("%(place)s is words."), N_("Put it into the files of words, one a language, beside this one.")
    ),
    FindingReason.WORDS_OF_NOTHING: Label(
        N_("%(place)s is about “%(key)s”, which is not there."), N_("There is: %(known)s.")
    ),
    FindingReason.NO_WORD: Label(
        N_("%(place)s is no word that is asked for."), N_("Take it out, or put it among the numbers.")
    ),
    FindingReason.NOT_IN_ENGLISH: Label(
        N_("%(place)s is not said in English."), N_("Say it there too, or take it out.")
    ),
    FindingReason.OTHER_PLACEHOLDERS: Label(
        N_("%(place)s has other placeholders than the English words."), N_("Use %(wanted)s.")
    ),
    FindingReason.UNKNOWN_PLACEHOLDER: Label(
        N_("%(place)s names %(name)s, which is no measure that every piece has alike."), N_("There is: %(known)s.")
    ),
}

LABELS: Final = Labels(ANSWERS, SYSTEMS, FINDINGS)


def told(mistake: Mistake, reader: Reader) -> str:
    """One mistake in a line: its file and line, what is wrong where, and what to do."""
    line = f"{mistake.file}:{mistake.line}" if mistake.line else mistake.file
    what = reader.label(mistake.message, place=mistake.place)
    return f"{line}: {what} {reader.remedy(mistake.message)}".rstrip()
