"""Days that a piece is needed by, or that it is for."""

import re
from datetime import date

from shared.kernel.phrases import Phrase
from shared.offerings.rules.error import AnswerReason, RuleError


def day(text: str, *, today: date, earliest: date, latest: date) -> date:
    """Read an ISO 8601 day, as a browser's date input sends it. Raises RuleError."""
    try:
        found = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) else None
    except ValueError:
        found = None
    if found is None:
        raise RuleError(Phrase(AnswerReason.NOT_A_DAY, example=latest.isoformat()))
    if found < earliest:
        code = AnswerReason.DAY_IS_PAST if found < today else AnswerReason.DAY_TOO_SOON
        raise RuleError(Phrase(code, earliest=earliest))
    if found > latest:
        raise RuleError(Phrase(AnswerReason.DAY_TOO_FAR, latest=latest))
    return found
