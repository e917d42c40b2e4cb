"""Ports of this machine's loopback address, and what answers there."""

import random
import socket
from contextlib import ExitStack, suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from deploy.local.refusal import Refusal
from deploy.local.words import _

LOOPBACK = "127.0.0.1"
_REGISTERED = range(15_000, 32_000)  # Linux connects from 32768 on, others from 49152


def free_ports(count: int) -> list[int]:
    """Return `count` different ports that nothing listens on now.

    They are only free, not reserved: somebody else may take one before it is used. That is unlikely, since they are
    outside the range from which systems assign ports by themselves (RFC 6335, section 6).
    """
    with ExitStack() as held:
        return [_bound(held.enter_context(socket.socket())) for _ in range(count)]


def _bound(free: socket.socket) -> int:
    while True:
        with suppress(OSError):
            free.bind((LOOPBACK, random.choice(_REGISTERED)))  # noqa: S311 (not a secret)
            return int(free.getsockname()[1])


def answers(port: int) -> bool:
    """Whether something accepts connections on this port."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False


def ok(address: str, path: str) -> bool:
    """Whether `http://ADDRESS/PATH` answers 200 within two seconds."""
    answer = fetch(address, path)
    return answer is not None and answer[0] == HTTPStatus.OK


def fetch(address: str, path: str) -> tuple[int, bytes] | None:
    """The status and the body of `http://ADDRESS/PATH`; None where nothing answers within two seconds."""
    # Not by a larger client: it is asked often while a stack starts, and by commands that should be quick.
    connection = HTTPConnection(address, timeout=2)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def require_free(port: int, *, used_by: str, variable: str) -> None:
    """Raise a `Refusal` when the port is taken; `variable` is the setting that moves it."""
    with socket.socket() as probe:
        # As servers do it themselves: a port in TIME_WAIT can be listened on again.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise Refusal(
                _(
                    "Port %(port)s, which %(used_by)s needs, is used by another program. Stop that program, or "
                    "choose another port with %(variable)s.",
                    port=port,
                    used_by=used_by,
                    variable=variable,
                )
            ) from error
