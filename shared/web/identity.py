"""Who sends a request, by the token it carries."""

from starlette.requests import Request

from shared.auth.ended_sessions import EndedSessions
from shared.auth.roles import Caller
from shared.auth.tokens import InvalidTokenError, Verifier
from shared.kernel.clock import Clock
from shared.web.cookies import cookies_of


def identify(request: Request) -> Caller | None:
    """Who sends this: by bearer token, else by cookie.

    None for nobody, and for a token that is over, not ours, or of a session that was ended.
    """
    verifier: Verifier = request.app.state.verifier
    clock: Clock = request.app.state.clock
    ended: EndedSessions = request.app.state.ended
    request.state.caller = None
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        token = request.cookies.get(cookies_of(request).token, "")
    if token:
        try:
            caller = verifier.caller(token.strip(), clock())
        except InvalidTokenError:
            return None
        if caller.session not in ended:
            request.state.caller = caller
    found: Caller | None = request.state.caller
    return found
