"""The OpenAPI document of a service's API, with the problems that each route can answer: said once, derived here."""

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from shared.kernel.problems import ProblemType
from shared.web.access import RouteAccess, routes
from shared.web.answers import MEDIA_TYPE, ProblemDocument
from shared.web.labels import PROBLEMS

_SCHEMA = "#/components/schemas/Problem"
_ALWAYS = (
    ProblemType.MALFORMED_REQUEST,
    ProblemType.NOT_ACCEPTABLE,
    ProblemType.WRONG_HOST,
    ProblemType.INTERNAL,
    ProblemType.UNAVAILABLE,
    ProblemType.TIMED_OUT,
)


def problems(*types: ProblemType) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: the problems of its own, as in `responses=problems(ProblemType.CONFLICT)`."""
    found: dict[int | str, dict[str, Any]] = {}
    for status in sorted({kind.status for kind in types}):
        said = "; ".join(dict.fromkeys(str(PROBLEMS[kind].message) for kind in types if kind.status == status))
        found[status] = {"description": said, "content": {MEDIA_TYPE: {"schema": {"$ref": _SCHEMA}}}}
    return found


def describe(app: FastAPI, title: str) -> dict[str, Any]:
    """The document of everything under `/api/`."""
    document = get_openapi(
        title=f"Touchmark: {title}",
        version="1",
        description="Errors are RFC 9457 problem documents. Sign in with a bearer token or the site's own cookie.",
        routes=[context for context in iter_route_contexts(app.routes) if (context.path or "").startswith("/api/")],
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schemas["Problem"].pop("$defs", {}))
    document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    _add_problems(document, routes(app))
    return document


def _add_problems(document: dict[str, Any], declared: Iterable[RouteAccess]) -> None:
    access = {(route.path, route.method.lower()): route for route in declared}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            route = access[path, method]
            _say_what_is_needed(operation)
            said = operation["responses"]
            if "HTTPValidationError" in str(said.get("422")):
                del said["422"]
            for status, response in problems(*_kinds(operation, route)).items():
                said.setdefault(str(status), response)
            if not route.public:
                operation["security"] = [{"token": []}]


def _say_what_is_needed(operation: dict[str, Any]) -> None:
    """The key is needed, though its absence is a problem of its own and not a field to correct."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "Idempotency-Key":
            parameter["required"] = True
            parameter["schema"].pop("default", None)


def _kinds(operation: dict[str, Any], route: RouteAccess) -> Iterable[ProblemType]:
    yield from _ALWAYS
    if not route.public:
        yield from (ProblemType.NOT_SIGNED_IN, ProblemType.NOT_ALLOWED)
    if "{" in route.path:
        yield ProblemType.NOT_FOUND
    if operation.get("parameters") or "requestBody" in operation:
        yield ProblemType.VALIDATION_FAILED
    if "requestBody" in operation:
        yield from (ProblemType.TOO_LARGE, ProblemType.TOO_SLOW, ProblemType.UNSUPPORTED_MEDIA)
    if route.method not in {"GET", "HEAD"}:
        yield from (ProblemType.CROSS_SITE_REFUSED, ProblemType.TOO_LARGE)
