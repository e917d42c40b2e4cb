"""The one place where a problem becomes an answer: RFC 9457 problem+json for the API, a page for people."""

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any

from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from shared.i18n import Reader
from shared.kernel.problems import FieldProblem, Problem, ProblemType, Said
from shared.web.identity import identify
from shared.web.language import reader_of
from shared.web.ways import way_in

API = "/api/"
MEDIA_TYPE = "application/problem+json"


class FieldProblemRead(BaseModel):
    """What is wrong with one field, by a JSON pointer into the body or a name: a code, and its words."""

    field: str
    code: str
    message: str
    remedy: str = ""


class ProblemDocument(BaseModel):
    """RFC 9457, with members of our own: `code` names the detail, `remedy`, `request`, `fields`.

    Its words are in the language that the request accepts.
    """

    type: str
    title: str
    status: int
    code: str
    detail: str
    remedy: str
    request: str
    fields: list[FieldProblemRead] = []


def is_api(scope: Scope) -> bool:
    """Whether a program asks, and not a person with a browser."""
    path: str = scope["path"]
    return path.startswith(API)


def answer(scope: Scope, problem: Problem) -> Response:
    """The answer that this problem gets at the door it happened at."""
    headers = _headers(problem)
    if is_api(scope):
        document = problem_document(problem, request_id(scope), reader_of(scope))
        # ASCII, since a field's name is the caller's own and may be half a surrogate pair
        body = json.dumps(document.model_dump(), ensure_ascii=True)
        return Response(body, problem.type.status, headers, MEDIA_TYPE)
    return page(Request(scope), problem, headers)


def page(request: Request, problem: Problem, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """The page of a problem: what happened, what to do about it, and the way back."""
    if not hasattr(request.state, "caller"):  # no route was reached that asked
        identify(request)
    way = way_in(request.url.path) if problem.type is ProblemType.NOT_FOUND else None
    reader = reader_of(request.scope)
    context = {
        "problem": problem,
        "remedy": remedy_of(problem, reader),
        "request_id": request_id(request.scope),
        "way_in": way,
    }
    answered: HTMLResponse = request.app.state.templates.page(
        request, "problem.html", context, status=problem.type.status
    )
    answered.headers.update(headers or {})
    return answered


def problem_document(problem: Problem, request: str, reader: Reader) -> ProblemDocument:
    """The problem as the API tells it."""
    return ProblemDocument(
        type=problem.type.uri,
        title=reader.label(problem.type),
        status=problem.type.status,
        code=_code(problem.detail),
        detail=reader.label(problem.detail) or reader.label(problem.type),
        remedy=remedy_of(problem, reader),
        request=request,
        fields=[_field(found, reader) for found in problem.fields],
    )


def remedy_of(problem: Problem, reader: Reader) -> str:
    """What to do about it: what was said with it, else what its detail's label says, else what its type's says."""
    return reader.label(problem.remedy) or reader.remedy(problem.detail) or reader.remedy(problem.type)


def _field(found: FieldProblem, reader: Reader) -> FieldProblemRead:
    return FieldProblemRead(
        field=found.field,
        code=_code(found.message),
        message=reader.label(found.message),
        remedy=reader.label(found.remedy) or reader.remedy(found.message),
    )


def _code(said: Said | None) -> str:
    """The code that programs decide by; empty where there is none."""
    return str(said.value if isinstance(said, Enum) else said or "")


def request_id(scope: Scope) -> str:
    """The number under which this request is in the logs; empty outside of the app's middleware."""
    state: dict[str, Any] = scope.get("state", {})
    return str(state.get("request_id", ""))


def accepts(headers: Headers, *media_types: str) -> bool:
    """Whether the Accept header admits one of these (RFC 9110, section 12.5.1); no header admits everything."""
    wanted = ",".join(headers.getlist("accept")).lower()
    return not wanted.strip() or any(_admits(part, media) for part in wanted.split(",") for media in media_types)


def _admits(part: str, media: str) -> bool:
    kind, *parameters = (piece.strip() for piece in part.split(";"))
    if any(parameter.replace(" ", "").rstrip("0").rstrip(".") in {"q=0", "q="} for parameter in parameters):
        return False
    return kind in {"*/*", media, f"{media.partition('/')[0]}/*"}


def _headers(problem: Problem) -> dict[str, str]:
    headers = {"Cache-Control": "no-store"}
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    if problem.type is ProblemType.NOT_SIGNED_IN:
        headers["WWW-Authenticate"] = "Bearer"
    return headers
