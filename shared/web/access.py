"""Who may use a route: declared at each one, checked when the app is built, listed for the test of all routes.

    async def page(caller: Annotated[Caller, Allow(Role.CUSTOMER, of="commission")], …)
    async def welcome(caller: Annotated[Caller | None, Public()])

Where nothing else is said, a caller has proven what the settings ask of their role (`shared.auth.roles.least_proof`).
Who has given the first of two steps is nobody, except where a route says that `least=Proof.HALF` will do.

Whose object it is, is for the action to check (`shared.auth.roles.only_owner`): a foreign one answers as a missing one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.params import Depends
from fastapi.params import Form as FormBody
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.auth.roles import Caller, Proof, Role
from shared.kernel.problems import Problem, ProblemType
from shared.web.answers import is_api
from shared.web.identity import has_proven, identify
from shared.web.middleware import SAFE_METHODS
from shared.web.reasons import RequestReason

RENEW = "/session/renew"
SECOND_STEP = "/second-step"
_FORMS = frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})
_LONGEST_TARGET = 2000
"""Characters: more than any address of ours has, less than a client's header may have."""


class UndeclaredAccessError(RuntimeError):
    """A route does not say who may use it, or says it twice; the app is not built."""


@dataclass(frozen=True)
class RouteAccess:
    """One route and its declaration. No roles: everybody. `of` names the kind of object that its path names.

    `least` is what a caller has to have proven, where it is not what the settings ask of their role.
    """

    method: str
    path: str
    name: str
    roles: frozenset[Role]
    of: str | None
    least: Proof | None = None

    @property
    def public(self) -> bool:
        return not self.roles

    @property
    def api(self) -> bool:
        return self.path.startswith("/api/")


class SignInNeeded(Exception):  # noqa: N818 (a way on, not an error)
    """A page was asked for by nobody we know: on to `/session/renew`, and back."""


class SecondStepNeeded(Exception):  # noqa: N818 (likewise)
    """A page was asked for by somebody who has still to give a second step, or to set one up: on to it, and back."""


@dataclass(frozen=True)
class _Allowed:
    """FastAPI's dependency behind `Allow`."""

    roles: frozenset[Role]
    of: str | None
    least: Proof | None

    async def __call__(self, request: Request) -> Caller:
        caller = identify(request)
        if caller is None:
            raise Problem(ProblemType.NOT_SIGNED_IN) if is_api(request.scope) else SignInNeeded
        if not has_proven(request, caller, self.least):
            problem = Problem(ProblemType.NOT_ALLOWED, RequestReason.SECOND_STEP)
            raise problem if is_api(request.scope) else SecondStepNeeded
        if caller.role not in self.roles:
            raise Problem(ProblemType.NOT_ALLOWED)
        if not caller.may_act_on(request.path_params):
            raise Problem(ProblemType.NOT_ALLOWED, RequestReason.ON_THE_TABLET)
        return caller


@dataclass(frozen=True)
class _Everybody:
    """FastAPI's dependency behind `Public`: who has not proven enough is nobody."""

    roles: frozenset[Role] = frozenset()
    of: str | None = None
    least: Proof | None = None

    async def __call__(self, request: Request) -> Caller | None:
        caller = identify(request)
        if caller is not None and not has_proven(request, caller):
            request.state.caller = None
            return None
        return caller


class AccessFirst:
    """Asks who may use a route before its body is read, and refuses what is no form where a page reads one.

    FastAPI reads and parses a body before it runs the dependencies of a route, so that anybody could have megabytes
    read and kept in files for the time of an answer that says no.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = None if scope["method"] in SAFE_METHODS else _route_of(scope)
        if found is not None:
            route, path = found
            scope["route"] = route  # for the log, where this answers
            scope["path_params"] = path
            request = Request(scope)
            try:
                for declared in _declarations(route.dependant):
                    await declared(request)
            except SignInNeeded:
                await to_sign_in(request)(scope, receive, send)
                return
            except SecondStepNeeded:
                await to_second_step(request)(scope, receive, send)
                return
            if _reads_form(route) and not is_api(scope) and _media_type(request) not in _FORMS:
                raise Problem(ProblemType.UNSUPPORTED_MEDIA, RequestReason.NOT_A_FORM)
        await self._app(scope, receive, send)


def _route_of(scope: Scope) -> tuple[RouteContext, Mapping[str, str]] | None:
    """The route that a request comes to, if it is one that declares access, and what its path names."""
    for context in iter_route_contexts(scope["app"].routes):
        if isinstance(context.original_route, APIRoute):
            match, child = context.matches(scope)
            if match is Match.FULL:
                return context, child.get("path_params", {})
    return None


def _reads_form(route: RouteContext) -> bool:
    return route.body_field is not None and isinstance(route.body_field.field_info, FormBody)


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def Allow(*roles: Role, of: str | None = None, least: Proof | None = None) -> Depends:  # noqa: N802 (reads as the declaration it is)
    """Only callers in one of these roles. `of` is the kind of object in the path, for the test of foreign ones.

    `least` is what they have to have proven, where it is less than what the settings ask of their role.
    """
    if not roles:
        raise ValueError("Allow names at least one role; Public() is for everybody")
    return Depends(_Allowed(frozenset(roles), of, least))


def Public() -> Depends:  # noqa: N802 (reads as the declaration it is)
    """Everybody; the value is the caller, if somebody is signed in."""
    return Depends(_Everybody())


def to_sign_in(request: Request) -> RedirectResponse:
    """To intake's renewal and back; 307 keeps a form that was sent after its token was over, files and all.

    Where the edge asks on behalf of another address (`/ops/access`), back to that one, which it names in a header.
    """
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    here = request.headers.get("x-forwarded-uri", asked)
    return RedirectResponse(f"{RENEW}?next={quote(safe_next(here), safe='')}", redirect_status(request))


def to_second_step(request: Request) -> RedirectResponse:
    """To intake's page for it and back; a form that was sent is lost, for nobody knows yet who sent it."""
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    here = request.headers.get("x-forwarded-uri", asked) if request.method in SAFE_METHODS else "/"
    return RedirectResponse(f"{SECOND_STEP}?next={quote(safe_next(here), safe='')}", 303)


def redirect_status(request: Request) -> int:
    """303 after a look, 307 where the browser is to send its form again."""
    return 303 if request.method in SAFE_METHODS else 307


def safe_next(target: str | None) -> str:
    """This target if it is a path on this site, else the first page: never an open redirect."""
    target = target or "/"
    plain = len(target) <= _LONGEST_TARGET and re.fullmatch(r"/[!-\[\]-~]*", target)
    return target if plain and not target.startswith(("//", RENEW, SECOND_STEP)) else "/"


def routes(app: FastAPI) -> tuple[RouteAccess, ...]:
    """Every route of the app with its declaration, except the mounted static files.

    Raises:
        UndeclaredAccessError: a route has no declaration, or more than one.
    """
    return tuple(_declared(app.routes))


def _declared(found: Sequence[BaseRoute]) -> Iterator[RouteAccess]:
    for context in iter_route_contexts(found):
        if context.name == "static":
            continue
        where = f"{sorted(context.methods or ())} {context.path}"
        if not isinstance(context.original_route, APIRoute):
            raise UndeclaredAccessError(f"{where} is no API route, so nobody can say who may use it")
        match list(_declarations(context.dependant)):
            case [declared]:
                for method in sorted(context.methods or ()):
                    yield RouteAccess(
                        method, context.path or "", context.name or "", declared.roles, declared.of, declared.least
                    )
            case found_here:
                raise UndeclaredAccessError(f"{where} declares access {len(found_here)} times instead of once")


def _declarations(dependant: Dependant) -> Iterator[_Allowed | _Everybody]:
    if isinstance(dependant.call, _Allowed | _Everybody):
        yield dependant.call
    for inner in dependant.dependencies:
        yield from _declarations(inner)
