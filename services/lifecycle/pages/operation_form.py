"""The form of an operation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import field_validator

from services.lifecycle.api.operations import BulkOperationCreate
from services.lifecycle.domain.operations import MAX_BULK, MAX_DAYS, MAX_REASON, Operation
from services.lifecycle.domain.reasons import OpsReason
from shared.kernel.phrases import Phrase
from shared.kernel.problems import Said
from shared.web.forms import FormState

USUAL_DAYS = 3
"""What the form for more time begins with."""

_SPANS = (1, 2, 3, 7, 14, 28)
"""What the pages offer; the API takes any number of days in between."""


@dataclass(frozen=True)
class MoreTime:
    """One choice of more time."""

    days: int
    length: timedelta
    due: datetime | None


LIMITS = {"max_reason": MAX_REASON, "max_days": MAX_DAYS, "max_bulk": MAX_BULK}


CHOICES: Mapping[str, Said] = {
    "days": Phrase(OpsReason.DAYS_OUT_OF_RANGE, longest=MAX_DAYS),
    "cause": OpsReason.NO_CAUSE,
    "at_most_percent": OpsReason.MALFORMED_FORM,
}
"""What to choose, by the input."""


class BulkForm(BulkOperationCreate):
    """The commissions come in one input, by their ids; how many there may be, the operation says."""

    commissions: list[UUID]

    @field_validator("commissions", mode="before")
    @classmethod
    def _split(cls, sent: str) -> list[str]:
        return sent.split()


def days_of(form: FormState, operation: Operation) -> int | None:
    """What the preview is computed with; what cannot be, the form itself says."""
    said = form.value("days").strip()
    fits = operation is Operation.EXTEND and said.isascii() and said.isdigit() and len(said) <= 2  # noqa: PLR2004 (up to 99)
    return int(said) if fits and 1 <= int(said) <= MAX_DAYS else None


def spans(due: datetime | None = None) -> Sequence[MoreTime]:
    """How much more time can be chosen, and when it would be due then, if it is one commission's."""
    return [MoreTime(days, timedelta(days=days), due + timedelta(days=days) if due else None) for days in _SPANS]
