"""Signing in by mail: how often a link is sent, and what is said of one that is not good. No I/O."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.intake.domain.people import PeopleReason
from shared.kernel.problems import Problem, ProblemType

PAUSE = timedelta(minutes=2)
"""For so long after the first link of a day no other is sent: it is on its way. After each one more, twice as long."""
LONGEST_PAUSE = timedelta(hours=2)
"""At most: somebody who knows a commission's address must neither fill a mailbox nor keep its customer out."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class LinkRequests:
    """How many links to a commission were sent in the last `DAY`, and when the newest; None where there was none."""

    times: int
    last_at: datetime | None

    def is_under_way(self, now: datetime) -> bool:
        """Whether the newest one was sent too short a while ago for another."""
        pause = min(PAUSE * 2 ** max(0, self.times - 1), LONGEST_PAUSE)
        return self.last_at is not None and now - self.last_at < pause


def used_link() -> Problem:
    """The problem of a link in a mail that is not good, or not any more."""
    return Problem(ProblemType.NOT_ALLOWED, PeopleReason.MAILED_LINK_USED)


def used_local_link() -> Problem:
    """The problem of a sign-in link that is not good, or not any more."""
    return Problem(ProblemType.NOT_ALLOWED, PeopleReason.LOCAL_LINK_USED)
