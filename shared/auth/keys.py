"""Ed25519 signing keys as JWKs (RFC 7517, RFC 8037), named by their thumbprint (RFC 7638), so that they can be rotated.

To rotate: publish the new public key beside the old one to every service, then sign with the new one, and take the old
one away after a token's life.
"""

import json

from joserfc.jwk import KeySet, OKPKey

ALGORITHM = "Ed25519"  # RFC 9864's fully specified name; the "EdDSA" of RFC 8037 is deprecated by it


def new_signing_key() -> str:
    """A fresh private JWK as JSON. A secret."""
    return json.dumps(_named(OKPKey.generate_key("Ed25519")).as_dict(private=True))


def public_keys(*signing_keys: str) -> str:
    """The public JWK set, as JSON, of these private JWKs: what a service gets as `TOUCHMARK_TOKEN_KEYS`."""
    return json.dumps({"keys": [dict(read_signing_key(key).as_dict(private=False)) for key in signing_keys]})


def read_signing_key(text: str) -> OKPKey:
    """Read a private JWK.

    Raises:
        ValueError: it is not a private Ed25519 key.
    """
    key = OKPKey.import_key(json.loads(text))
    if key.curve_name != "Ed25519" or not key.is_private:
        raise ValueError("a signing key must be a private Ed25519 JWK")
    return _named(key)


def read_public_keys(text: str) -> KeySet:
    """Read a public JWK set.

    Raises:
        ValueError: it is empty, or holds anything but public Ed25519 keys.
    """
    found = [_named(OKPKey.import_key(key)) for key in json.loads(text)["keys"]]
    if not found or any(key.curve_name != "Ed25519" or key.is_private for key in found):
        raise ValueError("token keys must be a JWK set of public Ed25519 keys")
    return KeySet(list(found))


def _named(key: OKPKey) -> OKPKey:
    key.ensure_kid()
    return key
