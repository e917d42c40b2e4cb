"""Mails about no commission: links to sign in by, what changed about ways in, and what the studio is told."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, TypeAlias
from uuid import uuid5

from services.notify.domain.mails import Addressee, MailRequest
from shared.contracts.access import AccessEnded, LinkAsked, LinkPurpose, SignInChange, SignInChanged
from shared.contracts.failures import EventFailed, PaymentUnmatched
from shared.contracts.notifications import Intent

_CHANGES: Final[Mapping[SignInChange, Intent]] = {
    SignInChange.RECOVERY_CODE_USED: Intent.RECOVERY_CODE_USED,
    SignInChange.RECOVERY_CODES_MADE: Intent.RECOVERY_CODES_MADE,
    SignInChange.AUTHENTICATOR_ADDED: Intent.AUTHENTICATOR_ADDED,
    SignInChange.AUTHENTICATOR_REMOVED: Intent.AUTHENTICATOR_REMOVED,
    SignInChange.PASSKEY_ADDED: Intent.PASSKEY_ADDED,
    SignInChange.PASSKEY_REMOVED: Intent.PASSKEY_REMOVED,
    SignInChange.ACCOUNT_TIED: Intent.ACCOUNT_TIED,
    SignInChange.ACCOUNT_UNTIED: Intent.ACCOUNT_UNTIED,
    SignInChange.RESET: Intent.SIGN_IN_RESET,
}
StudioNews: TypeAlias = EventFailed | AccessEnded | PaymentUnmatched
"""What the studio may be told of, about no commission."""

_NEWS: Final = timedelta(days=30)
"""After that a change is mailed to nobody, if it could not be before."""

PERSON_MAILS: Final[Mapping[Intent, str]] = {
    Intent.SIGN_IN_LINK: "/sign-in/link",
    Intent.INVITATION: "/invitation",
    Intent.NEW_ACCESS: "/invitation",
    **dict.fromkeys(_CHANGES.values(), "/sessions"),
    Intent.STUDIO_EVENT_FAILED: "/ops/failed-events",
    Intent.STUDIO_PIECES_LEFT: "/people/{commission}/end-access",
    Intent.STUDIO_UNMATCHED: "/quotes/payments",
}
"""Where the link of such a mail leads; in the place of a commission is the person whom it is about."""
_INTENTS: Final = {
    LinkPurpose.SIGN_IN: Intent.SIGN_IN_LINK,
    LinkPurpose.INVITATION: Intent.INVITATION,
    LinkPurpose.NEW_ACCESS: Intent.NEW_ACCESS,
}
_STUDIO: Final[Mapping[type[StudioNews], Intent]] = {
    EventFailed: Intent.STUDIO_EVENT_FAILED,
    AccessEnded: Intent.STUDIO_PIECES_LEFT,
    PaymentUnmatched: Intent.STUDIO_UNMATCHED,
}
WITH_A_LINK: Final = frozenset(_INTENTS.values())
"""Those that hold a right's secret."""
OF_WAYS_IN: Final = frozenset(_CHANGES.values())
"""Those that tell somebody how their ways in have changed."""


def request_of(said: LinkAsked | SignInChanged, version: int) -> MailRequest:
    """The mail that this fact asks for."""
    if isinstance(said, LinkAsked):
        intent, about, good_until = _INTENTS[said.purpose], said.right, said.until
    else:
        intent, about, good_until = _CHANGES[said.change], said.change_id, said.at + _NEWS
    return MailRequest(
        commission=said.person,
        intent=intent,
        addressee=Addressee.PERSON,
        topic=said.topic,
        version=version,
        happened_at=said.at,
        about=about,
        person=said.person,
        good_until=good_until,
        in_order=False,
        names_piece=False,
    )


def telling_of(said: StudioNews, version: int) -> MailRequest | None:
    """The mail to the studio that this asks for; none of an access that ended with no pieces left."""
    if isinstance(said, AccessEnded) and not said.pieces:
        return None
    return MailRequest(
        commission=said.key,
        intent=_STUDIO[type(said)],
        addressee=Addressee.STUDIO,
        topic=said.topic,
        version=version,
        happened_at=said.at,
        about=uuid5(said.key, str(version)),
        failed=said if isinstance(said, EventFailed) else None,
        in_order=False,
        names_piece=False,
    )
