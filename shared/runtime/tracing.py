"""W3C trace context (https://www.w3.org/TR/trace-context/, `traceparent`), carried in a context variable.

A request, a record and a command each bind the trace they came with; what they cause carries it on.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_FORM = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}\Z")
_current: ContextVar[str | None] = ContextVar("traceparent", default=None)


def parse(traceparent: str | None) -> str | None:
    """The `traceparent` if it is a valid one, else None: a foreign header is never trusted further than that."""
    return traceparent if traceparent and _FORM.match(traceparent) else None


def make() -> str:
    """The `traceparent` of a new trace."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def current() -> str | None:
    """The `traceparent` that is bound here, if any."""
    return _current.get()


def trace_id(traceparent: str | None) -> str | None:
    """The 32 hex digits that name the whole trace."""
    match = _FORM.match(traceparent) if traceparent else None
    return match[1] if match else None


@contextmanager
def bind(traceparent: str | None) -> Iterator[str]:
    """Carry this trace on inside the block; a missing or malformed one starts a new trace."""
    bound = parse(traceparent) or make()
    token = _current.set(bound)
    try:
        yield bound
    finally:
        _current.reset(token)
