"""What the faults of a certificate mean, for its page and for `touchmark verify`."""

from collections.abc import Mapping
from typing import Final

from shared.certificates.faults import Fault
from shared.certificates.verification import Discrepancy
from shared.i18n import N_, Label, Reader

FAULTS: Final[Mapping[Fault, Label]] = {
    Fault.SIGNATURE: Label(N_("The signature is not the studio's signature of this certificate.")),
    Fault.UNKNOWN_FORM: Label(N_("The certificate has a form that is not known here.")),
    Fault.TEXT: Label(N_("The certificate is not written as it was signed.")),
    Fault.VALUE: Label(N_("%(place)s is not what was signed.")),
    Fault.VALUE_KNOWN: Label(N_("%(place)s is not what was signed, which is %(signed)s.")),
    Fault.SERIAL: Label(N_("certificate.serial is %(certified)s, but it is stored under %(stored)s.")),
    Fault.ENTRY_MISSING: Label(N_("Entry %(entry)s of the journal is missing.")),
    Fault.ENTRY_UNCHAINED: Label(N_("Entry %(entry)s of the journal does not follow from the entry before it.")),
    Fault.ENTRY_MALFORMED: Label(N_("Entry %(entry)s of the journal is not written as a journal is.")),
    Fault.ENTRY_CHANGED: Label(N_("Entry %(entry)s of the journal is not what was written.")),
    Fault.ENTRY_NOT_SIGNED: Label(N_("Entry %(entry)s of the journal is not the one that was signed.")),
    Fault.ENTRY_ADDED: Label(N_("Entry %(entry)s of the journal was added after signing.")),
    Fault.JOURNAL_END: Label(N_("The end of the journal is not the entry that was written last.")),
    Fault.PHOTO_CHANGED: Label(N_("The photo of %(place)s is not the one that was signed.")),
    Fault.PHOTO_MISSING: Label(N_("The photo of %(place)s is missing.")),
}

_AFFECTED: Final = N_("Affected: %(parts)s.")


def described(discrepancy: Discrepancy, reader: Reader) -> str:
    """What differs, with the parts of the certificate that depend on it."""
    said = reader.label(discrepancy.what)
    return f"{said} {reader.message(_AFFECTED, parts=', '.join(discrepancy.parts))}" if discrepancy.parts else said
