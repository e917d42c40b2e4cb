"""Who logs in to Kafka in tests: the tests themselves as its administrator, each service as itself, as elsewhere."""

import asyncio
from collections.abc import MutableMapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from deploy.local.engines.kafka import KafkaEngine
from shared.kafka import rights
from shared.kafka.connection import Kafka
from shared.kafka.users import ADMIN, SERVICES, user_of

_granted: set[tuple[str, str, str]] = set()
_granting = asyncio.Lock()


def password_of(user: str) -> str:
    return f"{user}-in-tests"


def kafka_engine(root: Path, port: int, controller_port: int, **more: Any) -> KafkaEngine:
    """A Kafka that knows the administrator and the services' users."""
    users = {user_of(service): password_of(user_of(service)) for service in SERVICES}
    return KafkaEngine(root, port, controller_port, password_of(ADMIN), users, **more)


def as_admin(address: str) -> Kafka:
    return Kafka(address, ADMIN, SecretStr(password_of(ADMIN)))


def as_service(address: str, service: str) -> Kafka:
    return Kafka(address, user_of(service), SecretStr(password_of(user_of(service))))


def settings_for(kafka: Kafka | str) -> dict[str, str]:
    """By the settings' names; a plain address is one at which nobody answers."""
    if isinstance(kafka, str):
        return {"kafka": kafka}
    return {
        "kafka": kafka.servers,
        "kafka_user": kafka.user,
        "kafka_password": kafka.password.get_secret_value(),
    }


def as_read(kafka: Kafka) -> dict[str, Any]:
    """The values of a service's settings."""
    names = {"servers": "kafka"}
    return {names.get(one.name, f"kafka_{one.name}"): getattr(kafka, one.name) for one in fields(kafka)}


async def let_in(environment: MutableMapping[str, str], service: str) -> None:
    """Have a service under test log in as itself, with its rights on the topics of this test's prefix and no others."""
    if service not in SERVICES or environment.get("TOUCHMARK_KAFKA_USER") != ADMIN:
        return
    address, prefix = environment["TOUCHMARK_KAFKA"], environment["TOUCHMARK_PREFIX"]
    async with _granting:
        if (address, prefix, service) not in _granted:
            await rights.grant(as_admin(address), rights.of(service, prefix=prefix))
            _granted.add((address, prefix, service))
    own = as_service(address, service)
    environment["TOUCHMARK_KAFKA_USER"] = own.user
    environment["TOUCHMARK_KAFKA_PASSWORD"] = own.password.get_secret_value()
