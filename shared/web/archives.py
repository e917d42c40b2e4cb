"""What somebody takes along as one ZIP file, which is sent as it grows: no more than one file of it is held at once."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from io import RawIOBase
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from starlette.responses import StreamingResponse
from typing_extensions import Buffer

from shared.i18n import N_, Reader
from shared.kernel.problems import Problem, ProblemType
from shared.runtime.logs import get_logger
from shared.web.openapi import problems

MEDIA_TYPE = "application/zip"
ARCHIVE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The archive.", "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}},
    **problems(ProblemType.NOT_YET),
}
"""What a route that answers with an archive says of itself in the OpenAPI document: `responses=ARCHIVE`."""

MISSING: Final = "missing.txt"
_INTRO: Final = N_(
    "The following is missing in this archive. Download the archive again later, or open each at its own address."
)
_PACKED = frozenset({"html", "json", "txt"})

log = get_logger(__name__)


@dataclass(frozen=True)
class ArchivedFile:
    """A file of an archive by its path, without its ending; a second one of this path gets a number."""

    path: str
    ending: str
    content: bytes


@dataclass(frozen=True)
class ArchivePart:
    """A file that is made, or looked up, when it is its turn; `address` is where it is to be found on its own."""

    address: str
    make: Callable[[], Awaitable[ArchivedFile]]


def archive_response(name: str, parts: Iterable[ArchivePart], reader: Reader) -> StreamingResponse:
    """The answer with all of them. What cannot be made is named, with the reason, in a file `missing.txt` at the end.

    By then the answer has begun with 200, so that an error could only break it off.
    """
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"', "Cache-Control": "private, no-store"}
    return StreamingResponse(_archived(parts, reader), media_type=MEDIA_TYPE, headers=headers)


async def _archived(parts: Iterable[ArchivePart], reader: Reader) -> AsyncIterator[bytes]:
    sink, paths, missing = _Sink(), Counter[str](), list[str]()
    with ZipFile(sink, "w") as archive:
        for part in parts:
            made = await _made(part)
            if isinstance(made, Problem):
                missing.append(f"{part.address}\r\n{reader.label(made.detail or made.type)}\r\n")
                continue
            path = f"{made.path}.{made.ending}"
            paths[path] += 1
            if paths[path] > 1:
                path = f"{made.path}-{paths[path]}.{made.ending}"
            archive.writestr(path, made.content, ZIP_DEFLATED if made.ending in _PACKED else ZIP_STORED)
            yield sink.take()
        if missing:
            said = "\r\n".join([f"{reader.message(_INTRO)}\r\n", *missing])
            archive.writestr(MISSING, said.encode("utf-8-sig"), ZIP_DEFLATED)
    yield sink.take()


async def _made(part: ArchivePart) -> ArchivedFile | Problem:
    try:
        return await part.make()
    except Problem as problem:
        log.warning("archive_incomplete", problem=problem.type.slug)
        return problem
    except Exception:
        log.exception("archive_incomplete", problem=ProblemType.INTERNAL.slug)
        return Problem(ProblemType.INTERNAL)


class _Sink(RawIOBase):
    """What was written and nobody has taken yet."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer, /) -> int:
        part = bytes(data)
        self._written += part
        return len(part)

    def take(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken
