"""What differs between two versions of a brief, answer by answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.contracts.briefs import BriefAnswer


@dataclass(frozen=True)
class AnswerChange:
    """One field that is answered otherwise; None where it was or is not answered."""

    field: str
    before: BriefAnswer | None
    after: BriefAnswer | None


def changed_answers(before: Sequence[BriefAnswer], after: Sequence[BriefAnswer]) -> tuple[AnswerChange, ...]:
    """What is answered otherwise than before: in the order of the newer answers, then what is not answered any more."""
    was, now = {each.field: each for each in before}, {each.field: each for each in after}
    fields = (*now, *(field for field in was if field not in now))
    changes = (AnswerChange(field, was.get(field), now.get(field)) for field in fields)
    return tuple(each for each in changes if each.before != each.after)
