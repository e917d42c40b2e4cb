"""Pictures as every service hands them out: to browsers and to programs alike."""

from hashlib import sha256
from typing import Any, Protocol

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from shared.web.images import MEDIA_TYPE

PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The picture.", "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}},
    304: {"description": "Not modified."},
}
"""What a route that answers with a picture says of itself in the OpenAPI document: `responses=PICTURE`."""


class DownloadablePicture(Protocol):
    """A picture as a service's store keeps it."""

    @property
    def content(self) -> bytes: ...
    @property
    def media_type(self) -> str: ...


class PictureResponse(Response):
    """A picture that a browser may keep, if it asks before each look whether it still may show it.

    So nobody sees it after the sign-out, though it need not be sent twice (RFC 9110, section 13.1.2).
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        known = Headers(scope=scope).get("if-none-match", "")
        if self.headers["etag"] in {tag.strip().removeprefix("W/") for tag in known.split(",")}:
            kept = {name: self.headers[name] for name in ("cache-control", "etag")}
            await Response(status_code=304, headers=kept)(scope, receive, send)
            return
        await super().__call__(scope, receive, send)


def picture_response(picture: DownloadablePicture) -> Response:
    """A picture for those who may see it now."""
    headers = {
        "Cache-Control": "private, no-cache",
        "Content-Disposition": "inline",
        "ETag": f'"{sha256(picture.content).hexdigest()[:32]}"',
    }
    return PictureResponse(picture.content, media_type=picture.media_type, headers=headers)
