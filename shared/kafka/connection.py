"""Where Kafka is, and as whom to connect: the same for every client of a process."""

import logging
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import SecretStr

if TYPE_CHECKING:  # the clients' libraries are slow to import, and not everybody who knows the address connects
    from faststream.security import BaseSecurity

_WITHIN_MS = 5_000

# It warns at each connection of a password that is sent in the clear, as one is over loopback.
logging.getLogger("aiokafka.conn").setLevel(logging.ERROR)


class KafkaSettings(Protocol):
    """The settings by which somebody reaches Kafka, a service's or an administrator's."""

    @property
    def kafka(self) -> str: ...
    @property
    def kafka_user(self) -> str: ...
    @property
    def kafka_password(self) -> SecretStr: ...
    @property
    def kafka_mechanism(self) -> str: ...
    @property
    def kafka_tls(self) -> bool: ...
    @property
    def kafka_ca(self) -> Path | None: ...


class KafkaUnavailableError(ConnectionError):
    """Kafka is away, or refuses for now. Trying again may help."""


class KafkaLoginError(KafkaUnavailableError):
    """Kafka is there, and does not take the user, the password, or the way to log in."""


@dataclass(frozen=True)
class Kafka:
    """`servers` are `host:port,host:port,…`; without a `user` there is no login. `ca` is a file of certificates."""

    servers: str
    user: str = ""
    password: SecretStr = field(default_factory=partial(SecretStr, ""))
    mechanism: str = "PLAIN"
    tls: bool = False
    ca: Path | None = None

    @classmethod
    def of(cls, settings: "KafkaSettings") -> "Kafka":
        """As the settings say."""
        return cls(
            settings.kafka,
            settings.kafka_user,
            settings.kafka_password,
            settings.kafka_mechanism,
            settings.kafka_tls,
            settings.kafka_ca,
        )

    @property
    def security(self) -> "BaseSecurity":
        """In FastStream's words."""
        from faststream import security  # noqa: PLC0415 (see above)

        if not self.user:
            return security.BaseSecurity(ssl_context=self._context, use_ssl=self.tls)
        ways = {
            "PLAIN": security.SASLPlaintext,
            "SCRAM-SHA-256": security.SASLScram256,
            "SCRAM-SHA-512": security.SASLScram512,
        }
        return ways[self.mechanism](
            self.user, self.password.get_secret_value(), ssl_context=self._context, use_ssl=self.tls
        )

    @property
    def options(self) -> dict[str, Any]:
        """In aiokafka's words, for each of its clients."""
        return {"bootstrap_servers": self.servers, **self._login}

    async def check(self) -> None:
        """Connect once, and log in. aiokafka's clients say of a refused login only that nobody could be reached.

        Raises:
            KafkaLoginError: this user may not enter, and trying again does not help.
            KafkaUnavailableError: no server answers.
        """
        from aiokafka.conn import create_conn  # noqa: PLC0415 (see above)
        from aiokafka.errors import (  # noqa: PLC0415 (likewise)
            AuthenticationFailedError,
            KafkaError,
            SaslAuthenticationFailed,
            UnsupportedSaslMechanismError,
        )

        reasons = []
        for host, port in self.addresses():
            try:
                connection = await create_conn(host, port, request_timeout_ms=_WITHIN_MS, **self._login)
            except (AuthenticationFailedError, SaslAuthenticationFailed, UnsupportedSaslMechanismError) as error:
                raise KafkaLoginError(
                    f"{self.servers} refuses the login of {self.user} ({type(error).__name__}): "
                    "check TOUCHMARK_KAFKA_USER, TOUCHMARK_KAFKA_PASSWORD and TOUCHMARK_KAFKA_MECHANISM"
                ) from error
            except (KafkaError, OSError, TimeoutError) as error:
                reasons.append(f"{host}:{port}: {str(error) or type(error).__name__}")
            else:
                connection.close()
                return
        raise KafkaUnavailableError("; ".join(reasons))

    def addresses(self) -> Iterator[tuple[str, int]]:
        """Host and port of each server; an IPv6 address without its brackets."""
        for one in self.servers.split(","):
            host, _, port = one.strip().rpartition(":")
            yield host.strip("[]"), int(port)

    @cached_property
    def _login(self) -> dict[str, Any]:
        transport = "SSL" if self.tls else "PLAINTEXT"
        if not self.user:
            return {"security_protocol": transport, "ssl_context": self._context}
        return {
            "security_protocol": f"SASL_{transport}",
            "ssl_context": self._context,
            "sasl_mechanism": self.mechanism,
            "sasl_plain_username": self.user,
            "sasl_plain_password": self.password.get_secret_value(),
        }

    @cached_property
    def _context(self) -> ssl.SSLContext | None:
        return ssl.create_default_context(cafile=self.ca) if self.tls else None
