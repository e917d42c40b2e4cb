"""One app per service: its API, its pages, and everything that runs before each of them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Match

from shared.auth.ended_sessions import EndedSessions
from shared.auth.tokens import Verifier
from shared.i18n import Labels, Readers
from shared.kernel.clock import Clock
from shared.kernel.ids import Ids
from shared.kernel.problems import Problem, ProblemType
from shared.offerings.labels import LABELS as OFFERINGS
from shared.postgres.database import DatabaseUnavailableError
from shared.web import middleware
from shared.web.access import (
    AccessFirst,
    Public,
    SecondStepNeeded,
    SignInNeeded,
    routes,
    to_second_step,
    to_sign_in,
)
from shared.web.answers import answer
from shared.web.assets import STATIC, Assets, OwnAssets
from shared.web.bounds import BodyBounds, BodyRefusedError
from shared.web.cookies import CookieRules
from shared.web.forms import MOST_FIELDS, MOST_FILES
from shared.web.labels import LABELS
from shared.web.language import Language
from shared.web.live import Live
from shared.web.openapi import describe
from shared.web.studio_pages import HasStudioPages
from shared.web.templates import Templates
from shared.web.validation import to_problem

REQUEST_SECONDS = 20.0
"""How long a request may take once it has arrived; longer than a transaction may, so that it gets its own error."""


class WebSettings(HasStudioPages, Protocol):
    """The settings that the web role needs of any service."""

    @property
    def public_url(self) -> str: ...
    @property
    def studio_name(self) -> str: ...
    @property
    def studio_zone(self) -> str: ...
    @property
    def studio_language(self) -> str: ...
    @property
    def token_keys(self) -> str: ...
    @property
    def ops_second_factor(self) -> Literal["off", "required"]: ...


class WebKernel(Protocol):
    """The part of `shared.runtime.service.Kernel` that the web role needs."""

    @property
    def name(self) -> str: ...
    @property
    def settings(self) -> WebSettings: ...
    @property
    def live(self) -> Live: ...
    @property
    def ended(self) -> EndedSessions: ...
    @property
    def ids(self) -> Ids: ...
    @property
    def clock(self) -> Clock: ...


def create_app(
    kernel: WebKernel,
    *,
    title: str,
    routers: Sequence[APIRouter] = (),
    pages: Sequence[APIRouter] = (),
    templates: Sequence[Path] = (),
    labels: Labels | None = None,
    locales: Sequence[Path] = (),
    own: OwnAssets | None = None,
    documents: Mapping[str, Callable[[], Any]] | None = None,
) -> FastAPI:
    """The app of one service.

    `routers` get the prefix `/api/v1/<service>`, `pages` none; `templates` are the service's template folders;
    `labels` are the words of its codes, `locales` its folders of catalogues;
    `own` are its style sheets and scripts, which templates find by `own('name.css')`;
    `documents` are further descriptions beside `openapi.json`, by name: `{"asyncapi.json": …}`.

    Raises:
        UndeclaredAccessError: a route does not say who may use it.
        ValueError: the token keys in the settings are none.
    """
    app = FastAPI(
        title=title,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=_middleware(kernel),
        form_limits={"max_fields": MOST_FIELDS, "max_files": MOST_FILES},
    )
    readers = _readers(kernel.settings, labels or Labels(), locales)
    _keep_state(app, kernel, readers, Templates(kernel.settings, kernel.clock, readers, templates, own))
    prefix = f"/api/v1/{kernel.name}"
    for router in routers:
        app.include_router(router, prefix=prefix)
    app.include_router(_documents(app, title, documents or {}), prefix=prefix, include_in_schema=False)
    for router in pages:
        app.include_router(router, include_in_schema=False)
    if own:
        app.include_router(own.router(), include_in_schema=False)
    app.mount(STATIC, Assets(), name="static")
    _answer_problems(app)
    routes(app)
    return app


def _readers(settings: WebSettings, labels: Labels, locales: Sequence[Path]) -> Readers:
    words = LABELS | OFFERINGS | labels
    return Readers(zone=settings.studio_zone, default=settings.studio_language, labels=words, locales=locales)


def _keep_state(app: FastAPI, kernel: WebKernel, readers: Readers, templates: Templates) -> None:
    app.state.readers = readers
    app.state.kernel = kernel
    app.state.clock = kernel.clock
    app.state.cookies = CookieRules.of(kernel.settings.public_url)
    app.state.live = kernel.live
    app.state.ended = kernel.ended
    app.state.verifier = Verifier.read(kernel.settings.token_keys, issuer=kernel.settings.public_url)
    app.state.ops_need_two = kernel.settings.ops_second_factor == "required"
    app.state.templates = templates


def _middleware(kernel: WebKernel) -> list[Middleware]:
    public_url = kernel.settings.public_url
    return [
        Middleware(middleware.Log, kernel.ids),
        Middleware(middleware.Cookies),
        Middleware(Language),
        Middleware(middleware.SecurityHeaders, public_url),
        Middleware(middleware.LastResort),
        Middleware(middleware.TimeLimit, REQUEST_SECONDS),
        Middleware(middleware.Head),
        Middleware(middleware.SameSite, public_url),
        Middleware(middleware.Negotiation),
        Middleware(AccessFirst),
        Middleware(BodyBounds),
    ]


def _documents(app: FastAPI, title: str, others: Mapping[str, Callable[[], Any]]) -> APIRouter:
    router = APIRouter()
    made: dict[str, Any] = {}

    def serve(name: str, make: Callable[[], Any]) -> None:
        async def document() -> JSONResponse:
            if name not in made:
                made[name] = make()
            return JSONResponse(made[name])

        router.add_api_route(f"/{name}", document, name=name, dependencies=[Public()], response_class=JSONResponse)

    for name, make in {"openapi.json": lambda: describe(app, title), **others}.items():
        serve(name, make)
    return router


def _answer_problems(app: FastAPI) -> None:
    async def on_problem(request: Request, problem: Problem) -> Response:
        return answer(request.scope, problem)

    async def on_invalid(request: Request, error: RequestValidationError) -> Response:
        return answer(request.scope, to_problem(request, error))

    async def on_http(request: Request, error: HTTPException) -> Response:
        problem = error.problem if isinstance(error, BodyRefusedError) else _as_problem(error)
        response = answer(request.scope, problem)
        if error.status_code == ProblemType.METHOD_NOT_ALLOWED.status:
            response.headers["Allow"] = ", ".join(_methods(app, request))
        return response

    async def on_away(request: Request, _: DatabaseUnavailableError) -> Response:
        return answer(request.scope, Problem(ProblemType.UNAVAILABLE, retry_after=5))

    async def on_stranger(request: Request, _: SignInNeeded) -> RedirectResponse:
        return to_sign_in(request)

    async def on_half(request: Request, _: SecondStepNeeded) -> RedirectResponse:
        return to_second_step(request)

    for kind, handler in {
        Problem: on_problem,
        RequestValidationError: on_invalid,
        HTTPException: on_http,
        DatabaseUnavailableError: on_away,
        SignInNeeded: on_stranger,
        SecondStepNeeded: on_half,
    }.items():
        app.add_exception_handler(kind, handler)  # type: ignore[arg-type]  # each handler takes its own kind only


def _as_problem(error: HTTPException) -> Problem:
    """What Starlette and FastAPI raise by status alone."""
    for found in (
        ProblemType.NOT_FOUND,
        ProblemType.METHOD_NOT_ALLOWED,
        ProblemType.NOT_ACCEPTABLE,
        ProblemType.TOO_LARGE,
        ProblemType.UNSUPPORTED_MEDIA,
    ):
        if found.status == error.status_code:
            return Problem(found)
    return Problem(ProblemType.MALFORMED_REQUEST)


def _methods(app: FastAPI, request: Request) -> list[str]:
    """Every method that this address takes, over all its routes (RFC 9110, section 15.5.6)."""
    found: set[str] = set()
    for context in iter_route_contexts(app.routes):
        for method in context.methods or ():
            match, _ = context.matches({**request.scope, "method": method, "type": "http"})
            if match is Match.FULL:
                found.add(method)
    return sorted(found | ({"HEAD"} if "GET" in found else set()))
