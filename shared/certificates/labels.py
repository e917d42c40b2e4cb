"""What the faults of a certificate mean, for its page and for `touchmark verify`."""

from collections.abc import Mapping
from typing import Final

from shared.certificates.faults import Fault
from shared.certificates.verification import Discrepancy
from shared.i18n import N_, Label, Reader

FAULTS: Final[Mapping[Fault, Label]] = {
    Fault.SIGNATURE: Label(N_("The studio's signature on this certificate is not valid.")),
    Fault.UNKNOWN_FORM: Label(N_("The format of this certificate is unknown.")),
    Fault.TEXT: Label(N_("The certificate is not in the exact form that was signed.")),
    Fault.VALUE: Label(N_("%(place)s differs from what was signed.")),
    Fault.VALUE_KNOWN: Label(N_("%(place)s differs from what was signed: %(signed)s.")),
    Fault.SERIAL: Label(N_("The certificate has the number %(certified)s, but it is stored under %(stored)s.")),
    Fault.ENTRY_MISSING: Label(N_("Entry %(entry)s of the journal is missing.")),
    Fault.ENTRY_UNCHAINED: Label(N_("Entry %(entry)s of the journal does not match the entry before it.")),
    Fault.ENTRY_MALFORMED: Label(N_("Entry %(entry)s of the journal has the wrong format.")),
    Fault.ENTRY_CHANGED: Label(N_("Entry %(entry)s of the journal was changed after it was written.")),
    Fault.ENTRY_NOT_SIGNED: Label(N_("Entry %(entry)s of the journal is not the one that was signed.")),
    Fault.ENTRY_ADDED: Label(N_("Entry %(entry)s of the journal was added after signing.")),
    Fault.JOURNAL_END: Label(N_("The end of the journal is not the entry that was written last.")),
    Fault.PHOTO_CHANGED: Label(N_("The photo of %(place)s is not the one that was signed.")),
    Fault.PHOTO_MISSING: Label(N_("The photo of %(place)s is missing.")),
    Fault.NOT_JSON: Label(N_("It is not JSON as certificates are written.")),
    Fault.FIELD: Label(N_("%(place)s is missing, unknown or not valid.")),
    Fault.SPELLING: Label(N_("%(place)s is not written as we write it.")),
    Fault.SPELLING_KNOWN: Label(N_("%(place)s is not written as we write it: %(meant)s.")),
}

_AFFECTED: Final = N_("Affected: %(parts)s.")


def described(discrepancy: Discrepancy, reader: Reader) -> str:
    """What differs, with the parts of the certificate that depend on it."""
    said = reader.label(discrepancy.what)
    return f"{said} {reader.message(_AFFECTED, parts=', '.join(discrepancy.parts))}" if discrepancy.parts else said
