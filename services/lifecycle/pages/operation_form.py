"""The form of an operation."""

from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup

from services.lifecycle.actions import OperationRequest
from services.lifecycle.domain.operations import MAX_BULK, MAX_DAYS, MAX_REASON, Operation
from services.lifecycle.pages.wording import Words
from services.lifecycle.workflow.messages import CancelCause
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.web.forms import Form

USUAL_DAYS = 3
"""What the form for more time begins with."""

_SPANS = {1: "1 day", 2: "2 days", 3: "3 days", 7: "1 week", 14: "2 weeks", 28: "4 weeks"}
"""What the pages offer; the API takes any number of days in between."""

LIMITS = {"max_reason": MAX_REASON, "max_days": MAX_DAYS, "max_bulk": MAX_BULK}


def operation_request(form: Form, operation: Operation) -> OperationRequest:
    """What the form asks for.

    Raises:
        Problem: validation-failed where a number is none, malformed-request for what the page does not send.
    """
    cause, percent = form.value("cause"), form.value("at_most_percent")
    if cause and cause not in set(CancelCause):
        raise Problem(ProblemType.MALFORMED_REQUEST, "The form did not say whose doing it is.")
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
        found = FieldProblem(
            field=name, message="This is not a number of days that can be added.", remedy=f"Choose from 1 to {most}."
        )
        raise invalid(found)
    return int(said)


def days_of(form: Form, operation: Operation) -> int | None:
    """What the preview is computed with; what cannot be, the form itself says."""
    said = form.value("days").strip()
    fits = operation is Operation.EXTEND and said.isascii() and said.isdigit() and len(said) <= 2  # noqa: PLR2004 (up to 99)
    return int(said) if fits and 1 <= int(said) <= MAX_DAYS else None


def spans(words: Words, due: datetime | None = None) -> list[dict[str, Any]]:
    """How much more time can be chosen, and when it would be due then, if it is one commission's."""
    return [
        {
            "value": days,
            "words": said,
            "help": Markup("due {}").format(words.exact(due + timedelta(days=days))) if due else "",
        }
        for days, said in _SPANS.items()
    ]
