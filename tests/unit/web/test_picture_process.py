"""The processes that wait for pictures, and what a child finds in one."""

import asyncio
import io
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from shared.web import picture_process
from shared.web.picture_process import PictureProcess, PictureProcesses
from tests.support.waiting import until


def picture() -> bytes:
    sink = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 20)).save(sink, "PNG")
    return sink.getvalue()


def children(pid: int) -> Sequence[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


def workers() -> Sequence[int]:
    """What this process has started and still runs."""
    return [pid for pid in children(os.getpid()) if b"images_worker" in _command_of(pid)]


def _command_of(pid: int) -> bytes:
    """Of a process that may be gone by now: the processes of tests before this one end in their own time."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


async def test_pictures_that_follow_each_other_share_a_process_and_those_at_once_do_not() -> None:
    processes = PictureProcesses()
    before = set(workers())

    for _ in range(3):
        code, out = await processes.take(picture(), within=20)
        assert (code, out[:6]) == (0, b"40 30\n")
    assert len(set(workers()) - before) == len(processes) == 1

    await asyncio.gather(*(processes.take(picture(), within=20) for _ in range(2)))
    assert len(set(workers()) - before) == len(processes) == 2


async def test_a_picture_gives_way_to_those_who_look_at_pages() -> None:
    ours, before = os.nice(0), set(workers())
    processes = PictureProcesses()
    await processes.take(picture(), within=20)

    [worker] = set(workers()) - before

    assert os.getpriority(os.PRIO_PROCESS, worker) == min(ours + 15, 19)


def test_who_only_reads_the_figures_of_the_decoders_stays_as_quick_as_before() -> None:
    look = "import os; before = os.nice(0); import shared.web.images_worker; print(os.nice(0) - before)"

    looked = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)  # noqa: S603

    assert looked.stdout == "0\n"


async def test_a_process_that_nobody_needs_is_ended() -> None:
    before = set(workers())
    processes = PictureProcesses(idle=0.2)
    await processes.take(picture(), within=20)

    await until("it is gone", lambda: not len(processes) and set(workers()) <= before)


async def test_a_process_that_is_gone_is_replaced() -> None:
    before = set(workers())
    processes = PictureProcesses()
    await processes.take(picture(), within=20)
    (pid,) = set(workers()) - before
    os.kill(pid, signal.SIGKILL)

    code, _ = await processes.take(picture(), within=20)

    assert code == 0


async def test_an_answer_that_is_longer_than_any_picture_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A decoder that is taken over would fill the memory of the service."""
    processes = PictureProcesses()
    with monkeypatch.context() as patched:
        patched.setattr(picture_process, "_LARGEST", 100)

        assert await processes.take(picture(), within=20) == (-signal.SIGKILL, b"")

    assert (len(processes), (await processes.take(picture(), within=20))[0]) == (0, 0)


async def test_a_picture_that_ends_its_child_leaves_the_process_for_the_next() -> None:
    process = PictureProcess()
    with waiting_for_its_picture(process):
        child = await child_of(process)
        os.kill(child, signal.SIGSEGV)
        code = await asyncio.get_running_loop().sock_recv(process._control, 4)

    assert int.from_bytes(code, "little", signed=True) == -signal.SIGSEGV
    assert (await process.take(picture()))[0] == 0
    await process.end()


async def test_a_child_finds_no_settings_and_no_way_to_the_next_picture() -> None:
    process = PictureProcess()
    with waiting_for_its_picture(process):
        child = await child_of(process)
        await until("it has let go", lambda: set(opened(child)) == {"0", "1", "2"})

        assert environment(child) == b""
        assert opened(child)["0"] == opened(child)["1"] != opened(process.pid)["0"]
    await process.end()


@contextmanager
def waiting_for_its_picture(process: PictureProcess) -> Iterator[None]:
    """A child whose picture does not come."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            socket.send_fds(process._control, [b"\0"], [theirs.fileno()])
        yield


async def child_of(process: PictureProcess) -> int:
    await until("there is a child", lambda: bool(children(process.pid)))
    (child,) = children(process.pid)
    return child


def opened(pid: int) -> dict[str, str]:
    return {each.name: str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()}


def environment(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()
