"""The cookies of somebody who is signed in: the token for every service, and for intake alone the session's secret.

A third one stays when they sign out, by which the browser is known to them: it lets nobody in.
"""

from starlette.responses import Response

from services.intake.actions.sessions import SignedIn
from services.intake.settings import IntakeSettings
from shared.auth.tokens import TOKEN_LIFE
from shared.web.cookies import CookieRules

_DAY = 24 * 3600  # seconds
_YEAR = 365 * _DAY
_REMEMBERED = 400 * _DAY
"""As long as browsers keep any cookie (RFC 6265bis, section 5.5)."""


def keep_session(response: Response, signed_in: SignedIn, secret: str, settings: IntakeSettings) -> Response:
    """Have the browser keep them."""
    cookies = CookieRules.of(settings.public_url)
    cookies.keep(response, cookies.token, signed_in.token, int(TOKEN_LIFE.total_seconds()))
    cookies.keep(response, cookies.session, secret, settings.session_days * _DAY)
    if signed_in.known_by:
        cookies.keep(response, f"{cookies.known}{signed_in.known_by[:8]}", signed_in.known_by, _REMEMBERED)
    return response


def keep_token(response: Response, signed_in: SignedIn, settings: IntakeSettings) -> Response:
    """Have the browser keep the token alone, and forget the session that it held: nobody is let in again by it.

    It is handed to somebody else: what it kept of the pages before goes too, and from now on the studio's own provider
    asks who signs in there, though it may still know the one before.
    """
    cookies = CookieRules.of(settings.public_url)
    cookies.keep(response, cookies.token, signed_in.token, int(TOKEN_LIFE.total_seconds()))
    cookies.forget(response, cookies.session)
    cookies.forget(response, cookies.provider)  # begun by the one before: it was not asked anew
    cookies.keep(response, cookies.handed, "yes", _YEAR)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def forget_session(response: Response, settings: IntakeSettings) -> Response:
    """Have the browser forget the session: neither cookie is left."""
    cookies = CookieRules.of(settings.public_url)
    cookies.forget(response, cookies.token)
    cookies.forget(response, cookies.session)
    return response
