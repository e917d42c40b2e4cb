"""The secrets of mailed rights: a link's and a short code's, both made of the right's id and of one key.

Intake and notify share the key. Intake makes a right and keeps the hashes of its secrets; the fact that has it mailed
names the right's id alone; notify makes the same secrets again as it writes the mail. So no secret travels by Kafka,
where facts are kept for good, and none is kept in a table; and the same mail, sent twice, says the same.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

CODE_DIGITS = 8
SHORTEST_KEY = 32
"""Characters."""


@dataclass(frozen=True)
class MailSecrets:
    """What goes into a mail for somebody who is to prove that they read its mailbox."""

    key: str

    def link(self, right: UUID) -> str:
        """What the mail's link holds: 43 characters that nobody can guess."""
        return base64.urlsafe_b64encode(self._made("link", right)).decode("ascii").rstrip("=")

    def code(self, right: UUID) -> str:
        """What somebody types who reads the mail on another device."""
        return str(int.from_bytes(self._made("code", right)) % 10**CODE_DIGITS).zfill(CODE_DIGITS)

    def _made(self, kind: str, right: UUID) -> bytes:
        return hmac.digest(self.key.encode(), kind.encode() + right.bytes, hashlib.sha256)


def new_mail_secret() -> str:
    """A fresh key. A secret."""
    return secrets.token_urlsafe(SHORTEST_KEY)
