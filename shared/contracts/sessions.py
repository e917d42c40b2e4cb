"""`touchmark.sessions`, owned by intake; keyed by session: which sign-ins are over before their tokens are."""

from typing import ClassVar
from uuid import UUID

from shared.contracts.fact import Fact, Topic


class SessionEnded(Fact):
    """A session was ended, by its person or by ops: no token of it is taken any more. Said once for each session.

    It is kept for a day, since no token lives that long.
    """

    topic: ClassVar[Topic] = Topic.SESSIONS

    session: UUID

    @property
    def key(self) -> UUID:
        return self.session
