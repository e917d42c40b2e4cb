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
        N_("This date does not exist."), N_("Write it as year-month-day, such as %(example)s.")
    ),
    AnswerReason.DAY_IS_PAST: Label(N_("This day has passed."), N_("Choose %(earliest)s or a later day.")),
    AnswerReason.DAY_TOO_SOON: Label(N_("This day is too soon."), N_("Choose %(earliest)s or a later day.")),
    AnswerReason.DAY_TOO_FAR: Label(
        N_("This day is too far ahead for us to promise."), N_("Choose %(latest)s or an earlier day.")
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
        N_("We do not make this size."), N_("Enter a number from %(least)s to %(most)s %(unit)s.")
    ),
    AnswerReason.NUMBER_TOO_FINE: Label(
        N_("This is more precise than we can measure."), N_("Round it to steps of %(step)s %(unit)s.")
    ),
    AnswerReason.NOT_A_MEASURE: Label(
        N_("This is not a measurement."), N_("Enter the number that the tool shows, such as 54.1.")
    ),
    AnswerReason.NOT_RECKONABLE: Label(
        N_("A figure of this offering cannot be calculated: %(formula)s."), N_("Tell the studio.")
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
        N_("Put text in double quotes and table names in square brackets. See https://toml.io for the rest."),
    ),
    FindingReason.OTHER_CRAFT: Label(
        N_("%(place)s is “%(found)s”."), N_("It must be the name of the folder: “%(folder)s”.")
    ),
    FindingReason.OTHER_NAME: Label(
        N_("%(place)s is “%(found)s”."), N_("It must be the name of the file: “%(file)s”.")
    ),
    FindingReason.MISSING: Label(N_("%(place)s is missing."), N_("Add `%(key)s = …`.")),
    FindingReason.MISSING_WORDS: Label(N_("%(place)s is missing."), N_("Add `%(key)s = …`. In English: “%(english)s”")),
    FindingReason.NOT_KNOWN: Label(N_("%(place)s is unknown."), N_("Remove it, or move it to where it belongs.")),
    FindingReason.MISSPELT: Label(N_("%(place)s is unknown."), N_("Did you mean `%(meant)s`?")),
    FindingReason.NO_SUCH_KIND: Label(N_("%(place)s has an unknown kind: “%(kind)s”."), N_("Choose one of %(known)s.")),
    FindingReason.NO_KIND: Label(N_("%(place)s has no kind."), N_("Add `kind = …`.")),
    FindingReason.NO_NAME: Label(
        N_("%(place)s is not a valid name."),
        N_(
            "Use lower-case letters, digits and underscores, and start with a letter. "
            "A currency is three capital letters."
        ),
    ),
    FindingReason.NOT_RIGHT: Label(
        N_("%(place)s is not valid: %(what)s."), N_("See the other files in shared/offerings.")
    ),
    FindingReason.THERE_TWICE: Label(N_("%(place)s has “%(name)s” twice."), N_("Give each entry its own name.")),
    FindingReason.NOT_THERE: Label(
        N_("%(place)s names “%(name)s”, which does not exist."), N_("Choose one of %(known)s.")
    ),
    FindingReason.FORMULA: Label(
        N_("%(place)s is not valid: %(what)s."), N_("Compare the units and the names under [measures].")
    ),
    FindingReason.NOT_RECKONABLE: Label(
        N_("%(place)s cannot be calculated: %(why)s."), N_("Correct the figures that it uses.")
    ),
    FindingReason.NO_MEASURE_OF_THE_FORM: Label(
        N_("%(place)s names “%(field)s”, which is not a required measure of the form."),
        N_("Name a required field of kind ring_size or number, a text with the unit “letter”, or add values."),
    ),
    FindingReason.OTHER_UNIT_THAN_FIELD: Label(
        N_("%(place)s is not the unit of its field."), N_("Use the same unit as the form.")
    ),
    FindingReason.UNIT_DOES_NOT_FIT: Label(
        N_("%(place)s names “%(name)s”, which is in %(found)s and not in %(wanted)s."),
        N_("Name a measure in %(wanted)s."),
    ),
    FindingReason.NO_REQUIRED_CHOICE: Label(
        N_("%(place)s names “%(field)s”, which is not a required choice of the form."),
        N_("Name a required field of kind choice."),
    ),
    FindingReason.NO_CHOICE: Label(
        N_("%(place)s names “%(field)s”, which is not a choice of the form."), N_("Name a field of kind choice.")
    ),
    FindingReason.OPTIONS_LEFT_OUT: Label(
        N_("%(place)s has no entry for %(options)s."), N_("Add an entry for every option of the field.")
    ),
    FindingReason.UNTITLED_MEASURE: Label(
        N_("%(place)s is missing."), N_("Add `title = …`: the step “%(stage)s” shows it.")
    ),
    FindingReason.MISPLACED_WORDS: Label(
        N_("%(place)s is text for people."), N_("Move it to the words files beside this file, one for each language.")
    ),
    FindingReason.WORDS_OF_NOTHING: Label(
        N_("%(place)s is about “%(key)s”, which does not exist."), N_("Choose one of %(known)s.")
    ),
    FindingReason.NO_WORD: Label(N_("%(place)s is not used."), N_("Remove it, or move it to the file of numbers.")),
    FindingReason.NOT_IN_ENGLISH: Label(
        N_("%(place)s is missing in English."), N_("Add it in English, or remove it here.")
    ),
    FindingReason.OTHER_PLACEHOLDERS: Label(
        N_("%(place)s has different placeholders than the English text."), N_("Use %(wanted)s.")
    ),
    FindingReason.PLACEHOLDER_NOT_GIVEN: Label(
        N_("%(place)s names %(name)s, which is not known there."), N_("Choose one of %(known)s.")
    ),
    FindingReason.UNKNOWN_PLACEHOLDER: Label(
        N_("%(place)s names %(name)s, which is not the same for every piece."), N_("Choose one of %(known)s.")
    ),
}

LABELS: Final = Labels(ANSWERS, SYSTEMS, FINDINGS)


def mistake_line(mistake: Mistake, reader: Reader) -> str:
    """One mistake in a line: its file and line, what is wrong where, and what to do."""
    line = f"{mistake.file}:{mistake.line}" if mistake.line else mistake.file
    what = reader.label(mistake.message, place=mistake.place)
    return f"{line}: {what} {reader.remedy(mistake.message)}".rstrip()
