"""The sessions that were ended while tokens of theirs may still be good: what this process refuses, kept in memory."""

import asyncio
from collections import OrderedDict
from datetime import datetime
from uuid import UUID

from shared.auth.tokens import LEEWAY, TOKEN_LIFE

REMEMBERED = TOKEN_LIFE + 2 * LEEWAY
"""For so long after its end a session is known as ended: then its last token is over by itself."""


class EndedSessions:
    """Filled from `touchmark.sessions`. As large as the sign-outs of a quarter of an hour, which are few."""

    def __init__(self) -> None:
        self._until: OrderedDict[UUID, datetime] = OrderedDict()
        self._awaited: dict[UUID, set[asyncio.Event]] = {}

    def add(self, session: UUID, ended_at: datetime, now: datetime) -> None:
        """This session is over. What is no longer of use is forgotten on the way."""
        until = ended_at + REMEMBERED
        if until > now:
            self._until[session] = max(until, self._until.get(session, until))
        while self._until and next(iter(self._until.values())) <= now:
            self._until.popitem(last=False)
        for event in self._awaited.get(session, ()):
            event.set()

    def __contains__(self, session: UUID) -> bool:
        return session in self._until

    def __len__(self) -> int:
        return len(self._until)

    async def until_ended(self, session: UUID) -> None:
        """Wait until this session is ended, for as long as it takes: a live page of it is closed then."""
        event = asyncio.Event()
        if session in self._until:
            return
        waiting = self._awaited.setdefault(session, set())
        waiting.add(event)
        try:
            await event.wait()
        finally:
            waiting.discard(event)
            if not waiting:
                self._awaited.pop(session, None)
