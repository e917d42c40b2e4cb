"""The bench's own style sheet, at an address that changes with their content."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from shared.auth.roles import Caller
from shared.kernel.problems import not_found
from shared.web.access import Public

_FOLDER = Path(__file__).parent / "static"
_KINDS = {".css": "text/css"}


@cache
def address(name: str) -> str:
    """Where a page finds the file `name`, as in `bench.css`."""
    return f"/bench/style/{_digest(_content(name))}/{name}"


def router() -> APIRouter:
    pages = APIRouter()

    @pages.get("/bench/style/{version}/{name}")
    async def asset(version: str, name: str, _: Annotated[Caller | None, Public()]) -> Response:
        if name not in _names():
            raise not_found()
        content = _content(name)
        kept = "public, max-age=31536000, immutable" if version == _digest(content) else "no-cache"
        return Response(content, media_type=_KINDS[Path(name).suffix], headers={"Cache-Control": kept})

    return pages


@cache
def _names() -> frozenset[str]:
    return frozenset(path.name for path in _FOLDER.iterdir())


@cache
def _content(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
