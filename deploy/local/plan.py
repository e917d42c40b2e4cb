"""What the one-machine stack runs: the one source of each service's command, environment, health check and topics.

`docker-compose.yml` says the same for containers; a test compares the two.
"""

import signal
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from deploy.local.engines.edge import Edge
from deploy.local.engines.engine import Engine
from deploy.local.engines.kafka import KafkaEngine
from deploy.local.engines.mail import MailSink
from deploy.local.engines.postgres import PostgresEngine
from deploy.local.engines.temporal import TemporalEngine
from deploy.local.ports import LOOPBACK, ok
from deploy.local.processes import Launch
from deploy.local.secrets import Secrets
from deploy.local.settings import ROOT, StackSettings
from shared.kafka.users import user_of

SERVICES = ("intake", "quotes", "production", "notify", "lifecycle")
HEALTH = "/health/ready"

# The superuser's DSN is only for setting up the stack: each service has its own login.
_ABOVE_A_SERVICE = frozenset({"TOUCHMARK_POSTGRES_DSN"})

# What only intake has to know, and the stack's own environment holds.
_OF_INTAKE = frozenset({"TOUCHMARK_OIDC_CLIENT_SECRET"})

# From `port_base` on; the edge has a setting of its own.
_OFFSETS = {
    **{service: number for number, service in enumerate(SERVICES, start=1)},
    "mail": 25,
    "mail page": 26,
    "postgres": 32,
    "temporal": 33,
    "temporal page": 34,
    "kafka": 92,
    "kafka controller": 93,
}


@dataclass(frozen=True)
class ServiceProgram:
    """One service in a process of its own."""

    name: str
    port: int
    environment: Mapping[str, str]
    stop_signal: signal.Signals = signal.SIGTERM

    @property
    def command(self) -> str:
        """Its entry point, the same in a container."""
        return f"touchmark-{self.name}"

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    def prepare(self) -> None:
        """Nothing: a service migrates its database by itself."""

    def launch(self) -> Launch:
        program = str(Path(sysconfig.get_path("scripts")) / self.command)
        withheld = _ABOVE_A_SERVICE if self.name == "intake" else _ABOVE_A_SERVICE | _OF_INTAKE
        return Launch((program,), cwd=ROOT, environment=self.environment, withheld=withheld)

    def answers(self) -> bool:
        return ok(self.address, HEALTH)


@dataclass(frozen=True)
class StackPlan:
    """Everything to run, in the order of starting. `dsn` is PostgreSQL's superuser's."""

    engines: tuple[Engine, ...]
    services: tuple[ServiceProgram, ...]
    edge: Edge
    dsn: str
    ports: Mapping[str, int]

    @property
    def programs(self) -> tuple[Engine, ...]:
        return (*self.engines, *self.services, self.edge)


def make_plan(settings: StackSettings, secrets: Secrets) -> StackPlan:
    """The stack as these settings want it."""
    ports = {name: settings.port_base + offset for name, offset in _OFFSETS.items()}
    engines = _engines(settings, secrets, ports)
    addresses = {engine.name: engine.address for engine in engines.values()} | _own(settings)
    services = tuple(
        ServiceProgram(name, ports[name], environment(name, ports[name], settings, secrets, addresses))
        for name in SERVICES
    )
    edge = Edge(
        settings.data / "edge",
        settings.edge_port,
        {service.name: service.address for service in services},
        None if settings.temporal else f"{LOOPBACK}:{ports['temporal page']}",
        None if settings.smtp else f"{LOOPBACK}:{ports['mail page']}",
        secrets.edge_token,
    )
    used = {name: port for name, port in ports.items() if name in SERVICES or name.split()[0] in engines}
    return StackPlan(
        tuple(engines.values()), services, edge, addresses["postgres"], used | {"edge": settings.edge_port}
    )


def environment(
    service: str, port: int, settings: StackSettings, secrets: Secrets, addresses: Mapping[str, str]
) -> dict[str, str]:
    """A service's whole environment: what all have, then what only this one needs."""
    common = {
        "TOUCHMARK_DATABASE": database_dsn(addresses["postgres"], service, secrets.of(service)),
        "TOUCHMARK_KAFKA": addresses["kafka"],
        "TOUCHMARK_TEMPORAL": addresses["temporal"],
        "TOUCHMARK_TOKEN_KEYS": secrets.token_keys,
        "TOUCHMARK_PUBLIC_URL": settings.public_url,
        "TOUCHMARK_HOST": LOOPBACK,
        "TOUCHMARK_PORT": str(port),
        "TOUCHMARK_INSTANCE": f"{service}-1",
        "TOUCHMARK_ERASED_KEYS": str(settings.erased_keys),
        # Two arenas instead of eight a core: tens of mebibytes less for each process.
        "MALLOC_ARENA_MAX": "2",
        "PYTHONUNBUFFERED": "1",
    }
    only = {
        "intake": {
            "TOUCHMARK_SIGNING_KEY": secrets.signing_key,
            "TOUCHMARK_LOCAL_LINK_KEYS": secrets.local_link_keys,
            "TOUCHMARK_MAIL_SECRET": secrets.mail_secret,
            "TOUCHMARK_SECOND_FACTOR_SECRET": secrets.second_factor_secret,
        },
        "production": {"TOUCHMARK_CERTIFICATE_KEY": secrets.certificate_key},
        "notify": {
            "TOUCHMARK_SMTP": addresses["mail"],
            "TOUCHMARK_MAIL_SECRET": secrets.mail_secret,
        },
    }
    login = {} if settings.kafka else kafka_login(service, secrets)
    return common | login | only.get(service, {})


def kafka_login(service: str, secrets: Secrets) -> dict[str, str]:
    """By which the service logs in to the stack's own Kafka."""
    return {"TOUCHMARK_KAFKA_USER": user_of(service), "TOUCHMARK_KAFKA_PASSWORD": secrets.of_kafka(service)}


def database_dsn(admin: str, service: str, password: str) -> str:
    """The service's own login on its own database, on the server of the superuser's DSN."""
    parts = urlsplit(admin)
    where = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"touchmark_{service}:{password}@{where}", path=f"/touchmark_{service}"))


def _engines(settings: StackSettings, secrets: Secrets, ports: Mapping[str, int]) -> dict[str, Engine]:
    data = settings.data
    wanted: dict[str, Engine | None] = {
        "postgres": None
        if settings.postgres_dsn
        else PostgresEngine(data / "postgres", ports["postgres"], secrets.postgres),
        "kafka": None
        if settings.kafka
        else KafkaEngine(
            data / "kafka",
            ports["kafka"],
            ports["kafka controller"],
            secrets.kafka,
            {user_of(service): secrets.of_kafka(service) for service in SERVICES},
        ),
        "temporal": None
        if settings.temporal
        else TemporalEngine(data / "temporal", ports["temporal"], ports["temporal page"]),
        "mail": None
        if settings.smtp
        else MailSink(
            data / "mail",
            ports["mail"],
            ports["mail page"],
            secrets.edge_token,
            most=settings.mails_kept,
            days=settings.mails_kept_days,
            erased_keys=settings.erased_keys,
        ),
    }
    return {name: engine for name, engine in wanted.items() if engine}


def _own(settings: StackSettings) -> dict[str, str]:
    dsn = settings.postgres_dsn.get_secret_value() if settings.postgres_dsn else None
    own = {"postgres": dsn, "kafka": settings.kafka, "temporal": settings.temporal, "mail": settings.smtp}
    return {name: address for name, address in own.items() if address}
