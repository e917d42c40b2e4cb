"""`touchmark.access`, owned by intake; keyed by person: who of ops let whom in and out, who is mailed what about it.

Ids and codes only.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.fact import Fact, Topic
from shared.contracts.people import Role


class AccessFact(Fact):
    """A fact about the access of one maker, or of somebody of the studio. The key is that person."""

    person: UUID
    role: Role
    by: UUID

    @property
    def key(self) -> UUID:
        return self.person


class InvitationSent(AccessFact):
    """Ops invited a person, who was not known before."""

    topic: ClassVar[Topic] = Topic.ACCESS


class AccessEnded(AccessFact):
    """Ops ended a person's sessions, and the invitation that was not used yet.

    `pieces` are the commissions whose pieces are still with them: nobody goes on with these until they are given away.
    """

    topic: ClassVar[Topic] = Topic.ACCESS

    pieces: tuple[UUID, ...] = ()


class LinkPurpose(StrEnum):
    """Why somebody gets a link by mail."""

    SIGN_IN = "sign_in"
    """They asked for it, at `/sign-in`: ten minutes, with a code."""
    INVITATION = "invitation"
    """Ops invited them."""
    NEW_ACCESS = "new_access"
    """They lost their way in, and ops give them a new one."""


class LinkAsked(Fact):
    """A person is to get a link by mail by which they sign in. `right` is what notify makes its secrets of."""

    topic: ClassVar[Topic] = Topic.ACCESS

    person: UUID
    right: UUID
    purpose: LinkPurpose
    until: datetime

    @property
    def key(self) -> UUID:
        return self.person


class SignInChange(StrEnum):
    """What happened to somebody's ways in, of which they are told."""

    RECOVERY_CODE_USED = "recovery_code_used"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    """By themselves, in place of those before. Those that come with a first app are told of with it."""
    AUTHENTICATOR_ADDED = "authenticator_added"
    AUTHENTICATOR_REMOVED = "authenticator_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    ACCOUNT_TIED = "account_tied"
    """They have signed in by an account of the studio's own provider for the first time."""
    ACCOUNT_UNTIED = "account_untied"
    """By themselves, or by ops who gave them a new link."""
    RESET = "reset"
    """Ops took every app, passkey and recovery code away."""


class SignInChanged(Fact):
    """A person's ways in have changed, or one of their recovery codes was used: they are told, in case it was not they.

    `change_id` tells one from another of the same kind. From where it was done is left out: it says where somebody is.
    """

    topic: ClassVar[Topic] = Topic.ACCESS

    person: UUID
    change_id: UUID
    change: SignInChange

    @property
    def key(self) -> UUID:
        return self.person
