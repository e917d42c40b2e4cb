"""What the forms of the deeds' pages ask for."""

from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup

from services.lifecycle.actions import Asked
from services.lifecycle.domain.deeds import LONGEST_REASON, MOST_DAYS, MOST_TOGETHER, Deed
from services.lifecycle.domain.updates import CancelCause
from services.lifecycle.pages.wording import Words
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.web.forms import Form

USUAL_DAYS = 3
"""What the form for more time begins with."""

_SPANS = {1: "1 day", 2: "2 days", 3: "3 days", 7: "1 week", 14: "2 weeks", 28: "4 weeks"}
"""What the pages offer; the API takes any number of days in between."""

LIMITS = {"longest": LONGEST_REASON, "most_days": MOST_DAYS, "most_together": MOST_TOGETHER}


def asked(form: Form, deed: Deed) -> Asked:
    """What the form asks for.

    Raises:
        Problem: validation-failed where a number is none, malformed-request for what the page does not send.
    """
    cause, percent = form.value("cause"), form.value("at_most_percent")
    if cause and cause not in set(CancelCause):
        raise Problem(ProblemType.MALFORMED_REQUEST, "The form did not say whose doing it is.")
    return Asked(
        deed,
        form.value("reason"),
        days=_number(form, "days", MOST_DAYS) if deed is Deed.EXTEND else None,
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


def days_of(form: Form, deed: Deed) -> int | None:
    """What the preview is computed with; what cannot be, the form itself says."""
    said = form.value("days").strip()
    fits = deed is Deed.EXTEND and said.isascii() and said.isdigit() and len(said) <= 2  # noqa: PLR2004 (up to 99)
    return int(said) if fits and 1 <= int(said) <= MOST_DAYS else None


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
