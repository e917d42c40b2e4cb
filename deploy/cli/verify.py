"""`touchmark verify`: whether a certificate is what a studio signed, without asking the studio."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

from cyclopts import Parameter
from joserfc.jwk import KeySet

from deploy.cli.help import described
from deploy.local.refusal import Refusal
from deploy.local.words import _, language
from shared.auth.keys import read_public_keys
from shared.certificates.canonical import NotCanonicalError
from shared.certificates.certificate import Certificate
from shared.certificates.faults import Fault
from shared.certificates.labels import FAULTS
from shared.certificates.labels import described as told
from shared.certificates.verification import (
    CertificateFile,
    NotACertificateError,
    SignedCertificate,
    parse_certificate,
    read_file,
    verify_certificate,
)
from shared.i18n import Labels, Reader, Readers
from shared.kernel.phrases import Phrase

_EXAMPLES = _(
    """Download the file from the certificate's page. It holds everything that is
needed, so the check works offline. The exit code is 0 if all is in order,
1 if something differs from what was signed, 2 if it is not a certificate.

Example:

  $ touchmark verify certificate-7K3M-9XQT-R2VD.json
  7K3M-9XQT-R2VD: The engraved ring, by The Studio, certified on 2026-11-25.
  Valid: the signature and 31 entries of the journal.
  Signed with the key Lr2yQ0dUs… Compare it with the key that the studio
  publishes, or give that key: --key FILE.

The studio's keys are at https://…/c/keys.json. Keep them once, and the
command compares for you:

  $ touchmark verify certificate-7K3M-9XQT-R2VD.json --key keys.json

If a figure in the file was changed, it names the place:

  $ touchmark verify certificate-7K3M-9XQT-R2VD.json
  certificate.stages[2].minutes differs from what was signed: 55.
  This certificate is not what the studio signed. Ask the studio, or the person
  who gave it to you."""
)

app = described("verify", _("Verify a piece's certificate, without asking the studio."), epilogue=_EXAMPLES)

_DAMAGED = 2
_READERS = Readers(zone="UTC", labels=Labels(FAULTS))


_FILE = _("The certificate, as it was downloaded.")
_KEYS = _("The studio's public keys, as a JWK or a JWK set. Without them the key in the file is believed.")


@app.default
def verify(
    file: Annotated[Path, Parameter(help=_FILE)],
    /,
    *,
    key: Annotated[Path | None, Parameter(name="--key", help=_KEYS)] = None,
) -> None:
    """Verify a downloaded certificate on this machine: its signature, and every entry of its journal."""
    reader = _READERS.of(language(os.environ))
    certificate_file = _read(file, reader)
    signed_certificate = _signed_certificate(certificate_file, file, reader)
    keys, named = (_pinned(key), True) if key else (_in_file(certificate_file, file), False)
    if found := verify_certificate(signed_certificate, keys):
        print("\n".join(told(each, reader) for each in found), file=sys.stderr)
        print(
            _("This certificate is not what the studio signed. Ask the studio, or the person who gave it to you."),
            file=sys.stderr,
        )
        sys.exit(1)
    print(_summary(signed_certificate, parse_certificate(signed_certificate.text)))
    if named:
        print(_("Signed with a key in %(key)s.", key=key))
    else:
        thumbprint = keys.keys[0].thumbprint()
        print(
            _(
                "Signed with the key %(thumbprint)s. Compare it with the key that the studio publishes, or "
                "give that key: --key FILE.",
                thumbprint=thumbprint,
            )
        )


def _read(file: Path, reader: Reader) -> CertificateFile:
    try:
        return read_file(file.read_bytes())
    except NotACertificateError as error:
        _damaged(file, error.what, reader)
    except OSError as error:
        raise Refusal(
            _(
                "%(file)s: %(reason)s. Name the file that you downloaded from the certificate's page.",
                file=file,
                reason=error.strerror,
            )
        ) from error


def _signed_certificate(found: CertificateFile, file: Path, reader: Reader) -> SignedCertificate:
    try:
        return found.signed_certificate
    except NotCanonicalError:
        _damaged(file, Phrase(Fault.NOT_JSON), reader)


def _damaged(file: Path, what: Phrase, reader: Reader) -> NoReturn:
    said = _("%(file)s: this is not a certificate, or it is damaged.", file=file)
    print(said, reader.label(what), _("Download it again."), file=sys.stderr)
    sys.exit(_DAMAGED)


def _in_file(found: CertificateFile, file: Path) -> KeySet:
    return _keys(json.dumps({"keys": [found.key]}), _("the key in %(file)s", file=file))


def _pinned(file: Path) -> KeySet:
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refusal(
            _("%(file)s: this is not a readable key. A key is a JWK, or a JWK set, as JSON.", file=file)
        ) from error
    return _keys(json.dumps(given if "keys" in given else {"keys": [given]}), str(file))


def _keys(text: str, where: str) -> KeySet:
    try:
        return read_public_keys(text)
    except (ValueError, TypeError, KeyError) as error:
        raise Refusal(_("%(where)s: this is not a public Ed25519 key.", where=where)) from error


def _summary(signed_certificate: SignedCertificate, certificate: Certificate | None) -> str:
    if certificate is None:  # `verify_certificate` says so before
        raise Refusal(_("This version of Touchmark does not know the certificate's format."))
    day = certificate.issued_at.date().isoformat()
    about = _(
        "%(serial)s: %(title)s, by %(studio)s, certified on %(day)s.",
        serial=certificate.serial,
        title=certificate.offering.title,
        studio=certificate.studio,
        day=day,
    )
    checked = _("Valid: the signature and %(count)s entries of the journal.", count=len(signed_certificate.entries))
    return f"{about}\n{checked}"
