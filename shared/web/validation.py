"""What pydantic and FastAPI find wrong with an input, as field problems (https://docs.pydantic.dev/latest/errors/validation_errors/)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request

from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, ProblemType
from shared.web.reasons import RequestReason

_CODES: Mapping[str, RequestReason] = {
    "missing": RequestReason.MISSING,
    "extra_forbidden": RequestReason.UNKNOWN_FIELD,
    "none_required": RequestReason.NOT_EMPTY,
    "string_too_long": RequestReason.TOO_LONG,
    "string_too_short": RequestReason.TOO_SHORT,
    "string_pattern_mismatch": RequestReason.PATTERN,
    "string_type": RequestReason.NOT_TEXT,
    "string_unicode": RequestReason.NOT_UNICODE,
    "int_parsing": RequestReason.NOT_WHOLE,
    "int_type": RequestReason.NOT_WHOLE,
    "int_from_float": RequestReason.NOT_WHOLE,
    "int_parsing_size": RequestReason.NUMBER_TOO_LARGE,
    "decimal_parsing": RequestReason.NOT_A_NUMBER,
    "decimal_type": RequestReason.NOT_A_NUMBER,
    "bool_parsing": RequestReason.NOT_YES_OR_NO,
    "greater_than": RequestReason.NOT_MORE_THAN,
    "greater_than_equal": RequestReason.LESS_THAN,
    "less_than": RequestReason.NOT_LESS_THAN,
    "less_than_equal": RequestReason.MORE_THAN,
    "enum": RequestReason.NOT_A_CHOICE,
    "literal_error": RequestReason.NOT_A_CHOICE,
    "date_parsing": RequestReason.NOT_A_DATE,
    "date_from_datetime_parsing": RequestReason.NOT_A_DATE,
    "uuid_parsing": RequestReason.NOT_AN_ID,
    "uuid_type": RequestReason.NOT_AN_ID,
    "model_attributes_type": RequestReason.NOT_AN_OBJECT,
    "dict_type": RequestReason.NOT_AN_OBJECT,
    "list_type": RequestReason.NOT_A_LIST,
    "too_long": RequestReason.TOO_MANY,
    "too_short": RequestReason.TOO_FEW,
}
MOST_LISTED: Final = 20
"""Problems that an answer lists; of those beyond it says how many there are."""
_LONGEST_PLACE = 200
_PLACES = frozenset({"body", "query", "path", "header", "cookie", "form"})


def field_problems(errors: Iterable[Mapping[str, Any]]) -> tuple[FieldProblem, ...]:
    """The `errors()` of a pydantic ValidationError as field problems, each field by its JSON pointer or its name."""
    first, others = tuple(islice(errors := iter(errors), MOST_LISTED)), sum(1 for _ in errors)
    listed = tuple(_field_problem(error) for error in first)
    return (*listed, FieldProblem("", Phrase(RequestReason.MORE_PROBLEMS, count=others))) if others else listed


def to_problem(request: Request, error: RequestValidationError) -> Problem:
    """What the answer says: broken JSON, another format than the route reads, or the fields to correct."""
    found: Sequence[Mapping[str, Any]] = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return Problem(ProblemType.MALFORMED_REQUEST, RequestReason.NOT_JSON)
    if any(one["loc"][0] == "body" for one in found) and _other_format(request):
        return Problem(ProblemType.UNSUPPORTED_MEDIA)
    if any(one["loc"][0] == "path" for one in found):
        # an id that cannot exist answers as one that does not
        return Problem(ProblemType.NOT_FOUND)
    return Problem(ProblemType.VALIDATION_FAILED, fields=field_problems(found))


def _other_format(request: Request) -> bool:
    """Whether a body came in a format that this route does not read (RFC 9110, section 15.5.16)."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    sent = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    return sent and media not in _read_by(request)


def _read_by(request: Request) -> frozenset[str]:
    context = request.scope.get("fastapi", {}).get("effective_route_context") or request.scope.get("route")
    body = getattr(context, "body_field", None)
    return frozenset({getattr(body.field_info, "media_type", "application/json")}) if body else frozenset()


def _field_problem(error: Mapping[str, Any]) -> FieldProblem:
    return FieldProblem(_place(error["loc"]), _phrase(error["type"], error.get("ctx", {})))


def _phrase(kind: str, context: Mapping[str, Any]) -> Phrase:
    """What pydantic found, with what it says about it: a limit, the choices."""
    if kind == "text_refused":
        phrase: Phrase = context["phrase"]
        return phrase
    return Phrase(_CODES.get(kind, RequestReason.INVALID), **{name: str(value) for name, value in context.items()})


def _place(location: Sequence[str | int]) -> str:
    """A JSON pointer (RFC 6901) into a body, the bare name of anything else."""
    return _pointer(location)[:_LONGEST_PLACE]


def _pointer(location: Sequence[str | int]) -> str:
    where, *rest = location if location and location[0] in _PLACES else ("", *location)
    if where != "body":
        return ".".join(str(part) for part in rest)
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in rest) or "/"
