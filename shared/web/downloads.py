"""Pictures as every service hands them out: to browsers and to programs alike."""

from typing import Any, Protocol

from starlette.responses import Response

from shared.web.images import MEDIA_TYPE

PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The picture.", "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}
"""What a route that answers with a picture says of itself in the OpenAPI document: `responses=PICTURE`."""


class DownloadablePicture(Protocol):
    """A picture as a service's store keeps it."""

    @property
    def content(self) -> bytes: ...
    @property
    def media_type(self) -> str: ...


def picture_response(picture: DownloadablePicture) -> Response:
    """A picture that never changes under its id. A browser may keep it for a day; a shared cache may not."""
    headers = {"Cache-Control": "private, max-age=86400, immutable", "Content-Disposition": "inline"}
    return Response(picture.content, media_type=picture.media_type, headers=headers)
