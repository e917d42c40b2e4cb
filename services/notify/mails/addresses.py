"""The names in `To` and `From`, written so that no reader takes a part of one for a further recipient.

Python's own folding loses the quotes of a name that is longer than a line: `"Ada, <eve@example.org> …"` became two
recipients (https://github.com/python/cpython/issues/80222). Here a name that does not fit in quotes on
one line is written in encoded words (RFC 2047, section 5): they hold neither commas nor brackets.
"""

import base64
from email.headerregistry import BaseHeader, HeaderRegistry, UniqueSingleAddressHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from typing import Final

_LINE: Final = 76
"""Characters of a line of a header (RFC 2047, section 2); an encoded word has 75 at most."""
_HEAD, _TAIL = "=?utf-8?b?", "?="
_PIECE: Final = (75 - len(_HEAD) - len(_TAIL)) // 4 * 3
"""Bytes of a name in one encoded word."""


class OneRecipient(UniqueSingleAddressHeader, BaseHeader):  # type: ignore[misc]  # typeshed's bases disagree
    """A header with one address, folded safely."""

    def fold(self, *, policy: Policy) -> str:
        """The header as it travels, with its line ends."""
        [address] = self.addresses
        where = f"<{address.addr_spec}>"
        if not address.display_name:
            lines = [f"{self.name}: {where}"]
        elif fits := _on_one_line(f"{self.name}: {_quoted(address.display_name)} {where}"):
            lines = [fits]
        else:
            lines = [f"{self.name}:", *_encoded_words(address.display_name), where]
        return f"{policy.linesep} ".join(lines) + policy.linesep


def _on_one_line(header: str) -> str:
    return header if header.isascii() and len(header) <= _LINE and "=?" not in header else ""


def _quoted(name: str) -> str:
    """A quoted string (RFC 5322, section 3.2.4)."""
    escaped = name.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


def _encoded_words(name: str) -> list[str]:
    """Encoded words with whole characters in each; what is between them is not a part of the name."""
    pieces = [b""]
    for character in name:
        written = character.encode()
        if len(pieces[-1]) + len(written) > _PIECE:
            pieces.append(b"")
        pieces[-1] += written
    return [f"{_HEAD}{base64.b64encode(piece).decode('ascii')}{_TAIL}" for piece in pieces]


def _policy() -> "EmailPolicy[EmailMessage]":
    headers = HeaderRegistry()
    for name in ("to", "from"):
        headers.map_to_type(name, OneRecipient)
    return SMTP.clone(header_factory=headers)


POLICY: Final = _policy()
"""Of every mail."""
