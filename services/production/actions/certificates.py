"""Certificates: compiled from the journal and signed once, and verified anew at every look."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.production.actions import profiles
from services.production.actions.workshop import Workshop, craft_of
from services.production.domain import serials
from services.production.domain.canonical import NotCanonicalError, canonical
from services.production.domain.certificate import (
    Certificate,
    Issuer,
    NothingToCertifyError,
    compile_certificate,
    named_craft,
    was_stopped,
)
from services.production.domain.journal import JournalEntry, breaks
from services.production.domain.photos import PhotoContent
from services.production.domain.profiles import Profile
from services.production.domain.signature import key_of, sign
from services.production.domain.verification import (
    CertificateFile,
    Finding,
    Sealed,
    certificate_in,
    file_of,
    findings,
    findings_at_the_end,
    in_file,
)
from services.production.settings import Settings
from services.production.store import journal as store
from services.production.store import photos
from shared.contracts.commands.production import IssueCertificate, IssuedCertificate
from shared.contracts.production import CertificateIssued
from shared.kernel.problems import Problem, ProblemType, not_found
from shared.outbox import publish
from shared.postgres.database import Tx


@dataclass(frozen=True)
class Look:
    """What is found under a serial. `certificate` is None while it is on its way, or where nobody can read it any more.

    `stopped`: the piece was not finished, so there will be none. `findings` are what differs from what was signed;
    `key` is the thumbprint of the key it names; `makers` those whose profile is public; `entries` how many the journal
    has.
    """

    serial: str
    issued: bool
    stopped: bool = False
    certificate: Certificate | None = None
    findings: tuple[Finding, ...] = ()
    key: str | None = None
    makers: tuple[Profile, ...] = ()
    entries: int = 0

    @property
    def in_order(self) -> bool:
        return self.issued and not self.findings


async def issue(tx: Tx, command: IssueCertificate, shop: Workshop) -> IssuedCertificate:
    """Compile the certificate from the journal, sign it, keep it, and tell; one that was issued stays as it is.

    Raises:
        NotYet: the document of the craft is not here yet.
        Problem: not-found, without a journal; conflict, where the piece is not made or its journal does not hold.
    """
    head = await store.lock(tx, command.commission)
    if head is None:
        raise not_found("This commission has no journal.")
    if await store.certificate(tx, command.commission) is None:
        entries = await store.entries(tx, command.commission)
        text = canonical(await _compiled(tx, head.serial, entries, shop))
        await store.add_certificate(tx, command.commission, text, sign(text, shop.settings.signing_key))
        tx.touch(command.commission)
        await publish(tx, [CertificateIssued(commission=command.commission, serial=head.serial, at=shop.now)])
    return IssuedCertificate(serial=head.serial)


async def look(tx: Tx, typed: str, settings: Settings) -> Look:
    """What is under this serial, verified anew from the stored rows. Raises `not-found`."""
    head = await _head(tx, typed)
    sealed = await _sealed(tx, head)
    if sealed is None:
        return Look(head.serial, issued=False, stopped=was_stopped(await store.entries(tx, head.commission)))
    certificate = certificate_in(sealed.text)
    signed = in_file(sealed)
    found = [
        *findings(signed, settings.public_keys),
        *findings_at_the_end(head.serial, sealed.entries, len(signed.entries), head.last_digest),
        *await _of_photos(tx, head, certificate),
    ]
    makers = await profiles.public(tx, certificate.makers) if certificate else ()
    key = key_of(sealed.signature)
    return Look(
        serial=head.serial,
        issued=True,
        certificate=certificate,
        findings=tuple(found),
        key=key,
        makers=makers,
        entries=len(sealed.entries),
    )


async def download(tx: Tx, typed: str, settings: Settings) -> CertificateFile:
    """The certificate with all that proves it, as it is stored now, right or wrong.

    Raises:
        Problem: not-found; conflict, where what is stored cannot even be written into a file.
    """
    sealed = await _sealed(tx, await _head(tx, typed))
    if sealed is None:
        raise not_found("This certificate is on its way: it is written when the piece is finished.")
    try:
        return file_of(in_file(sealed), _public_key(settings, key_of(sealed.signature)))
    except NotCanonicalError as error:
        raise Problem(
            ProblemType.CONFLICT, "This certificate is damaged: it cannot be read.", remedy="Ask the studio about it."
        ) from error


async def photo(tx: Tx, typed: str, photo: UUID) -> PhotoContent:
    """A photo that the certificate shows. Raises `not-found`."""
    head = await _head(tx, typed)
    sealed = await _sealed(tx, head)
    certificate = certificate_in(sealed.text) if sealed else None
    shown = {one.photo for one in certificate.photos} if certificate else set()
    found = await photos.photo(tx, head.commission, photo) if photo in shown else None
    if found is None or not found[0].public:
        raise not_found()
    return found[1]


def keys(settings: Settings) -> dict[str, Any]:
    """The public keys that certificates of this studio are signed with, as a JWK set."""
    return dict(settings.public_keys.as_dict(private=False))


async def _compiled(tx: Tx, serial: str, entries: tuple[JournalEntry, ...], shop: Workshop) -> Certificate:
    if broken := list(breaks(serial, entries)):
        number, what = broken[0]
        raise Problem(ProblemType.CONFLICT, f"Entry {number} of the journal {what}: nothing is signed over it.")
    try:
        craft = await craft_of(tx, *named_craft(entries))
        issuer = Issuer(shop.settings.studio_name, shop.settings.studio_zone)
        address = f"{shop.settings.public_url.rstrip('/')}/c/{serial}"
        return compile_certificate(entries, craft, issuer, serial=serial, address=address, issued_at=shop.now)
    except NothingToCertifyError as error:
        raise Problem(ProblemType.CONFLICT, "The piece is not made yet, or was never to be.") from error


async def _head(tx: Tx, typed: str) -> store.Journal:
    serial = serials.read(typed)
    head = await store.journal_under(tx, serial) if serial else None
    if head is None:
        raise not_found("No certificate has this number. One character may be wrong: look at the card once more.")
    return head


async def _sealed(tx: Tx, head: store.Journal) -> Sealed | None:
    """The certificate and the whole journal, as they are stored now."""
    stored = await store.certificate(tx, head.commission)
    if stored is None:
        return None
    text, signature = stored
    return Sealed(head.serial, text, signature, await store.entries(tx, head.commission))


async def _of_photos(tx: Tx, head: store.Journal, certificate: Certificate | None) -> list[Finding]:
    digests = await photos.photo_digests(tx, head.commission)
    return list(_changed(certificate, digests)) if certificate else []


def _changed(certificate: Certificate, digests: dict[UUID, str]) -> Iterator[Finding]:
    for place, one in enumerate(certificate.photos):
        if digests.get(one.photo) != one.sha256:
            what = "is not the picture that was signed." if one.photo in digests else "is not here any more."
            yield Finding(f"The picture of certificate.photos[{place}]", what)


def _public_key(settings: Settings, kid: str | None) -> dict[str, Any]:
    """The key of this thumbprint, or the present one where the signature names none of ours."""
    known = keys(settings)["keys"]
    return next((key for key in known if key.get("kid") == kid), known[0])
