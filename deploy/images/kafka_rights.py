"""Gives the services their rights at the containers' Kafka, and keeps them so: `python -m deploy.images.kafka_rights`.

TOUCHMARK_KAFKA, TOUCHMARK_KAFKA_USER, TOUCHMARK_KAFKA_PASSWORD and the others of that name say where and as whom: an
administrator. With `--once` it ends with 0 when they are given, for a Kafka of one's own.
"""

import asyncio
import sys
from pathlib import Path
from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.kafka import rights
from shared.kafka.connection import Kafka, KafkaLoginError, KafkaUnavailableError

GIVEN = Path("/tmp/given")  # noqa: S108 (of the container alone: its health check looks there)
_AGAIN = 300.0
_SOON = 2.0


class AdministratorSettings(BaseSettings):
    """Where Kafka is, and its administrator's login."""

    model_config = SettingsConfigDict(env_prefix="TOUCHMARK_", frozen=True, extra="ignore")

    kafka: str
    kafka_user: str
    kafka_password: SecretStr
    kafka_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "PLAIN"
    kafka_tls: bool = False
    kafka_ca: Path | None = None


async def keep(kafka: Kafka) -> None:
    """Give them again and again: a Kafka whose volume was lost knows of none. Raises KafkaLoginError."""
    while True:
        try:
            await rights.apply(kafka)
        except KafkaLoginError:
            raise
        except KafkaUnavailableError as error:
            sys.stderr.write(f"{error}\n")
            await asyncio.sleep(_SOON)
        else:
            GIVEN.touch()  # noqa: ASYNC240 (nothing else runs here)
            await asyncio.sleep(_AGAIN)


def main(arguments: list[str]) -> int:
    kafka = Kafka.of(AdministratorSettings())
    try:
        asyncio.run(rights.apply(kafka) if "--once" in arguments else keep(kafka))
    except KafkaUnavailableError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
