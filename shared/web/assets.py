"""The static files of all services, at an address that changes with their content, so that browsers may keep them."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

FOLDER = Path(__file__).parent / "static"
STATIC = "/static"


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
        kept = "public, max-age=31536000, immutable" if asked == version() else "no-cache"

        async def with_life(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Cache-Control"] = kept
            await send(message)

        await self._files({**scope, "path": f"/{name}", "root_path": ""}, receive, with_life)
