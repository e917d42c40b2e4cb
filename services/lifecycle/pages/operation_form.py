"""The form of an operation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.lifecycle.actions import OperationRequest
from services.lifecycle.domain.operations import MAX_BULK, MAX_DAYS, MAX_REASON, Operation
from services.lifecycle.domain.reasons import OpsReason
from services.lifecycle.workflow.messages import CancelCause
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.web.forms import Form

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


def operation_request(form: Form, operation: Operation) -> OperationRequest:
    """What the form asks for.

    Raises:
        Problem: validation-failed where a number is none, malformed-request for what the page does not send.
    """
    cause, percent = form.value("cause"), form.value("at_most_percent")
    if cause and cause not in set(CancelCause):
        raise Problem(ProblemType.MALFORMED_REQUEST, OpsReason.MALFORMED_FORM)
    return OperationRequest(
        operation,
        form.value("reason"),
        days=_number(form, "days", MAX_DAYS) if operation is Operation.EXTEND else None,
        cause=CancelCause(cause) if cause else None,
        at_most_percent=_number(form, "at_most_percent", 100) if percent else None,
    )


def _number(form: Form, name: str, most: int) -> int | None:
    said = form.value(name).strip()
    if not said:
        return None
    if not said.isascii() or not said.isdigit() or len(said) > 4 or int(said) > most:  # noqa: PLR2004 (far beyond any)
        raise invalid(FieldProblem(field=name, message=Phrase(OpsReason.DAYS_OUT_OF_RANGE, longest=most)))
    return int(said)


def days_of(form: Form, operation: Operation) -> int | None:
    """What the preview is computed with; what cannot be, the form itself says."""
    said = form.value("days").strip()
    fits = operation is Operation.EXTEND and said.isascii() and said.isdigit() and len(said) <= 2  # noqa: PLR2004 (up to 99)
    return int(said) if fits and 1 <= int(said) <= MAX_DAYS else None


def spans(due: datetime | None = None) -> Sequence[MoreTime]:
    """How much more time can be chosen, and when it would be due then, if it is one commission's."""
    return [MoreTime(days, timedelta(days=days), due + timedelta(days=days) if due else None) for days in _SPANS]
