"""A page's form: read as a pydantic model, and shown again as it was sent where something is wrong with it.

    async def send(sent: Annotated[Sent[MessageCreate], Form()], …) -> Response:
        try:
            given = sent.read()                        # a MessageCreate, the very class of the API
            …
        except Problem as problem:
            again = {"form": sent.form.with_problem(problem)}
            return templates.page(request, "messages.html", again, problem=problem)

With the bare model, FastAPI would answer what is wrong before the route runs, and what was typed would be lost: so the
model is read inside. What a stranger sends is not read at all, unless the route is public (`shared.web.middleware`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.datastructures import UploadFile

from shared.kernel.ids import new_id
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, Said, invalid
from shared.kernel.text import TextReason
from shared.web.idempotency import FIELD
from shared.web.reasons import RequestReason
from shared.web.validation import field_problems

MULTIPART: Final = "multipart/form-data"
"""`Form(media_type=MULTIPART)`: what a form sends whose files are not among the fields of its model."""
MOST_FIELDS, MOST_FILES = 200, 8
"""The most inputs that a form of ours may have, with room; one with more is refused while it is read."""

M = TypeVar("M", bound=BaseModel)


def _new_key() -> str:
    return str(new_id())


@dataclass(frozen=True)
class FormState:
    """What templates need to show a form again as it was sent; a new one is empty."""

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

    def with_problem(self, problem: Problem) -> "FormState":
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


class Sent(BaseModel, Generic[M]):
    """A form as it was sent, to be read as the model `M`. Of inputs with the same name, the last one counts."""

    model_config = ConfigDict(extra="allow", frozen=True)

    @cached_property
    def form(self) -> FormState:
        """What was typed, and the files that were chosen; a file's input that was left empty is left out."""
        sent = {name: each[-1] if isinstance(each, list) else each for name, each in (self.model_extra or {}).items()}
        values = {name: each for name, each in sent.items() if isinstance(each, str)}
        files = {name: each for name, each in sent.items() if isinstance(each, UploadFile) and each.filename}
        return FormState(values, files, key=values.get(FIELD) or _new_key())

    def uploads(self, name: str) -> tuple[UploadFile, ...]:
        """Every file that was chosen in this input."""
        sent = (self.model_extra or {}).get(name)
        each = sent if isinstance(sent, list) else [sent]
        return tuple(one for one in each if isinstance(one, UploadFile) and one.filename)

    def read(self, missing: Mapping[str, Said] | None = None, **context: object) -> M:
        """The form as its model. An optional field that was left empty has its default.

        `missing` says of a field what to give, where nothing was chosen or written that could be taken for an answer;
        what the rules of a text say stays. `context` is for the validators of the model.

        Raises:
            Problem: validation-failed, with everything that is wrong with it.
        """
        model: type[M] = model_of(type(self))
        try:
            return model.model_validate(self._given(model), context=context)
        except ValidationError as error:
            found = [{**each, "loc": ("form", *each["loc"])} for each in error.errors()]
            raise invalid(*_in_words_of_the_page(field_problems(found), missing or {})) from error

    def _given(self, model: type[M]) -> dict[str, Any]:
        """What of the form is for this model: a page's form may have inputs besides, as its key."""
        sent = {**self.form.values, **self.form.files}
        fields = model.model_fields
        if model.model_config.get("extra") == "forbid":
            sent = {name: value for name, value in sent.items() if name in fields}
        return {
            name: value for name, value in sent.items() if value or name not in fields or fields[name].is_required()
        }


def model_of(sent: type[BaseModel]) -> Any:
    """The `M` of a `Sent[M]`."""
    return sent.__pydantic_generic_metadata__["args"][0]


def _in_words_of_the_page(found: tuple[FieldProblem, ...], missing: Mapping[str, Said]) -> tuple[FieldProblem, ...]:
    """What pydantic says of a field becomes what the page says; what our own rules say of it stays."""

    def said(each: FieldProblem) -> FieldProblem:
        code = each.message.code if isinstance(each.message, Phrase) else each.message
        nothing = isinstance(code, RequestReason) or code is TextReason.EMPTY
        reason = missing.get(each.field) if nothing else None
        return FieldProblem(each.field, reason) if reason else each

    return tuple(map(said, found))
