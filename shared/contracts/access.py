"""`touchmark.access`, owned by intake; keyed by person: who of ops let whom in, and out. Ids and codes only."""

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
    """Ops ended a person's sessions, and the invitation that was not used yet."""

    topic: ClassVar[Topic] = Topic.ACCESS
