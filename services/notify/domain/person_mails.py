"""Mails to a person as such, about no commission: the links by which they sign in."""

from collections.abc import Mapping
from typing import Final

from services.notify.domain.mails import Addressee, MailRequest
from shared.contracts.access import LinkAsked, LinkPurpose
from shared.contracts.notifications import Intent

PERSON_MAILS: Final[Mapping[Intent, str]] = {
    Intent.SIGN_IN_LINK: "/sign-in/link",
    Intent.INVITATION: "/invitation",
    Intent.NEW_ACCESS: "/invitation",
}
"""Where the link of such a mail leads."""
_INTENTS: Final = {
    LinkPurpose.SIGN_IN: Intent.SIGN_IN_LINK,
    LinkPurpose.INVITATION: Intent.INVITATION,
    LinkPurpose.NEW_ACCESS: Intent.NEW_ACCESS,
}


def request_of(asked: LinkAsked, version: int) -> MailRequest:
    """The mail that this fact asks for."""
    return MailRequest(
        commission=asked.person,
        intent=_INTENTS[asked.purpose],
        addressee=Addressee.PERSON,
        topic=asked.topic,
        version=version,
        happened_at=asked.at,
        about=asked.right,
        person=asked.person,
        good_until=asked.until,
        in_order=False,
        names_piece=False,
    )
