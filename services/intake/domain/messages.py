"""Messages between the customer, the maker and the studio: how long, how many, and with how many pictures.

The conversation stays open after the end, whatever the end was: a piece may need care, and a refusal an explanation.
"""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum, auto
from uuid import UUID

from services.intake.domain.pictures import ReferenceReason
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid


class MessageReason(StrEnum):
    """Why a message cannot be taken."""

    EMPTY = auto()
    TOO_MANY = auto()


LONGEST = 4000
"""Characters of one message."""
AT_MOST = 20
"""Messages that one person may write on one commission within `WITHIN`."""
WITHIN = timedelta(hours=1)
SHOWN_AT_MOST = 200
"""The newest messages, as many as a page shows."""
PICTURES_AT_MOST = 4
"""Of one message."""


def check_may_write(*, lately: int) -> None:
    """Whether one more message is taken; `lately` is how many this person wrote here within `WITHIN`.

    Raises:
        Problem: too-many-requests beyond the bound.
    """
    if lately >= AT_MOST:
        raise Problem(
            ProblemType.TOO_MANY_REQUESTS,
            Phrase(MessageReason.TOO_MANY, count=AT_MOST),
            retry_after=int(WITHIN.total_seconds()),
        )


def check_pictures(images: Iterable[UUID], field: str = "/images") -> tuple[UUID, ...]:
    """The pictures of a message, each once. Raises `validation-failed` for more than one may have."""
    given = tuple(dict.fromkeys(images))
    if len(given) > PICTURES_AT_MOST:
        raise invalid(FieldProblem(field, Phrase(ReferenceReason.TOO_MANY, count=PICTURES_AT_MOST)))
    return given
