"""Pictures that somebody sends: decoded in a separate process with hard limits, and always encoded again.

What comes out is a JPEG of bounded size, upright and in sRGB, with nothing else of the original in it: no EXIF, no
place, no profile, nothing behind its end. What goes in is judged by its content, never by its name: JPEG, PNG, WebP.
"""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from shared.kernel.problems import FieldProblem, Problem, ProblemType
from shared.runtime.logs import get_logger
from shared.web.reasons import PictureReason

if TYPE_CHECKING:
    from starlette.datastructures import UploadFile

LARGEST_BYTES = 15 * 1024 * 1024
"""Of the file that is sent."""
MEDIA_TYPE = "image/jpeg"

_WORKER = Path(__file__).with_name("images_worker.py")
_SECONDS = 20.0
_AT_ONCE = 2  # each may take three quarters of a gigabyte for a moment
_REFUSED = 2

_log = get_logger(__name__)
_turns: "WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore]" = WeakKeyDictionary()


@dataclass(frozen=True)
class Picture:
    """A picture that was encoded again: JPEG bytes, its size in pixels."""

    data: bytes
    width: int
    height: int


async def read_picture(upload: "UploadFile", field: str) -> Picture:
    """The picture in this form field; it stays on disk until its turn has come.

    Raises:
        Problem: image-refused, with the field, what is wrong and what to do.
    """
    async with _turn():
        return await _remade(await upload.read(LARGEST_BYTES + 1), field)


def _turn() -> asyncio.Semaphore:
    return _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE))


async def _remade(data: bytes, field: str) -> Picture:
    if not data:
        raise refused(field, PictureReason.EMPTY)
    if len(data) > LARGEST_BYTES:
        raise refused(field, PictureReason.BYTES)
    code, out = await _work(data)
    if code == _REFUSED:
        raise refused(field, PictureReason(out.decode("ascii")))
    size, _, made = out.partition(b"\n")
    if code or not made:
        _log.warning("picture_worker_failed", code=code)
        raise refused(field, PictureReason.DAMAGED)
    width, height = map(int, size.split())
    return Picture(made, width, height)


def refused(field: str, why: PictureReason) -> Problem:
    """The problem of a picture in this field."""
    return Problem(ProblemType.IMAGE_REFUSED, fields=[FieldProblem(field, why)])


async def _work(data: bytes) -> tuple[int, bytes]:
    """The worker's exit code and output; -9 if it took too long."""
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(_WORKER),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},  # no settings, no secrets
    )
    try:
        async with asyncio.timeout(_SECONDS):
            out, _ = await worker.communicate(data)
    except TimeoutError:
        return -9, b""
    finally:
        if worker.returncode is None:
            worker.kill()
            await worker.wait()
    return worker.returncode or 0, out
