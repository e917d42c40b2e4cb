"""Pictures that somebody sends: decoded in a separate process with hard limits, and always encoded again.

What comes out is a JPEG of bounded size, upright and in sRGB, with nothing else of the original in it: no EXIF, no
place, no profile, nothing behind its end. What goes in is judged by its content, never by its name: JPEG, PNG, WebP.
"""

import asyncio
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID
from weakref import WeakKeyDictionary, WeakValueDictionary

from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, ProblemType, Said
from shared.runtime.logs import get_logger
from shared.web.picture_process import PictureProcesses
from shared.web.reasons import PictureReason

if TYPE_CHECKING:
    from starlette.datastructures import UploadFile

LARGEST_MEGABYTES: Final = 15
"""Of the file that is sent: what is refused beyond, and what forms, their scripts and the words say."""
LARGEST_BYTES: Final = LARGEST_MEGABYTES * 1024 * 1024
MEDIA_TYPE = "image/jpeg"

_SECONDS = 20.0
_REFUSED = 2
_TOO_LONG = {-signal.SIGXCPU, -signal.SIGALRM, -signal.SIGKILL}

_log = get_logger(__name__)


@dataclass(frozen=True)
class Picture:
    """A picture that was encoded again: JPEG bytes, its size in pixels."""

    data: bytes
    width: int
    height: int


class PictureQueue:
    """Whose picture is decoded now: two in all, one of each person.

    The others wait; how many may, `shared.web.uploads` says before any of them is read.
    """

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(2)  # each may take three quarters of a gigabyte for a moment
        self._own: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, person: UUID) -> AsyncGenerator[None, None]:
        """Wait for the turn of this person's picture, and take it while the block runs."""
        async with self._own.setdefault(person, asyncio.Lock()), self._turns:
            yield


_processes: "WeakKeyDictionary[asyncio.AbstractEventLoop, PictureProcesses]" = WeakKeyDictionary()
_queues: "WeakKeyDictionary[asyncio.AbstractEventLoop, PictureQueue]" = WeakKeyDictionary()


async def read_picture(upload: "UploadFile", field: str, person: UUID) -> Picture:
    """The picture in this form field, sent by this person; it stays on disk until its turn has come.

    Raises:
        Problem: image-refused, with the field, what is wrong and what to do.
    """
    queue = _queues.setdefault(asyncio.get_running_loop(), PictureQueue())
    async with queue.turn(person):
        return await _remade(await upload.read(LARGEST_BYTES + 1), field)


async def _remade(data: bytes, field: str) -> Picture:
    if not data:
        raise refused(field, PictureReason.EMPTY)
    if len(data) > LARGEST_BYTES:
        raise refused(field, Phrase(PictureReason.BYTES, megabytes=LARGEST_MEGABYTES))
    processes = _processes.setdefault(asyncio.get_running_loop(), PictureProcesses())
    code, out = await processes.take(data, _SECONDS)
    if code == _REFUSED:
        raise refused(field, PictureReason(out.decode("ascii")))
    size, _, made = out.partition(b"\n")
    if code or not made:
        _log.warning("picture_worker_failed", code=code)
        raise refused(field, PictureReason.EFFORT if code in _TOO_LONG else PictureReason.DAMAGED)
    width, height = map(int, size.split())
    return Picture(made, width, height)


def refused(field: str, why: Said) -> Problem:
    """The problem of a picture in this field."""
    return Problem(ProblemType.IMAGE_REFUSED, fields=[FieldProblem(field, why)])
