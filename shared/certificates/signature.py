"""The studio's signature: a JSON Web Signature (RFC 7515) by Ed25519 (RFC 8037, RFC 9864) over a certificate's text."""

import base64

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

_ALGORITHM = "Ed25519"
_TYPE = "touchmark-certificate"


class NotSignedError(ValueError):
    """This is not signed by any of these keys."""


def sign(text: str, key: OKPKey) -> str:
    """The signature in its compact form, which holds the text it signs and names the key by its thumbprint."""
    header = {"alg": _ALGORITHM, "typ": _TYPE, "kid": key.kid}
    return jws.serialize_compact(header, text.encode(), key, algorithms=[_ALGORITHM])


def opened(signature: str, keys: KeySet) -> str:
    """The text that was signed, and that nobody has changed since.

    Raises:
        NotSignedError: it was not signed by one of these keys, or was changed.
    """
    try:
        if not all(_written_once(part) for part in signature.split(".")):
            raise NotSignedError("the same signature in another spelling")
        # joserfc picks the key by `kid`, and raises ValueError for one that is not in the set
        found = jws.deserialize_compact(signature, keys, algorithms=[_ALGORITHM])
        if found.headers().get("typ") != _TYPE:
            raise NotSignedError("a signature of something else")
        return found.payload.decode()
    except (JoseError, ValueError, TypeError, AttributeError) as error:
        raise NotSignedError(type(error).__name__) from error


def _written_once(part: str) -> bool:
    """Whether this is base64url in its one spelling: a last character may have bits that say nothing."""
    decoded = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    return base64.urlsafe_b64encode(decoded).decode().rstrip("=") == part


def key_of(signature: str) -> str | None:
    """The thumbprint of the key that this claims to be signed with."""
    try:
        found = jws.extract_compact(signature.encode()).headers().get("kid")
    except (JoseError, ValueError, TypeError, AttributeError):
        return None
    return found if isinstance(found, str) else None
