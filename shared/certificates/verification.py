"""Whether a certificate is what the studio signed, and its journal what the bench wrote; if not, what differs.

Everything is computed from what is stored: the page does it on every request, `touchmark verify` with a file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from joserfc.jwk import KeySet
from pydantic import ValidationError

from shared.certificates.canonical import Json, NotCanonicalError, canonical, read
from shared.certificates.certificate import Certificate, CertificatePart
from shared.certificates.faults import Fault
from shared.certificates.journal import JournalEntry, broken_links
from shared.certificates.signature import NotSignedError, opened
from shared.kernel.phrases import Phrase


@dataclass(frozen=True)
class Discrepancy:
    """Something that differs; `parts` are those of the certificate that were compiled from it."""

    what: Phrase
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class SignedCertificate:
    """A certificate with all that proves it. `text` is its canonical JSON, `entries` the journal behind it."""

    serial: str
    text: str
    signature: str
    entries: tuple[JournalEntry, ...]


class FiledEntry(CertificatePart):
    """An entry of the journal in a file."""

    sequence: int
    at: datetime
    entry: str
    by: UUID | None
    said: dict[str, Any]
    previous: str
    digest: str


class CertificateFile(CertificatePart):
    """What is downloaded: the certificate, the signature, the public key that made it, and the journal."""

    touchmark: Literal["certificate"] = "certificate"
    certificate: dict[str, Any]
    signature: str
    key: dict[str, Any]
    journal: tuple[FiledEntry, ...]

    @property
    def signed_certificate(self) -> SignedCertificate:
        """What is to be verified. Raises NotCanonicalError."""
        entries = tuple(
            JournalEntry(one.sequence, one.at, one.entry, one.by, canonical(one.said), one.previous, one.digest)
            for one in self.journal
        )
        text = canonical(self.certificate)
        return SignedCertificate(str(self.certificate.get("serial", "")), text, self.signature, entries)


class NotACertificateError(ValueError):
    """This file is no certificate of ours: `what` is for people."""

    def __init__(self, what: Phrase, detail: str) -> None:
        super().__init__(detail)
        self.what = what


def to_file(signed_certificate: SignedCertificate, key: dict[str, Any]) -> CertificateFile:
    """The file for verifying it without the studio. Raises NotCanonicalError if it is not JSON any more."""
    certificate = read(signed_certificate.text)
    return CertificateFile(
        certificate=certificate if isinstance(certificate, dict) else {},
        signature=signed_certificate.signature,
        key=key,
        journal=tuple(_filed(entry) for entry in signed_certificate.entries),
    )


def read_file(text: str | bytes) -> CertificateFile:
    """A downloaded certificate, however it was laid out since.

    Raises:
        NotACertificateError: it is something else, or was damaged.
    """
    try:
        written = read(text)
        found = CertificateFile.model_validate_json(canonical(written), strict=True)
        for place, was in _differences(written, read(found.model_dump_json()), "file"):
            what = Phrase(Fault.SPELLING_KNOWN, place=place, meant=was) if was else Phrase(Fault.SPELLING, place=place)
            raise NotACertificateError(what, f"{place} is not written as we write it")
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise NotACertificateError(Phrase(Fault.FIELD, place=place), f"{place}: {first['msg']}") from error
    except NotCanonicalError as error:
        raise NotACertificateError(Phrase(Fault.NOT_JSON), str(error)) from error
    return found


def parse_certificate(text: str) -> Certificate | None:
    """The certificate in this text; None if it cannot be understood any more."""
    try:
        return Certificate.model_validate_json(text)
    except ValidationError:
        return None


def as_signed(signed_certificate: SignedCertificate) -> SignedCertificate:
    """The same with the entries that were signed, without those that were written since."""
    certificate = parse_certificate(signed_certificate.text)
    return (
        replace(signed_certificate, entries=signed_certificate.entries[: len(certificate.journal)])
        if certificate
        else signed_certificate
    )


def verify_certificate(signed_certificate: SignedCertificate, keys: KeySet) -> list[Discrepancy]:
    """What differs from what was signed and written; nothing if all is in order."""
    try:
        signed = opened(signed_certificate.signature, keys)
    except NotSignedError:
        wrong = Discrepancy(Phrase(Fault.SIGNATURE))
        return [wrong, *_of_journal(signed_certificate, signed_certificate.text)]
    return [
        *_of_text(signed_certificate.text, signed),
        *_of_serial(signed_certificate.serial, signed),
        *_of_journal(signed_certificate, signed),
    ]


def verify_later_entries(
    serial: str, entries: Sequence[JournalEntry], signed: int, last_digest: str | None
) -> list[Discrepancy]:
    """What is wrong with what was written after the first `signed` entries, and with the end that the journal names."""
    later = [(number, fault) for number, fault in broken_links(serial, entries) if number > signed]
    wrong = [Discrepancy(Phrase(fault, entry=number)) for number, fault in later]
    if (entries[-1].digest if entries else None) != last_digest:
        wrong.append(Discrepancy(Phrase(Fault.JOURNAL_END)))
    return wrong


def _of_text(text: str, signed: str) -> Iterator[Discrepancy]:
    if text == signed:
        return
    try:
        places = list(_differences(read(text), read(signed), "certificate"))
    except NotCanonicalError:
        places = []
    if not places:
        yield Discrepancy(Phrase(Fault.TEXT))
    for place, was in places:
        yield Discrepancy(
            Phrase(Fault.VALUE_KNOWN, place=place, signed=was) if was else Phrase(Fault.VALUE, place=place)
        )


def _differences(found: Json, signed: Json, place: str) -> Iterator[tuple[str, str]]:
    """Where two values differ, with what was signed there, if that is short."""
    match found, signed:
        case dict(), dict():
            for name in sorted(found.keys() | signed.keys()):
                yield from _differences(found.get(name), signed.get(name), f"{place}.{name}")
        case list(), list() if len(found) == len(signed):
            for number, (one, other) in enumerate(zip(found, signed, strict=True)):
                yield from _differences(one, other, f"{place}[{number}]")
        case _ if found != signed or type(found) is not type(signed):
            yield place, "" if isinstance(signed, dict | list) else canonical(signed)


def _of_serial(serial: str, signed: str) -> Iterator[Discrepancy]:
    certificate = parse_certificate(signed)
    if certificate is None:
        yield Discrepancy(Phrase(Fault.UNKNOWN_FORM))
    elif certificate.serial != serial:
        yield Discrepancy(Phrase(Fault.SERIAL, certified=certificate.serial, stored=serial))


def _of_journal(signed_certificate: SignedCertificate, text: str) -> Iterator[Discrepancy]:
    """What is wrong with the journal: by itself, and against the digests in this text."""
    certificate = parse_certificate(text)
    serial = certificate.serial if certificate else signed_certificate.serial
    wrong: dict[int, Fault] = {}
    for number, fault in broken_links(serial, signed_certificate.entries):
        wrong.setdefault(number, fault)
    if certificate:
        for number, fault in _against(certificate.journal, signed_certificate.entries):
            wrong.setdefault(number, fault)
    for number in sorted(wrong):
        yield Discrepancy(Phrase(wrong[number], entry=number), _parts(certificate, number) if certificate else ())


def _against(digests: Sequence[str], entries: Sequence[JournalEntry]) -> Iterator[tuple[int, Fault]]:
    by_number = {entry.sequence: entry for entry in entries}
    for number, digest in enumerate(digests, start=1):
        if number not in by_number:
            yield number, Fault.ENTRY_MISSING
        elif by_number[number].digest != digest:
            yield number, Fault.ENTRY_NOT_SIGNED
    for number in sorted(by_number.keys() - set(range(1, len(digests) + 1))):
        yield number, Fault.ENTRY_ADDED


def _parts(certificate: Certificate, number: int) -> tuple[str, ...]:
    """The parts of the certificate that were compiled from this entry."""
    parts = [
        *(f"stages[{place}]" for place, one in enumerate(certificate.stages) if number in one.entries),
        *(f"measures[{place}]" for place, one in enumerate(certificate.measures) if one.entry == number),
        *(f"photos[{place}]" for place, one in enumerate(certificate.photos) if one.entry == number),
    ]
    return tuple(f"certificate.{part}" for part in parts)


def _filed(entry: JournalEntry) -> FiledEntry:
    said = read(entry.said)
    return FiledEntry(
        sequence=entry.sequence,
        at=entry.at,
        entry=entry.entry,
        by=entry.by,
        said=said if isinstance(said, dict) else {},
        previous=entry.previous,
        digest=entry.digest,
    )
