"""Where a mail leads: the page on which its reader can do what it is about."""

from typing import Final
from urllib.parse import quote

from services.notify.domain.catalogue import RULES
from services.notify.domain.mails import Addressee, OutgoingMail
from services.notify.domain.person_mails import PERSON_MAILS
from services.notify.domain.rules import COMMISSION_PAGE
from shared.contracts.notifications import Intent
from shared.web.failed_events import PLACES as FAILED_EVENTS

_BENCH: Final = "/bench"
_OPS: Final = "/ops"


def path(outgoing: OutgoingMail) -> str:
    """The path of the page, beginning with a slash. The commission's page, where a part of the address is missing."""
    if outgoing.addressee is Addressee.MAKER:
        return _BENCH
    if outgoing.items:
        return _OPS
    if outgoing.intent is Intent.STUDIO_EVENT_FAILED and outgoing.failed:
        return FAILED_EVENTS.get(outgoing.failed.service, FAILED_EVENTS["lifecycle"])
    if found := PERSON_MAILS.get(outgoing.intent):
        return found.format(commission=outgoing.commission)
    path_template = RULES[outgoing.intent].page
    parts = {"commission": outgoing.commission, "about": outgoing.details.about, "code": outgoing.details.code}
    if any(not parts[name] for name in parts if f"{{{name}}}" in path_template):
        path_template = COMMISSION_PAGE
    return path_template.format(**{name: quote(str(part or ""), safe="") for name, part in parts.items()})
