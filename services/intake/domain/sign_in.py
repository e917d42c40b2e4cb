"""Signing in by mail, at `/sign-in`: how long a link is good, and what is said of one that is not. No I/O."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from services.intake.domain.one_time import OneTimeResult
from services.intake.domain.people import PeopleReason
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid

SIGN_IN_LIFE = timedelta(minutes=10)
FREE = 3
"""So many links a day go to an address without a pause between them: people ask again where a mail is slow."""
PAUSE = timedelta(minutes=2)
"""After those so long no other link is sent: the newest is on its way. After each one more, twice as long."""
_DOUBLED = 3
"""How often the pause is doubled at most: it is as long as a link's life by then."""
ANSWER_AFTER = 0.25
"""Seconds: who asks for a link is answered after these, whether the address is known or not."""

_LINKS: Final = {
    OneTimeResult.WRONG: PeopleReason.LINK_WRONG,
    OneTimeResult.USED: PeopleReason.LINK_USED,
    OneTimeResult.EXPIRED: PeopleReason.LINK_EXPIRED,
}
_CODES: Final = {
    OneTimeResult.WRONG: PeopleReason.CODE_WRONG,
    OneTimeResult.USED: PeopleReason.CODE_USED,
    OneTimeResult.EXPIRED: PeopleReason.CODE_EXPIRED,
    OneTimeResult.NO_TRIES: PeopleReason.CODE_NO_TRIES,
}


@dataclass(frozen=True)
class LinksAsked:
    """How many links to an address were asked for within `COUNTED_FOR`, and when the newest, if any."""

    times: int
    last_at: datetime | None

    def is_under_way(self, now: datetime) -> bool:
        """Whether the newest one was sent too short a while ago for another: strangers must not fill a mailbox.

        While it is, the newest link is good: strangers must not keep somebody out either.
        """
        if self.last_at is None or self.times < FREE:
            return False
        pause: timedelta = min(PAUSE * 2 ** min(self.times - FREE, _DOUBLED), SIGN_IN_LIFE)
        return now - self.last_at < pause


def hash_address(email: str) -> bytes:
    """What is kept of an address to count its mails."""
    return hashlib.sha256(email.lower().encode("utf-8", "surrogatepass")).digest()


def nobody_at(key: str, address: bytes) -> UUID:
    """Whom a link to an address is about that nobody has: always the same, and without the key it names no address."""
    return UUID(bytes=hmac.digest(key.encode(), b"nobody" + address, hashlib.sha256)[:16])


def used_local_link() -> Problem:
    """The problem of a link of the one-machine stack that is not good, or not any more."""
    return Problem(ProblemType.NOT_ALLOWED, PeopleReason.LOCAL_LINK_USED)


def refused_link(result: OneTimeResult) -> Problem:
    """The problem of a link that does not sign anybody in."""
    return Problem(ProblemType.NOT_ALLOWED, _LINKS[result])


def refused_code(result: OneTimeResult) -> Problem:
    """The problem of a code that does not sign anybody in, in the words of a field."""
    return invalid(FieldProblem("/code", _CODES[result]))
