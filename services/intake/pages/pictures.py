"""Pictures as a browser gets them."""

from starlette.responses import Response

from services.intake.domain.pictures import StoredPicture


def answer(picture: StoredPicture) -> Response:
    """The picture itself: the same for ever under its id, and nobody else's to keep."""
    headers = {"Cache-Control": "private, max-age=86400, immutable", "Content-Disposition": "inline"}
    return Response(picture.content, media_type=picture.media_type, headers=headers)
