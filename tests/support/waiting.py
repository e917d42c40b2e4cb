"""Waiting for a condition with a limit, instead of for time."""

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable

_BETWEEN_LOOKS = 0.02


async def until(what: str, holds: Callable[[], bool | Awaitable[bool]], within: float = 30.0) -> None:
    """Return as soon as `holds()` is true; it is asked every 20 ms.

    Raises:
        AssertionError: it was not, `within` seconds; says `what` was waited for.
    """
    try:
        async with asyncio.timeout(within):
            while not await _true(holds()):  # noqa: ASYNC110 (what is waited for is mostly another process)
                await asyncio.sleep(_BETWEEN_LOOKS)
    except TimeoutError:
        raise AssertionError(f"not within {within:g} s: {what}") from None


async def _true(answer: bool | Awaitable[bool]) -> bool:  # noqa: FBT001 (it is the answer, not a switch)
    return await answer if isawaitable(answer) else answer
