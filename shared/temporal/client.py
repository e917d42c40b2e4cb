"""One lazy connection to Temporal per process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from shared.runtime.settings import ServiceSettings

if TYPE_CHECKING:
    from temporalio.client import Client
    from temporalio.service import TLSConfig

_CONNECT_WITHIN = timedelta(seconds=3)


class TemporalAwayError(ConnectionError):
    """Temporal cannot be reached at the moment; the caller may try again later."""


class Temporal:
    """Connects when it is first asked, and again when that failed; after that the client reconnects."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings = settings
        self._client: Client | None = None
        self._connecting = asyncio.Lock()

    def queue(self, service: str) -> str:
        """The task queue on which a service takes its commands."""
        return f"{self._settings.prefix}{service}"

    async def client(self) -> "Client":
        """The process's client.

        Raises:
            TemporalAwayError: it could not be reached within 3 seconds.
        """
        async with self._connecting:
            if self._client is None:
                self._client = await self._connect()
            return self._client

    @asynccontextmanager
    async def asking(self) -> AsyncIterator["Client"]:
        """The client for a few calls; their errors distinguish what is away from what is wrong.

        Raises:
            TemporalAwayError: it cannot be reached or is overloaded; the same calls may succeed later.
            temporalio.service.RPCError: it answered, and the answer is no.
        """
        from temporalio.service import RPCError, RPCStatusCode  # noqa: PLC0415 (as in `_connect`)

        away = {
            RPCStatusCode.UNAVAILABLE,
            RPCStatusCode.DEADLINE_EXCEEDED,
            RPCStatusCode.RESOURCE_EXHAUSTED,
            RPCStatusCode.ABORTED,
            RPCStatusCode.CANCELLED,
        }
        try:
            yield await self.client()
        except RPCError as error:
            if error.status in away:
                raise TemporalAwayError(f"Temporal: {error.status.name}") from error
            raise

    async def _connect(self) -> "Client":
        # A process without the bridge and without a worker never loads temporalio (20 MiB).
        from temporalio.client import Client  # noqa: PLC0415
        from temporalio.contrib.pydantic import pydantic_data_converter  # noqa: PLC0415

        from shared.temporal.trace import TraceInterceptor  # noqa: PLC0415

        try:
            return await Client.connect(
                self._settings.temporal,
                namespace=self._settings.temporal_namespace,
                tls=_tls(self._settings),
                api_key=self._settings.temporal_api_key.get_secret_value() or None,
                data_converter=pydantic_data_converter,
                interceptors=[TraceInterceptor()],
                connect_timeout=_CONNECT_WITHIN,
            )
        except RuntimeError as error:
            raise TemporalAwayError(f"Temporal does not answer at {self._settings.temporal}") from error


def _tls(settings: ServiceSettings) -> "TLSConfig | bool":
    """How the connection is encrypted and who proves what; False where it is not encrypted.

    Raises:
        TemporalAwayError: a file of the settings cannot be read.
    """
    from temporalio.service import TLSConfig  # noqa: PLC0415 (as in `_connect`)

    if not settings.temporal_tls:
        return False
    try:
        return TLSConfig(
            server_root_ca_cert=settings.temporal_ca.read_bytes() if settings.temporal_ca else None,
            client_cert=settings.temporal_certificate.read_bytes() if settings.temporal_certificate else None,
            client_private_key=settings.temporal_key.read_bytes() if settings.temporal_key else None,
        )
    except OSError as error:
        raise TemporalAwayError(f"Temporal: {error.filename} cannot be read") from error
