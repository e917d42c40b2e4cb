"""What routes that answer with a picture say of themselves in the OpenAPI document."""

from typing import Any

from shared.web.images import MEDIA_TYPE

PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The picture.", "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}
