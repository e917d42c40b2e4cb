"""Mails to a person as such, about no commission: the links by which they sign in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.notify.domain.mails import Addressee, MailDetails, MailRequest
from services.notify.domain.rules import MailVerdict
from shared.contracts.access import LinkAsked, LinkPurpose
from shared.contracts.notifications import Intent


@dataclass(frozen=True)
class PersonMail:
    """Where the link of such a mail leads, and for how long it is worth sending."""

    page: str
    life: timedelta


PERSON_MAILS: Final[Mapping[Intent, PersonMail]] = {
    Intent.SIGN_IN_LINK: PersonMail("/sign-in/link", timedelta(minutes=10)),
    Intent.INVITATION: PersonMail("/invitation", timedelta(days=7)),
    Intent.NEW_ACCESS: PersonMail("/invitation", timedelta(days=7)),
}
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
        in_order=False,
        names_piece=False,
    )


def judge_person_mail(intent: Intent, requested_at: datetime, now: datetime) -> tuple[MailVerdict, MailDetails]:
    """Whether it is still worth sending: a link that is over helps nobody."""
    late = now - requested_at >= PERSON_MAILS[intent].life
    return (MailVerdict.UNTRUE if late else MailVerdict.READY), MailDetails()
