"""Signing in by mail, at `/sign-in`: how long a link is good, and what is said of one that is not. No I/O."""

import hashlib
import hmac
from collections.abc import Collection
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
"""After those so long no other link is sent: the newest is on its way. After each one more it takes longer."""
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
class LinkPauses:
    """How long it takes after a link until another is sent to the same address: each time longer, up to a limit."""

    times_longer: int
    longest: timedelta

    def after(self, times: int) -> timedelta:
        """The pause that follows so many links of one day."""
        if times < FREE:
            return timedelta()
        pause: timedelta = min(PAUSE * self.times_longer ** min(times - FREE, 9), self.longest)
        return pause

    def life(self, times: int) -> timedelta:
        """How long the link is good that makes them so many: at least until another can be sent.

        So there is always a good one in the mailbox, however many others have asked for.
        """
        return max(SIGN_IN_LIFE, self.after(times))


OF_STRANGERS = LinkPauses(4, timedelta(hours=6))
"""Of browsers that nobody has signed in with by this address: ten mails in any day at most, whoever asks."""
OF_ONES_OWN = LinkPauses(2, SIGN_IN_LIFE)
"""Of a browser in which this person was signed in before; what strangers ask for does not count there."""


@dataclass(frozen=True)
class LinksAsked:
    """How many links were asked for within `COUNTED_FOR` from the same kind of browser, and when the newest, if any."""

    times: int
    last_at: datetime | None

    def is_under_way(self, now: datetime, pauses: LinkPauses) -> bool:
        """Whether the newest one was sent too short a while ago for another: strangers must not fill a mailbox."""
        return self.last_at is not None and now - self.last_at < pauses.after(self.times)


def proof_of(key: str, person: UUID) -> str:
    """What a browser keeps in which this person has signed in: it may have links sent to them, and nothing else."""
    return hmac.digest(key.encode(), b"known browser" + person.bytes, hashlib.sha256)[:16].hex()


def is_known(key: str, person: UUID, proofs: Collection[str]) -> bool:
    """Whether one of the proofs that a browser shows is of this person."""
    expected = proof_of(key, person).encode()
    return any(hmac.compare_digest(expected, each.encode("utf-8", "replace")) for each in proofs)


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
