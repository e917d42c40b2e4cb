"""Mails about no commission: the links by which somebody signs in, and that an event has failed."""

from collections.abc import Mapping
from typing import Final
from uuid import uuid5

from services.notify.domain.mails import Addressee, MailRequest
from shared.contracts.access import LinkAsked, LinkPurpose
from shared.contracts.failures import EventFailed
from shared.contracts.notifications import Intent

PERSON_MAILS: Final[Mapping[Intent, str]] = {
    Intent.SIGN_IN_LINK: "/sign-in/link",
    Intent.INVITATION: "/invitation",
    Intent.NEW_ACCESS: "/invitation",
    Intent.STUDIO_EVENT_FAILED: "/ops/failed-events",
}
"""Where the link of such a mail leads."""
_INTENTS: Final = {
    LinkPurpose.SIGN_IN: Intent.SIGN_IN_LINK,
    LinkPurpose.INVITATION: Intent.INVITATION,
    LinkPurpose.NEW_ACCESS: Intent.NEW_ACCESS,
}
WITH_A_LINK: Final = frozenset(_INTENTS.values())
"""Those that hold a right's secret."""


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


def telling_of(failed: EventFailed, version: int) -> MailRequest:
    """The mail to the studio that this failure asks for."""
    return MailRequest(
        commission=failed.key,
        intent=Intent.STUDIO_EVENT_FAILED,
        addressee=Addressee.STUDIO,
        topic=failed.topic,
        version=version,
        happened_at=failed.at,
        about=uuid5(failed.key, str(version)),
        in_order=False,
        names_piece=False,
    )
