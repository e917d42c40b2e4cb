"""Messages between the customer, the maker and the studio: how long, how many, and until when."""

from datetime import timedelta
from enum import StrEnum, auto

from services.intake.domain.commissions import Commission, State
from shared.kernel.phrases import Phrase
from shared.kernel.problems import Problem, ProblemType


class MessageReason(StrEnum):
    """Why a message cannot be taken."""

    EMPTY = auto()
    ENDED = auto()
    TOO_MANY = auto()


LONGEST = 4000
"""Characters of one message."""
AT_MOST = 20
"""Messages that one person may write on one commission within `WITHIN`."""
WITHIN = timedelta(hours=1)
SHOWN_AT_MOST = 200
"""The newest messages, as many as a page shows."""


def check_may_write(commission: Commission, *, lately: int) -> None:
    """Whether one more message is taken; `lately` is how many this person wrote here within `WITHIN`.

    Raises:
        Problem: conflict after the end; too-many-requests beyond the bound.
    """
    if commission.state is State.CLOSED:
        raise Problem(ProblemType.CONFLICT, MessageReason.ENDED)
    if lately >= AT_MOST:
        raise Problem(
            ProblemType.TOO_MANY_REQUESTS,
            Phrase(MessageReason.TOO_MANY, count=AT_MOST),
            retry_after=int(WITHIN.total_seconds()),
        )
