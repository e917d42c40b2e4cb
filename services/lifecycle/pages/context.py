"""What every page of ops is rendered with: the words of the reader's language."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.requests import Request

from services.lifecycle.domain.dashboard import OfferingTitles
from services.lifecycle.domain.people import KnownPerson
from services.lifecycle.pages.words import Words
from shared.web.language import reader_of


def page_context(
    request: Request, titles: OfferingTitles | None = None, people: Mapping[UUID, KnownPerson] | None = None
) -> dict[str, Any]:
    return {"words": Words(reader_of(request.scope), titles or OfferingTitles(), people or {})}
