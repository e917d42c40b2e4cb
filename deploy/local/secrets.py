"""The stack's secrets: made once, kept in `.touchmark/secrets.json` for its owner only."""

import os
import secrets
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from deploy.local.refusal import Refusal
from deploy.local.words import _
from shared.auth.keys import new_signing_key, public_keys
from shared.auth.mail_secrets import new_mail_secret


def _password() -> str:
    return secrets.token_urlsafe(24)


class Secrets(BaseModel):
    """Passwords of the logins, the keys of mailed rights and second steps, private keys (JWK) of all that is signed."""

    model_config = ConfigDict(frozen=True)

    postgres: str = Field(default_factory=_password)
    intake: str = Field(default_factory=_password)
    quotes: str = Field(default_factory=_password)
    production: str = Field(default_factory=_password)
    notify: str = Field(default_factory=_password)
    lifecycle: str = Field(default_factory=_password)
    kafka: str = Field(default_factory=_password)
    kafka_intake: str = Field(default_factory=_password)
    kafka_quotes: str = Field(default_factory=_password)
    kafka_production: str = Field(default_factory=_password)
    kafka_notify: str = Field(default_factory=_password)
    kafka_lifecycle: str = Field(default_factory=_password)
    edge_token: str = Field(default_factory=_password)
    signing_key: str = Field(default_factory=new_signing_key)
    local_link_key: str = Field(default_factory=new_signing_key)
    mail_secret: str = Field(default_factory=new_mail_secret)
    second_factor_secret: str = Field(default_factory=_password)
    certificate_key: str = Field(default_factory=new_signing_key)

    def of(self, service: str) -> str:
        """The password of a service's own login."""
        password: str = getattr(self, service)
        return password

    def of_kafka(self, service: str) -> str:
        """The password by which a service logs in to Kafka."""
        password: str = getattr(self, f"kafka_{service}")
        return password

    @property
    def token_keys(self) -> str:
        """The public JWK set by which every service verifies sign-in tokens."""
        return public_keys(self.signing_key)

    @property
    def local_link_keys(self) -> str:
        """The public JWK set by which intake verifies the stack's one-time sign-in links."""
        return public_keys(self.local_link_key)


def close(home: Path) -> None:
    """Make the stack's folder, or shut one that others may enter: data, logs and secrets are its owner's own."""
    home.mkdir(parents=True, exist_ok=True)
    if home.stat().st_mode & 0o077:
        home.chmod(0o700)


def keep(home: Path) -> Secrets:
    """Read the stack's secrets, or make them; what a newer release needs besides is made once, and kept as well.

    Raises:
        Refusal: the file is there and cannot be understood; making new ones would lock out of the data.
    """
    close(home)
    file = home / "secrets.json"
    found = _read(file) if file.exists() else Secrets()
    if not file.exists() or found.model_fields_set != set(Secrets.model_fields):
        write_privately(file, found.model_dump_json(indent=1))
    return found


def _read(file: Path) -> Secrets:
    try:
        return Secrets.model_validate_json(file.read_text())
    except ValueError as error:
        raise Refusal(
            _("%(file)s is damaged. Restore it from a copy, or run `touchmark reset --yes`.", file=file)
        ) from error


def write_privately(file: Path, text: str) -> None:
    """The file with this text, whole or not at all, for its owner alone from the beginning."""
    part = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
        written.write(text)
    part.rename(file)
