"""What every page of ops is rendered with: its words, and the address of its style sheet."""

from collections.abc import Mapping
from typing import Any

from services.lifecycle.pages.wording import Words
from shared.web.templates import Templates


def page_context(templates: Templates, titles: Mapping[str, str] | None = None) -> dict[str, Any]:
    """`titles` are those of an offering's stages and gates, by id."""
    return {"words": Words(templates.wording, titles)}
