"""Certificates: compiled from the journal and signed once, and verified whenever one is read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.production.actions import profiles
from services.production.actions.context import ProductionContext, offering_of
from services.production.actions.publishing import publish_for_certificate
from services.production.domain import serials
from services.production.domain.certificate import (
    Issuer,
    NotCertifiableError,
    certified_offering,
    compile_certificate,
    was_stopped,
)
from services.production.domain.photos import PhotoContent
from services.production.domain.profiles import Profile
from services.production.domain.reasons import BenchRefusal
from services.production.settings import ProductionSettings
from services.production.store import journal as store
from services.production.store import photos
from shared.auth.roles import Caller, only_owner
from shared.certificates.canonical import NotCanonicalError, canonical
from shared.certificates.certificate import Certificate
from shared.certificates.faults import Fault
from shared.certificates.journal import JournalEntry, broken_links
from shared.certificates.signature import key_of, sign
from shared.certificates.verification import (
    CertificateFile,
    Discrepancy,
    SignedCertificate,
    as_signed,
    parse_certificate,
    to_file,
    verify_certificate,
    verify_later_entries,
)
from shared.contracts.commands.production import IssueCertificate, IssuedCertificate
from shared.contracts.production import CertificateIssued
from shared.i18n import SOURCE
from shared.kernel.phrases import Phrase
from shared.kernel.problems import Problem, ProblemType, not_found
from shared.offerings.store import kept
from shared.outbox import publish
from shared.postgres.database import Tx


@dataclass(frozen=True)
class CertificateView:
    """What is found under a serial. `certificate` is None while it is on its way, or where nobody can read it any more.

    `stopped`: the piece was not finished, so there will be none. `discrepancies` are what differs from what was signed;
    `key` is the thumbprint of the key it names; `makers` those whose profile is public; `entries` how many the journal
    has.
    """

    serial: str
    issued: bool
    stopped: bool = False
    certificate: Certificate | None = None
    discrepancies: tuple[Discrepancy, ...] = ()
    key: str | None = None
    makers: tuple[Profile, ...] = ()
    entries: int = 0

    @property
    def in_order(self) -> bool:
        return self.issued and not self.discrepancies


@dataclass(frozen=True)
class CertificateSheet:
    """A certificate that is in order, with its photos and its makers' portraits (JPEG)."""

    view: CertificateView
    photos: Mapping[UUID, PhotoContent]
    portraits: Mapping[UUID, bytes]


async def issue(tx: Tx, command: IssueCertificate, context: ProductionContext) -> IssuedCertificate:
    """Compile the certificate from the journal, sign it, keep it, and publish it; a certificate is issued once.

    Raises:
        NotYet: the document of the offering is not here yet.
        Problem: not-found, without a journal; conflict, where the piece is not made or its journal does not hold.
    """
    piece = command.piece or await store.piece_of_commission(tx, command.commission)
    if piece:
        await publish_for_certificate(tx, piece, context)
    head = await store.lock(tx, piece) if piece else None
    if head is None or head.commission != command.commission:
        raise not_found(BenchRefusal.JOURNAL_UNKNOWN)
    if await store.certificate(tx, head.piece) is None:
        entries = await store.entries(tx, head.piece)
        text = canonical(await _compiled(tx, head.serial, entries, context))
        await store.add_certificate(tx, head.piece, text, sign(text, context.settings.signing_key))
        tx.touch(command.commission)
        await publish(
            tx, [CertificateIssued(commission=command.commission, piece=head.piece, serial=head.serial, at=context.now)]
        )
    return IssuedCertificate(piece=head.piece, serial=head.serial)


async def read_certificate(tx: Tx, typed: str, settings: ProductionSettings, language: str = SOURCE) -> CertificateView:
    """What is under this serial, verified from the stored rows. Raises `not-found`."""
    head = await _head(tx, typed)
    signed_certificate = await _signed_certificate(tx, head)
    if signed_certificate is None:
        return CertificateView(head.serial, issued=False, stopped=was_stopped(await store.entries(tx, head.piece)))
    certificate = parse_certificate(signed_certificate.text)
    signed = as_signed(signed_certificate)
    found = [
        *verify_certificate(signed, settings.public_keys),
        *verify_later_entries(head.serial, signed_certificate.entries, len(signed.entries), head.last_digest),
        *await _of_photos(tx, head, certificate),
    ]
    if certificate and not found:
        certificate = await _in_language(tx, certificate, signed.entries, language)
    makers = await profiles.public(tx, certificate.makers) if certificate else ()
    key = key_of(signed_certificate.signature)
    return CertificateView(
        serial=head.serial,
        issued=True,
        certificate=certificate,
        discrepancies=tuple(found),
        key=key,
        makers=makers,
        entries=len(signed_certificate.entries),
    )


async def _in_language(tx: Tx, certificate: Certificate, entries: Sequence[JournalEntry], language: str) -> Certificate:
    """The certificate compiled from the same entries, with the offering's words in this language."""
    offering = await kept(tx, certified_offering(entries))
    if offering is None:
        return certificate
    return compile_certificate(
        entries,
        offering.in_language(language),
        Issuer(certificate.studio, certificate.zone),
        serial=certificate.serial,
        address=certificate.address,
        issued_at=certificate.issued_at,
    )


async def download(tx: Tx, typed: str, settings: ProductionSettings) -> CertificateFile:
    """The certificate with all that proves it, as it is stored now, right or wrong.

    Raises:
        Problem: not-found; conflict, where what is stored cannot even be written into a file.
    """
    signed_certificate = await _signed_certificate(tx, await _head(tx, typed))
    if signed_certificate is None:
        raise not_found(BenchRefusal.CERTIFICATE_ON_ITS_WAY)
    try:
        return to_file(as_signed(signed_certificate), _public_key(settings, key_of(signed_certificate.signature)))
    except NotCanonicalError as error:
        raise Problem(ProblemType.CONFLICT, BenchRefusal.CERTIFICATE_DAMAGED) from error


async def of_customer(tx: Tx, caller: Caller, customer: UUID) -> Sequence[str]:
    """The serials of somebody's certificates.

    Raises:
        Problem: not-found, where there is none, and for what is somebody else's.
    """
    only_owner(caller, customer)
    if not (found := await store.certificates_of(tx, customer)):
        raise not_found()
    return found


async def read_sheet(tx: Tx, serial: str, settings: ProductionSettings, language: str) -> CertificateSheet:
    """A certificate with all that it shows. Raises `conflict` where it is not in order."""
    view = await read_certificate(tx, serial, settings, language)
    if view.certificate is None or not view.in_order:
        raise Problem(ProblemType.CONFLICT, BenchRefusal.CERTIFICATE_NOT_IN_ORDER)
    shown = {one.photo: await photo(tx, serial, one.photo) for one in view.certificate.photos}
    portraits = {one.maker: await profiles.portrait(tx, one.maker) for one in view.makers if one.has_portrait}
    return CertificateSheet(view, shown, portraits)


async def photo(tx: Tx, typed: str, photo: UUID) -> PhotoContent:
    """A photo that the certificate shows. Raises `not-found`."""
    head = await _head(tx, typed)
    signed_certificate = await _signed_certificate(tx, head)
    certificate = parse_certificate(signed_certificate.text) if signed_certificate else None
    shown = {one.photo for one in certificate.photos} if certificate else set()
    found = await photos.photo(tx, head.commission, photo) if photo in shown else None
    if found is None or not found[0].public:
        raise not_found()
    return found[1]


def keys(settings: ProductionSettings) -> dict[str, Any]:
    """The public keys that certificates of this studio are signed with, as a JWK set."""
    return dict(settings.public_keys.as_dict(private=False))


async def _compiled(tx: Tx, serial: str, entries: tuple[JournalEntry, ...], context: ProductionContext) -> Certificate:
    if broken := list(broken_links(serial, entries)):
        number, fault = broken[0]
        what = Phrase(BenchRefusal.JOURNAL_BROKEN, fault=Phrase(fault, entry=number))
        raise Problem(ProblemType.CONFLICT, what)
    try:
        offering = await offering_of(tx, certified_offering(entries))
        issuer = Issuer(context.settings.studio_name, context.settings.studio_zone)
        address = f"{context.settings.public_url.rstrip('/')}/c/{serial}"
        return compile_certificate(entries, offering, issuer, serial=serial, address=address, issued_at=context.now)
    except NotCertifiableError as error:
        raise Problem(ProblemType.CONFLICT, BenchRefusal.NOT_CERTIFIABLE) from error


async def _head(tx: Tx, typed: str) -> store.Journal:
    serial = serials.read(typed)
    head = await store.journal_under(tx, serial) if serial else None
    if head is None:
        raise not_found(BenchRefusal.SERIAL_UNKNOWN)
    return head


async def _signed_certificate(tx: Tx, head: store.Journal) -> SignedCertificate | None:
    """The certificate and the whole journal, as they are stored now."""
    stored = await store.certificate(tx, head.piece)
    if stored is None:
        return None
    text, signature = stored
    return SignedCertificate(head.serial, text, signature, await store.entries(tx, head.piece))


async def _of_photos(tx: Tx, head: store.Journal, certificate: Certificate | None) -> list[Discrepancy]:
    digests = await photos.photo_digests(tx, head.piece)
    return list(_changed(certificate, digests)) if certificate else []


def _changed(certificate: Certificate, digests: dict[UUID, str]) -> Iterator[Discrepancy]:
    for place, one in enumerate(certificate.photos):
        if digests.get(one.photo) != one.sha256:
            fault = Fault.PHOTO_CHANGED if one.photo in digests else Fault.PHOTO_MISSING
            yield Discrepancy(Phrase(fault, place=f"certificate.photos[{place}]"))


def _public_key(settings: ProductionSettings, kid: str | None) -> dict[str, Any]:
    """The key of this thumbprint, or the present one where the signature names none of ours."""
    known = keys(settings)["keys"]
    return next((key for key in known if key.get("kid") == kid), known[0])
