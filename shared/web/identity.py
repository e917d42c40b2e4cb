"""Who sends a request, by the token it carries."""

from starlette.requests import Request

from shared.auth.ended_sessions import EndedSessions
from shared.auth.roles import Caller, Proof, least_proof
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


def has_proven(request: Request, caller: Caller, least: Proof | None = None) -> bool:
    """Whether a caller has proven enough for what is asked: by default, what the studio's settings ask of the role."""
    ops_need_two: bool = request.app.state.ops_need_two
    return caller.proof.meets(least or least_proof(caller.role, ops_need_two=ops_need_two))
