"""Renders a document: what it says goes as JSON into a process of its own, and a PDF comes out."""

import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

import shared.web
from services.quotes.domain.documents import LARGEST_PDF
from shared.kernel.problems import Problem, ProblemType
from shared.runtime.logs import get_logger

MEDIA_TYPE = "application/pdf"

_WORKER = Path(__file__).with_name("typst_worker.py")
_MARK = Path(shared.web.__file__).parent / "static" / "touchmark.svg"
_SECONDS = 15.0
_AT_ONCE = 2  # each takes some hundred megabytes for a moment

_log = get_logger(__name__)
_turns: "WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore]" = WeakKeyDictionary()


@dataclass(frozen=True)
class Pdf:
    """A PDF; `name` is what a browser saves it as, without its ending."""

    name: str
    content: bytes

    @property
    def headers(self) -> dict[str, str]:
        """Nobody else's to keep, and shown rather than saved."""
        return {"Cache-Control": "private, no-cache", "Content-Disposition": f'inline; filename="{self.name}.pdf"'}


async def render_pdf(name: str, said: Mapping[str, object]) -> Pdf:
    """The PDF of what is said; takes some 0.3 s of another process.

    Raises:
        Problem: timed-out, if it could not be set in time; internal, if not at all, or larger than any document is.
    """
    turn = _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE))
    async with turn:
        code, content = await _work(json.dumps({**said, "mark": _MARK.read_text(encoding="utf-8")}).encode())
    if code is None:
        raise Problem(ProblemType.TIMED_OUT)
    if code or not content.startswith(b"%PDF") or len(content) > LARGEST_PDF:
        _log.error("pdf_not_rendered", code=code, size=len(content))
        raise Problem(ProblemType.INTERNAL)
    return Pdf(name, content)


async def _work(data: bytes) -> tuple[int | None, bytes]:
    """The worker's exit code and output; None if it took too long."""
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
            content, _ = await worker.communicate(data)
    except TimeoutError:
        return None, b""
    finally:
        if worker.returncode is None:
            worker.kill()
            await worker.wait()
    return worker.returncode or 0, content
