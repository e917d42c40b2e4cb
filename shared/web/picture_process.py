"""Processes that have Pillow loaded and wait for pictures. Each picture is decoded by a child, which ends with it.

Loading takes five times as long as a photograph. What waits has read nothing of anybody's, and a decoder that is taken
over finds no more than in a process of its own: no settings, no secrets, and no way to the next picture. A process that
nobody needs for half a minute is ended.
"""

import asyncio
import os
import signal
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

_WORKER: Final = Path(__file__).with_name("images_worker.py")
_IDLE: Final = 30.0
"""Seconds."""
_CODE: Final = struct.Struct("<i")
_CHUNK: Final = 256 * 1024
_LARGEST: Final = 16 * 1024 * 1024
"""Bytes of an answer: four million pixels of noise take half of that."""


class PictureProcess:
    """One process. It has one picture at a time."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            self._pid = os.posix_spawn(
                sys.executable,
                [sys.executable, "-I", str(_WORKER), "--wait"],
                {},  # no settings, no secrets
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, theirs.fileno(), 0),
                    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
                ],
                setsid=True,
            )
        self._control.setblocking(False)
        self.free_since = 0.0

    @property
    def pid(self) -> int:
        return self._pid

    def __del__(self) -> None:
        """It ends when nobody holds the other side."""
        self._control.close()

    async def take(self, data: bytes) -> tuple[int, bytes]:
        """The exit code and the output of the child that had this picture.

        Raises:
            OSError: the process is gone.
            OverflowError: the child says more than any picture is.
        """
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                socket.send_fds(self._control, [b"\0"], [theirs.fileno()])
            ours.setblocking(False)
            sending = asyncio.create_task(_send(ours, data))
            try:
                out = await _read(ours)
            finally:
                sending.cancel()
                await asyncio.wait({sending})
        code = await loop.sock_recv(self._control, _CODE.size)
        if len(code) < _CODE.size:
            raise ConnectionResetError
        return _CODE.unpack(code)[0], out

    async def end(self) -> None:
        """Kill it, with its child."""
        with suppress(ProcessLookupError):
            os.killpg(self._pid, signal.SIGKILL)
        self._control.close()
        with suppress(ChildProcessError):
            await asyncio.to_thread(os.waitpid, self._pid, 0)


class PictureProcesses:
    """Those of one event loop: as many as there were pictures at once, and none half a minute after the last."""

    def __init__(self, idle: float = _IDLE) -> None:
        self._idle = idle
        self._free: list[PictureProcess] = []
        self._ending: set[asyncio.Task[None]] = set()
        self._looks_later = False

    def __len__(self) -> int:
        """How many wait for a picture."""
        return len(self._free)

    async def take(self, data: bytes, within: float) -> tuple[int, bytes]:
        """The exit code and the output for this picture.

        Those of a kill if it took longer than `within` seconds, or gave more than any picture is.
        """
        while True:
            waited = bool(self._free)
            process = self._free.pop() if waited else PictureProcess()
            try:
                async with asyncio.timeout(within):
                    done = await process.take(data)
            except (TimeoutError, OverflowError):
                await process.end()
                return -signal.SIGKILL, b""
            except OSError:
                await process.end()
                if not waited:
                    raise
            except BaseException:
                await process.end()
                raise
            else:
                self._keep(process)
                return done

    def _keep(self, process: PictureProcess) -> None:
        loop = asyncio.get_running_loop()
        process.free_since = loop.time()
        self._free.append(process)
        if not self._looks_later:
            self._looks_later = True
            loop.call_later(self._idle, self._end_idle)

    def _end_idle(self) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() - self._idle
        idle = [each for each in self._free if each.free_since <= until]
        self._free = [each for each in self._free if each.free_since > until]
        for each in idle:
            ending = asyncio.create_task(each.end())
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)
        self._looks_later = bool(self._free)
        if self._free:
            loop.call_at(min(each.free_since for each in self._free) + self._idle, self._end_idle)


async def _send(to: socket.socket, data: bytes) -> None:
    """A child that refuses a picture by its beginning does not read the rest."""
    with suppress(OSError):
        await asyncio.get_running_loop().sock_sendall(to, data)
        to.shutdown(socket.SHUT_WR)


async def _read(source: socket.socket) -> bytes:
    found = bytearray()
    with suppress(ConnectionResetError):
        while piece := await asyncio.get_running_loop().sock_recv(source, _CHUNK):
            found += piece
            if len(found) > _LARGEST:
                raise OverflowError
    return bytes(found)
