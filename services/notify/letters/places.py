"""Where a letter leads: the page on which its reader can do what it speaks of."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from services.notify.domain import Posting, Reader
from shared.contracts.notifications import Intent

_COMMISSION: Final = "/commissions/{commission}"
_QUOTE: Final = "/quotes/{commission}"
_BENCH: Final = "/bench"

_PLACES: Final[Mapping[Intent, str]] = {
    Intent.QUOTE_READY: _QUOTE,
    Intent.QUOTE_REMINDER: _QUOTE,
    Intent.QUESTION_ANSWERED: _QUOTE,
    Intent.QUOTE_ACCEPTED: _QUOTE,
    Intent.DEPOSIT_REMINDER: _QUOTE,
    Intent.APPROVAL_ASKED: "/commissions/{commission}/approvals/{about}",
    Intent.BALANCE_DUE: _QUOTE,
    Intent.BALANCE_REMINDER: _QUOTE,
    Intent.CERTIFICATE_READY: "/c/{code}",
    Intent.SIGN_IN_ASKED: "/commissions/{commission}/sign-in/link",
    Intent.COMMISSION_CANCELLED: _QUOTE,
}
"""Other mails lead to the commission's page, where stands first what is asked of the customer now."""


def path(posting: Posting) -> str:
    """The path of the page, beginning with a slash. The commission's page, where a part of the address is missing."""
    if posting.reader is Reader.MAKER:
        return _BENCH
    place = _PLACES.get(posting.intent, _COMMISSION)
    parts = {"commission": posting.commission, "about": posting.said.about, "code": posting.said.code}
    if any(not parts[name] for name in parts if f"{{{name}}}" in place):
        place = _COMMISSION
    return place.format(**{name: quote(str(part or ""), safe="") for name, part in parts.items()})
