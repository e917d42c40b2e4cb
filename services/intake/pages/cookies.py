"""The two cookies of somebody who is signed in: the token for every service, the session's secret for intake alone."""

from starlette.responses import Response

from services.intake.actions.people import SignedIn
from services.intake.settings import IntakeSettings
from shared.auth.tokens import SESSION_COOKIE, TOKEN_COOKIE, TOKEN_LIFE

_DAY = 24 * 3600  # seconds


def keep_session(response: Response, signed_in: SignedIn, secret: str, settings: IntakeSettings) -> Response:
    """Have the browser keep both."""
    _keep(response, TOKEN_COOKIE, signed_in.token, int(TOKEN_LIFE.total_seconds()))
    _keep(response, SESSION_COOKIE, secret, settings.session_days * _DAY)
    return response


def forget(response: Response) -> Response:
    """Have the browser forget both."""
    for name in (TOKEN_COOKIE, SESSION_COOKIE):
        response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")
    return response


def _keep(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax")
