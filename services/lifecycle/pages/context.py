"""What every page of ops is rendered with: the words of the reader's language."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from services.lifecycle.pages.words import Words
from shared.web.language import reader_of


def page_context(request: Request, titles: Mapping[str, str] | None = None) -> dict[str, Any]:
    """`titles` are those of an offering's stages and gates, by id."""
    return {"words": Words(reader_of(request.scope), titles or {})}
