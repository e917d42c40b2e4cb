"""Whose tokens are refused before they are over: of sessions that were ended, of people who were erased. In memory."""

import asyncio
from collections import OrderedDict
from datetime import datetime
from uuid import UUID

from shared.auth.roles import Caller
from shared.auth.tokens import LEEWAY, TOKEN_LIFE

REMEMBERED = TOKEN_LIFE + 2 * LEEWAY
"""For so long a session is known as ended, and a person as gone: then their last token is over by itself."""


class EndedSessions:
    """Sessions and people, by their ids: of somebody who was erased no session is good, heard of or not.

    Filled from `touchmark.sessions` and the tombstones of `touchmark.people`, and by what this process commits itself.
    As large as the sign-outs of a quarter of an hour, which are few.
    """

    def __init__(self) -> None:
        self._until: OrderedDict[UUID, datetime] = OrderedDict()
        self._awaited: dict[UUID, set[asyncio.Event]] = {}

    def add(self, of: UUID, ended_at: datetime, now: datetime) -> None:
        """This session is over, or this person gone. What is no longer of use is forgotten on the way."""
        until = ended_at + REMEMBERED
        if until > now:
            self._until[of] = max(until, self._until.get(of, until))
        while self._until and next(iter(self._until.values())) <= now:
            self._until.popitem(last=False)
        for event in self._awaited.get(of, ()):
            event.set()

    def refuses(self, caller: Caller) -> bool:
        """Whether a token of theirs is not taken any more, good as it may be."""
        return caller.session in self._until or caller.person in self._until

    def __contains__(self, of: UUID) -> bool:
        return of in self._until

    def __len__(self) -> int:
        return len(self._until)

    async def until_refused(self, caller: Caller) -> None:
        """Wait until their session is ended or they are gone, for as long as it takes: a live page is closed then."""
        event, ids = asyncio.Event(), (caller.session, caller.person)
        if self.refuses(caller):
            return
        for each in ids:
            self._awaited.setdefault(each, set()).add(event)
        try:
            await event.wait()
        finally:
            for each in ids:
                self._stop_waiting(each, event)

    def _stop_waiting(self, of: UUID, event: asyncio.Event) -> None:
        waiting = self._awaited.get(of, set())
        waiting.discard(event)
        if not waiting:
            self._awaited.pop(of, None)
