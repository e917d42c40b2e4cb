"""Asking a provider: each answer has a bound in bytes, all of it a bound in seconds, and nobody is led elsewhere."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache

import httpx2

from shared.auth.provider.model import ProviderAwayError, ProviderFault


@dataclass(frozen=True)
class AnswerLimits:
    """For one answer: seconds until its last byte, and bytes."""

    seconds: float = 4.0
    size: int = 64 * 1024


class BoundedTransport(httpx2.AsyncBaseTransport):
    """Reads no more of an answer than its bound, and unpacks nothing: a few packed bytes can be many."""

    def __init__(self, limits: AnswerLimits, inner: httpx2.AsyncBaseTransport | None = None) -> None:
        self._limits = limits
        self._inner = inner or httpx2.AsyncHTTPTransport(verify=_tls())

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.headers["Accept-Encoding"] = "identity"
        answer = await self._inner.handle_async_request(request)
        try:
            if answer.headers.get("Content-Encoding", "identity") != "identity":
                raise ProviderAwayError(ProviderFault.UNREADABLE)
            body = bytearray()
            async for piece in answer.aiter_raw():
                body += piece
                if len(body) > self._limits.size:
                    raise ProviderAwayError(ProviderFault.TOO_LARGE)
        finally:
            await answer.aclose()
        return httpx2.Response(answer.status_code, headers=answer.headers, content=bytes(body), request=request)

    async def aclose(self) -> None:
        await self._inner.aclose()


@asynccontextmanager
async def asking(limits: AnswerLimits) -> AsyncIterator[None]:
    """Everything that keeps an answer from coming is a `ProviderAwayError`."""
    try:
        async with asyncio.timeout(limits.seconds):
            yield
    except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, OSError) as error:
        raise ProviderAwayError(ProviderFault.SILENT) from error
    except (ValueError, RecursionError) as error:
        raise ProviderAwayError(ProviderFault.UNREADABLE) from error


async def fetch(client: httpx2.AsyncClient, address: str, limits: AnswerLimits) -> object:
    """The JSON at an address. Raises ProviderAwayError."""
    async with asking(limits):
        answer = await client.get(address, headers={"Accept": "application/json"})
        if answer.status_code != httpx2.codes.OK:
            raise ProviderAwayError(ProviderFault.STATUS)
        found: object = answer.json()
        return found


@cache
def _tls() -> ssl.SSLContext:
    """Made once: reading the machine's certificates takes its time."""
    return httpx2.create_ssl_context()
