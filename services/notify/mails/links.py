"""Where a mail leads: the page on which its reader can do what it is about."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from services.notify.domain import Addressee, OutgoingMail
from shared.contracts.notifications import Intent

_COMMISSION: Final = "/commissions/{commission}"
_QUOTE: Final = "/quotes/{commission}"
_BENCH: Final = "/bench"

_PATHS: Final[Mapping[Intent, str]] = {
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
"""Other mails lead to the commission's page, which shows first what the customer can do now."""


def path(outgoing: OutgoingMail) -> str:
    """The path of the page, beginning with a slash. The commission's page, where a part of the address is missing."""
    if outgoing.addressee is Addressee.MAKER:
        return _BENCH
    path_template = _PATHS.get(outgoing.intent, _COMMISSION)
    parts = {"commission": outgoing.commission, "about": outgoing.details.about, "code": outgoing.details.code}
    if any(not parts[name] for name in parts if f"{{{name}}}" in path_template):
        path_template = _COMMISSION
    return path_template.format(**{name: quote(str(part or ""), safe="") for name, part in parts.items()})
