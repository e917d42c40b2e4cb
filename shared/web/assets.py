"""Style sheets, scripts and fonts, at addresses that change with their content, so that browsers may keep them.

Those of all services are in `shared/web/static`; a service's own are beside its pages (`OwnAssets`).
"""

import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from shared.auth.roles import Caller
from shared.kernel.problems import not_found
from shared.web.access import Public

FOLDER = Path(__file__).parent / "static"
STATIC = "/static"

_KINDS = {".css": "text/css", ".js": "text/javascript"}
_FOR_A_YEAR = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"


@cache
def version() -> str:
    """Twelve hex digits of the SHA-256 over names and contents: the same in every service of one release."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(FOLDER).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def address(name: str) -> str:
    """Where a page finds the file `name`, as in `touchmark.css` or `vendor/htmx.js`."""
    return f"{STATIC}/{version()}/{name}"


class Assets:
    """Serves the files, to be kept for a year under this version, and not at all under any other (another release)."""

    def __init__(self) -> None:
        self._files = StaticFiles(directory=FOLDER)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"].removeprefix(f"{STATIC}/")
        asked, _, name = path.partition("/")
        kept = _FOR_A_YEAR if asked == version() else _ASK_AGAIN

        async def with_life(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Cache-Control"] = kept
            await send(message)

        await self._files({**scope, "path": f"/{name}", "root_path": ""}, receive, with_life)


@dataclass(frozen=True)
class OwnAssets:
    """The files of one service's own pages: all in `folder`, served below the path `at`, as in `/ops/look`."""

    folder: Path
    at: str

    def address(self, name: str) -> str:
        """Where a page finds the file `name`, as in `ops.css`."""
        return f"{self.at}/{_digest(self._files[name])}/{name}"

    def text(self, name: str) -> str | None:
        """What a style sheet says; None where it is not one of these."""
        found = self._files.get(name)
        return None if found is None else found.decode()

    def router(self) -> APIRouter:
        """The route that serves them to everybody."""
        router = APIRouter()

        @router.get(f"{self.at}/{{version}}/{{name}}")
        async def asset(version: str, name: str, _: Annotated[Caller | None, Public()]) -> Response:
            if (content := self._files.get(name)) is None:
                raise not_found()
            kept = _FOR_A_YEAR if version == _digest(content) else _ASK_AGAIN
            return Response(content, media_type=_KINDS[Path(name).suffix], headers={"Cache-Control": kept})

        return router

    @cached_property
    def _files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
