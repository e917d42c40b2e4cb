"""In which language a request is answered: the person's choice, else what the browser asks for, else the studio's."""

from typing import Annotated, Final

from fastapi import Depends
from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.i18n import Reader, Readers
from shared.i18n.negotiation import preferred
from shared.web.cookies import LANGUAGE_COOKIE


def reader_of(scope: Scope) -> Reader:
    """The reader for the sender of this request."""
    state = scope.setdefault("state", {})
    if "reader" not in state:
        readers: Readers = scope["app"].state.readers
        state["reader"] = readers.of(_chosen(Headers(scope=scope), readers))
    found: Reader = state["reader"]
    return found


def _chosen(headers: Headers, readers: Readers) -> str | None:
    chosen = cookie_parser(headers.get("cookie", "")).get(LANGUAGE_COOKIE)
    return chosen if chosen in readers.languages else preferred(headers.get("accept-language", ""), readers.languages)


class Language:
    """Gives each request its reader (`request.state.reader`), and tells caches that answers differ by language."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        language = reader_of(scope).language.encode()

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start" and _has_words(message):
                message = {**message, "headers": [*message["headers"], (b"content-language", language), _VARY]}
            await send(message)

        await self._app(scope, receive, named)


_VARY: Final = (b"vary", b"Accept-Language, Cookie")


def _has_words(message: Message) -> bool:
    """Whether this answer is for people, or tells a program of a problem in words."""
    media = Headers(raw=message["headers"]).get("content-type", "")
    return media.startswith(("text/html", "application/problem+json"))


def _of_request(request: Request) -> Reader:
    return reader_of(request.scope)


CurrentReader = Annotated[Reader, Depends(_of_request)]
"""For a route's signature: `reader: CurrentReader`."""
