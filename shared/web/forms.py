"""A page's form: what was typed, what is wrong with it, and the key that makes it happen once.

form = await read_form(request)                      # after the parameter that declares access
…
except Problem as problem:
    return pages.page(request, "new.html", {"form": form.with_problem(problem)}, status=problem.type.status)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from starlette.datastructures import UploadFile
from starlette.requests import Request

from shared.kernel.ids import new_id
from shared.kernel.problems import FieldProblem, Problem, ProblemType
from shared.web.idempotency import FIELD
from shared.web.reasons import RequestReason

_FIELDS, _FILES = 200, 8
_READ = frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})


def _new_key() -> str:
    return str(new_id())


@dataclass(frozen=True)
class Form:
    """What templates need to show a form again as it was sent."""

    values: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, UploadFile] = field(default_factory=dict)
    problems: tuple[FieldProblem, ...] = ()
    key: str = field(default_factory=_new_key)

    def value(self, name: str) -> str:
        """What was typed into this field; empty where nothing was."""
        return self.values.get(name, "")

    def problem(self, name: str) -> FieldProblem | None:
        """What is wrong with this field."""
        return next((found for found in self.problems if found.field.lstrip("/") == name), None)

    def with_problem(self, problem: Problem) -> "Form":
        """The same form with what is to be corrected; a problem without a field is shown above them all."""
        found = tuple(_by_name(one) for one in problem.fields)
        whole = FieldProblem("", problem.detail or problem.type, problem.remedy)
        return replace(self, problems=found or (whole,))

    @property
    def asked(self) -> Mapping[str, str]:
        """What was typed, without the form's own key: what an idempotency key is compared by."""
        return {name: value for name, value in self.values.items() if name != FIELD}


def _by_name(found: FieldProblem) -> FieldProblem:
    """A JSON pointer to a top field as that field's name on the form."""
    return found.at(found.field.removeprefix("/"))


async def read_form(request: Request) -> Form:
    """The form that was sent. Files that were left empty are left out.

    Raises:
        Problem: unsupported-media for what is no form.
        HTTPException: 400 for a form that is cut off, 413 for one that is too large.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _READ:
        raise Problem(ProblemType.UNSUPPORTED_MEDIA, RequestReason.NOT_A_FORM)
    sent = await request.form(max_fields=_FIELDS, max_files=_FILES)
    values = {name: value for name, value in sent.multi_items() if isinstance(value, str)}
    files = {name: value for name, value in sent.multi_items() if isinstance(value, UploadFile) and value.filename}
    return Form(values, files, key=values.get(FIELD) or _new_key())
