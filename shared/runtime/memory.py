"""Keeps a process small: five of them share the machine of a small studio.

Only where the C library is glibc; elsewhere its own allocator decides.
"""

import ctypes
import gc
from typing import Final

# mallopt(3). Setting the two thresholds also keeps glibc from raising them after each large buffer it has seen.
_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
_THRESHOLD: Final = 128 * 1024
"""Bytes: a larger buffer goes back to the system as soon as it is freed."""
_ARENAS: Final = 2
"""One for the event loop, one for all other threads; the default is eight per core."""


def bound() -> None:
    """Set the bounds; to be called before the process has threads."""
    if (libc := _glibc()) is not None:
        libc.mallopt(_M_ARENA_MAX, _ARENAS)
        libc.mallopt(_M_TRIM_THRESHOLD, _THRESHOLD)
        libc.mallopt(_M_MMAP_THRESHOLD, _THRESHOLD)


def settle() -> None:
    """Collect what starting up left, and take the rest out of the collector's sight.

    What was imported stays for good: without this each full collection would walk half a million objects, and hold up
    the event loop meanwhile.
    """
    gc.collect()
    gc.freeze()


def give_back() -> None:
    """Give free memory back to the system, of all arenas: glibc by itself returns only what lies at a heap's end.

    Takes a few milliseconds.
    """
    if (libc := _glibc()) is not None:
        libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    try:
        libc = ctypes.CDLL(None)
        _ = libc.gnu_get_libc_version
    except (OSError, AttributeError, TypeError):
        return None
    return libc
