"""What can be set about the one-machine stack, by environment variables."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).parents[2]

Port = Annotated[int, Field(ge=1, le=65535)]
Address = Annotated[str, Field(pattern=r"^[^\s/]+:\d{1,5}$")]


class StackSettings(BaseSettings):
    """`TOUCHMARK_` before each name.

    `edge_port` is where people go. The services listen from `port_base` + 1 on, the engines from `port_base` + 25 on.
    `postgres_dsn` (of a superuser), `kafka`, `temporal` and `smtp` (each `host:port`) are engines of your own: what is
    set is used and not started. Without `smtp` the stack keeps the newest `mails_kept` mails, for `mails_kept_days` at
    most. `home` is where data, logs and secrets live.
    """

    model_config = SettingsConfigDict(env_prefix="TOUCHMARK_", frozen=True, extra="ignore")

    home: Path = ROOT / ".touchmark"
    edge_port: Port = 8080
    port_base: Annotated[int, Field(ge=1024, le=65000)] = 8100
    postgres_dsn: SecretStr | None = None
    kafka: Address | None = None
    temporal: Address | None = None
    smtp: Address | None = None
    mails_kept: Annotated[int, Field(ge=0, le=1_000_000)] = 1000
    mails_kept_days: Annotated[float, Field(gt=0, le=3650)] = 7

    @property
    def public_url(self) -> str:
        """Where a browser on this machine finds the stack."""
        return f"http://localhost:{self.edge_port}"

    @property
    def run(self) -> Path:
        """What the supervisor writes down about what runs."""
        return self.home / "run"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def erased_keys(self) -> Path:
        """The lists of what was erased, a file a service."""
        return self.data / "erased-keys"
