"""The cookies of the site: what they are called, and what a browser may do with them.

Where the public address is https, cookies are `Secure`, and those of a sign-in have the prefix `__Host-`, with which a
browser takes them from this very host only (RFC 6265bis, section 4.1.3). Over plain http, as in a studio's own network,
browsers refuse both, so that nobody could sign in: there, cookies have neither.
"""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

LANGUAGE_COOKIE: Final = "language"
"""Set where somebody chooses a language, for all services of the site; an ISO 639 code, no secret."""


@dataclass(frozen=True)
class CookieRules:
    """How one site keeps its cookies."""

    secure: bool

    @classmethod
    def of(cls, public_url: str) -> "CookieRules":
        """The rules of the site at this address."""
        return cls(public_url.startswith("https://"))

    @property
    def token(self) -> str:
        """The name of the cookie with the sign-in token, which every service reads."""
        return self._named("touchmark")

    @property
    def session(self) -> str:
        """The name of the cookie with the session's secret, which intake alone reads."""
        return self._named("touchmark-session")

    @property
    def provider(self) -> str:
        """The name of the cookie of a sign-in that has begun at the studio's own provider, which intake alone reads."""
        return self._named("touchmark-provider")

    @property
    def leaving(self) -> str:
        """The name of the cookie of a browser that may still be signed in at the provider, which intake alone reads."""
        return self._named("touchmark-leaving")

    @property
    def handed(self) -> str:
        """The name of the cookie that says that this browser is handed to customers, which intake alone reads."""
        return self._named("touchmark-handed")

    @property
    def known(self) -> str:
        """What the names of the cookies begin with by which a browser is known to those who signed in with it."""
        return self._named("touchmark-known-")

    def _named(self, name: str) -> str:
        return f"__Host-{name}" if self.secure else name

    def keep(self, response: Response, name: str, value: str, seconds: int, *, scripts: bool = False) -> None:
        """Have the browser keep a cookie for so long; out of reach of scripts, unless they may read it."""
        response.set_cookie(
            name, value, max_age=seconds, path="/", secure=self.secure, httponly=not scripts, samesite="lax"
        )

    def forget(self, response: Response, name: str) -> None:
        """Have the browser forget a cookie."""
        response.delete_cookie(name, path="/", secure=self.secure, httponly=True, samesite="lax")


def cookies_of(request: Request) -> CookieRules:
    """The rules of the app that this request came to."""
    found: CookieRules = request.app.state.cookies
    return found
