"""Signing in by mail: how often a link is sent, and what is said of one that is not good. No I/O."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.kernel.problems import Problem, ProblemType

PAUSE = timedelta(minutes=2)
"""For so long after one link no other is sent: it is on its way."""
DAY = timedelta(days=1)
AT_MOST = 10
"""Links to one commission in a day: whoever knows its address must not be able to fill a mailbox."""


@dataclass(frozen=True)
class LinksAsked:
    """How often somebody asked for a link to a commission in the last `DAY`; no times where nobody did."""

    times: int
    first_at: datetime | None
    last_at: datetime | None

    def is_under_way(self, now: datetime) -> bool:
        """Whether one was asked for only just now."""
        return self.last_at is not None and now - self.last_at < PAUSE

    def check_another(self, now: datetime) -> None:
        """Raises `too-many-requests` where there were so many that there is no other today."""
        if self.times < AT_MOST or self.first_at is None:
            return
        raise Problem(
            ProblemType.TOO_MANY_REQUESTS,
            f"{AT_MOST} links were sent to the customer of this commission within a day.",
            remedy="Use the newest of those mails, or ask the studio for help. There is another link tomorrow.",
            retry_after=int((self.first_at + DAY - now).total_seconds()) + 1,
        )


def used_link() -> Problem:
    """The problem of a link in a mail that is not good, or not any more."""
    return Problem(
        ProblemType.NOT_ALLOWED,
        "This sign-in link is no longer good.",
        remedy="It works once, and within an hour. Open the commission's page again and ask for a new one.",
    )
