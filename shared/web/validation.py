"""What pydantic and FastAPI find wrong with an input, as field problems in plain words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request

from shared.kernel.problems import FieldProblem, Problem, ProblemType

# pydantic's error types (https://docs.pydantic.dev/latest/errors/validation_errors/): what is wrong, what to do.
_WORDS: Mapping[str, tuple[str, str]] = {
    "missing": ("This is missing.", "Fill it in."),
    "extra_forbidden": ("This field is not known here.", "Leave it out."),
    "none_required": ("This must be left empty.", "Leave it out."),
    "string_too_long": ("This is too long.", "Shorten it to {max_length} characters."),
    "string_too_short": ("This is too short.", "Write at least {min_length} characters."),
    "string_pattern_mismatch": ("This is not in the form that is expected.", "Follow the pattern {pattern}."),
    "string_type": ("This is not text.", "Send text."),
    "string_unicode": ("This is not valid Unicode text.", "Send it as UTF-8."),
    "int_parsing": ("This is not a whole number.", "Write it in digits, such as 12."),
    "int_type": ("This is not a whole number.", "Send a number."),
    "int_from_float": ("This is not a whole number.", "Leave out the fraction."),
    "int_parsing_size": ("This number is too large.", "Send a smaller one."),
    "decimal_parsing": ("This is not a number.", "Write it in digits, such as 12.5."),
    "decimal_type": ("This is not a number.", "Send a number."),
    "bool_parsing": ("This is neither yes nor no.", "Send true or false."),
    "greater_than": ("This is too small.", "Choose more than {gt}."),
    "greater_than_equal": ("This is too small.", "Choose {ge} or more."),
    "less_than": ("This is too large.", "Choose less than {lt}."),
    "less_than_equal": ("This is too large.", "Choose {le} or less."),
    "enum": ("This is not one of the choices.", "Choose {expected}."),
    "literal_error": ("This is not one of the choices.", "Choose {expected}."),
    "date_parsing": ("This is not a date.", "Write it as year-month-day, such as 2027-05-31."),
    "date_from_datetime_parsing": ("This is not a date.", "Write it as year-month-day, such as 2027-05-31."),
    "uuid_parsing": ("This is not an id.", "Send a UUID as you were given it."),
    "uuid_type": ("This is not an id.", "Send a UUID as you were given it."),
    "model_attributes_type": ("This is not an object.", "Send a JSON object."),
    "dict_type": ("This is not an object.", "Send a JSON object."),
    "list_type": ("This is not a list.", "Send a JSON array."),
    "too_long": ("There are too many of these.", "Send {max_length} at most."),
    "too_short": ("There are too few of these.", "Send {min_length} at least."),
}
_PLACES = frozenset({"body", "query", "path", "header", "cookie"})


def field_problems(errors: Iterable[Mapping[str, Any]]) -> tuple[FieldProblem, ...]:
    """The `errors()` of a pydantic ValidationError as field problems, each field by its JSON pointer or its name."""
    return tuple(_field_problem(error) for error in errors)


def to_problem(request: Request, error: RequestValidationError) -> Problem:
    """What this request is told: broken JSON, another format than the route reads, or the fields to correct."""
    found: Sequence[Mapping[str, Any]] = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return Problem(ProblemType.MALFORMED_REQUEST, "The body is not valid JSON.")
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
    context: Mapping[str, Any] = error.get("ctx", {})
    message, remedy = _WORDS.get(error["type"], ("", ""))
    if error["type"] == "text_refused":
        message, remedy = context["message"], context["remedy"]
    elif not message:
        message, remedy = f"{error['msg'].removeprefix('Value error, ').rstrip('.')}.", "Correct it and send again."
    return FieldProblem(field=_place(error["loc"]), message=message, remedy=remedy.format_map(_Known(context)))


def _place(location: Sequence[str | int]) -> str:
    """A JSON pointer (RFC 6901) into a body, the bare name of anything else."""
    where, *rest = location if location and location[0] in _PLACES else ("", *location)
    if where != "body":
        return ".".join(str(part) for part in rest)
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in rest) or "/"


class _Known(dict[str, Any]):
    """Leaves unsaid what pydantic did not give."""

    def __missing__(self, key: str) -> str:
        return "another value"
