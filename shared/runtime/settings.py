"""A service's settings: one place, one name, one default. Read once, when the service is built."""

import socket
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class ProcessRole(StrEnum):
    """What a process of a service does. All four in one event loop unless the settings name a subset."""

    WEB = "web"
    INBOX = "inbox"
    RELAY = "relay"
    WORKER = "worker"


class ServiceSettings(BaseSettings):
    """What every service reads from its environment, `TOUCHMARK_` before each name.

    `database` is the PostgreSQL DSN of this service's own login; `kafka` and `temporal` are `host:port`.
    `prefix` is put before topic names, consumer groups, task queues and workflow ids, so that test runs share engines
    without seeing each other. `token_keys` is the public JWK set (JSON) that verifies sign-in tokens. Durations are in
    seconds.
    """

    model_config = SettingsConfigDict(env_prefix="TOUCHMARK_", frozen=True, extra="ignore")

    database: SecretStr
    kafka: str
    temporal: str
    port: Annotated[int, Field(ge=0, le=65535)]
    token_keys: str

    kafka_user: str = ""
    """The service's own login; without one, Kafka has to take everybody."""
    kafka_password: SecretStr = SecretStr("")
    kafka_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "PLAIN"
    kafka_tls: bool = False
    kafka_ca: Path | None = None
    """The certificates that Kafka's own is verified by, where it is not one of a public authority."""
    temporal_namespace: str = "default"
    temporal_tls: bool = False
    temporal_ca: Path | None = None
    """The certificates that Temporal's own is verified by, where it is not one of a public authority."""
    temporal_certificate: Path | None = None
    """By which this service proves to Temporal who it is; with its key, both in PEM."""
    temporal_key: Path | None = None
    temporal_api_key: SecretStr = SecretStr("")
    prefix: Annotated[str, Field(pattern=r"^[a-z0-9.-]*$")] = ""
    host: str = "127.0.0.1"
    public_url: str = "http://localhost:8080"

    studio_name: str = "The Studio"
    studio_zone: str = "Europe/Berlin"
    studio_country: str = "DE"
    studio_language: str = "en"
    """The language where nobody has chosen another (ISO 639), one that there is a catalogue of: `en` or `de`, say."""

    ops_second_factor: Literal["off", "required"] = "off"
    """Whether people of the studio need a second step, or a passkey, for everything that is theirs to see and do."""

    imprint: str = ""
    """The studio's imprint: an address, or a file that intake serves. See `shared.web.studio_pages`."""
    privacy: str = ""
    terms: str = ""
    contact: str = ""

    erased_keys: Path | None = None
    """The folder of the lists of what was erased; outside of what is backed up with the database."""
    erasure_check_seconds: Annotated[float, Field(gt=0)] = 60
    """How long until somebody looks again whether an erasure, or a tombstone, is due."""
    erasure_repeats: Annotated[tuple[int, ...], NoDecode] = (600, 90_000)
    """When a tombstone is published again: after the end of any older relay, and once its segment is a day old."""

    log_format: Literal["console", "json"] = "json"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    roles: Annotated[frozenset[ProcessRole], NoDecode] = frozenset(ProcessRole)
    instance: str = Field(default_factory=socket.gethostname)
    """Names this process among copies of the same service; the same after a restart. Kafka knows its readers by it."""
    stop_within: Annotated[float, Field(gt=0)] = 20.0
    """The hard limit of a graceful stop; the process ends after it, even if something hangs."""

    @field_validator("erasure_repeats", mode="before")
    @classmethod
    def _split_repeats(cls, value: object) -> object:
        return tuple(int(each) for each in value.split(",") if each.strip()) if isinstance(value, str) else value

    @field_validator("roles", mode="before")
    @classmethod
    def _split_roles(cls, value: object) -> object:
        return frozenset(role.strip() for role in value.split(",")) if isinstance(value, str) else value

    @field_validator("roles")
    @classmethod
    def _at_least_one_role(cls, value: frozenset[ProcessRole]) -> frozenset[ProcessRole]:
        if not value:
            raise ValueError("name at least one role")
        return value

    def masked(self) -> dict[str, Any]:
        """Every setting by its variable's name, secrets as asterisks: for people to read, in `touchmark doctor`."""
        prefix = self.model_config.get("env_prefix", "")
        return {f"{prefix}{name}".upper(): value for name, value in self.model_dump(mode="json").items()}
