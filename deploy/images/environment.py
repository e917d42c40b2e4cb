"""The secrets of the containers, for `docker-compose.yml`: `python -m deploy.images.environment` writes `.env`.

They are the one-machine stack's own, from `.touchmark/secrets.json`: `touchmark sign-in` works with either. Your
own lines in the file stay.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.local.refusal import Refusal
from deploy.local.secrets import Secrets, keep, write_privately
from deploy.local.settings import StackSettings

SERVICES = ("intake", "quotes", "production", "notify", "lifecycle")


def variables(secrets: Secrets, settings: StackSettings) -> Mapping[str, str]:
    """Every variable that `docker-compose.yml` asks for."""
    passwords = {f"TOUCHMARK_{service.upper()}_PASSWORD": secrets.of(service) for service in SERVICES}
    kafka = {f"TOUCHMARK_{service.upper()}_KAFKA_PASSWORD": secrets.of_kafka(service) for service in SERVICES}
    return {
        "TOUCHMARK_POSTGRES_PASSWORD": secrets.postgres,
        **passwords,
        "TOUCHMARK_KAFKA_ADMIN_PASSWORD": secrets.kafka,
        **kafka,
        "TOUCHMARK_SIGNING_KEY": secrets.signing_key,
        "TOUCHMARK_TOKEN_KEYS": secrets.token_keys,
        "TOUCHMARK_LOCAL_LINK_KEYS": secrets.local_link_keys,
        "TOUCHMARK_MAIL_SECRET": secrets.mail_secret,
        "TOUCHMARK_SECOND_FACTOR_SECRET": secrets.second_factor_secret,
        "TOUCHMARK_CERTIFICATE_KEY": secrets.certificate_key,
        "TOUCHMARK_EDGE_PORT": str(settings.edge_port),
        "TOUCHMARK_PUBLIC_URL": settings.public_url,
    }


def lines(values: Mapping[str, str]) -> str:
    """As a `.env` file; single quotes keep everything as it is, and no value has one in it."""
    return "".join(f"{name}='{value}'\n" for name, value in values.items())


def write(file: Path, values: Mapping[str, str]) -> None:
    """These variables into the file, which its owner alone may read; what else it sets stays."""
    before = file.read_text().splitlines(keepends=True) if file.exists() else []
    own = [line for line in before if line.partition("=")[0].strip() not in values]
    write_privately(file, lines(values) + "".join(own))


def main() -> int:
    settings = StackSettings()
    try:
        write(Path(".env"), variables(keep(settings.home), settings))
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
