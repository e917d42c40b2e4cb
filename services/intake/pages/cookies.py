"""The two cookies of somebody who is signed in: the token for every service, the session's secret for intake alone."""

from starlette.responses import Response

from services.intake.actions.sessions import SignedIn
from services.intake.settings import IntakeSettings
from shared.auth.tokens import TOKEN_LIFE
from shared.web.cookies import CookieRules

_DAY = 24 * 3600  # seconds


def keep_session(response: Response, signed_in: SignedIn, secret: str, settings: IntakeSettings) -> Response:
    """Have the browser keep both."""
    cookies = CookieRules.of(settings.public_url)
    cookies.keep(response, cookies.token, signed_in.token, int(TOKEN_LIFE.total_seconds()))
    cookies.keep(response, cookies.session, secret, settings.session_days * _DAY)
    return response


def keep_token(response: Response, signed_in: SignedIn, settings: IntakeSettings) -> Response:
    """Have the browser keep the token alone, and forget the session that it held: nobody is let in again by it."""
    cookies = CookieRules.of(settings.public_url)
    cookies.keep(response, cookies.token, signed_in.token, int(TOKEN_LIFE.total_seconds()))
    cookies.forget(response, cookies.session)
    return response


def forget_session(response: Response, settings: IntakeSettings) -> Response:
    """Have the browser forget both."""
    cookies = CookieRules.of(settings.public_url)
    cookies.forget(response, cookies.token)
    cookies.forget(response, cookies.session)
    return response
