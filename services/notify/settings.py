"""Notify's settings: how to reach the mail server, and how long to try."""

from datetime import time
from enum import StrEnum
from ipaddress import ip_address
from typing import Annotated, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from shared.auth.mail_secrets import SHORTEST_KEY
from shared.runtime.settings import ServiceSettings

Seconds = Annotated[float, Field(gt=0)]


class SmtpSecurity(StrEnum):
    """How the connection to the mail server is kept private."""

    AUTO = "auto"
    """STARTTLS; on this machine's loopback, where nobody is between, only if the server offers it."""
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class NotifySettings(ServiceSettings):
    """What notify reads besides what every service reads. Durations are in seconds.

    `mail_secret` is the key, shared with intake, that the secrets of mailed rights are made with.

    `smtp` is `host:port` of the studio's own mail server, which takes it from there. `mail_from` is the bare address
    that mails come from. `mail_lease` is how long a mailer may send one mail: if it is gone by then, another
    sends it. After `mail_first_wait` a postponed mail is tried again, then after twice that, and so on up to
    `mail_longest_wait`, until `mail_give_up_after` is over.

    A mail waits `mail_complete_within` for the brief that it names the piece by, for the text that it quotes, and for
    the papers that go with it; after that it is sent without them.

    A mail waits `mail_facts_within` for the facts that it needs, such as the amount of a reminder; after that it is not
    sent, and ops see it among the mails of its commission. It holds those behind it for `mail_in_order_within` only.
    When notify first starts to read a topic, it mails what happened there up to `mail_look_back` before, and nothing
    older.

    A mail about a message on the commission's page waits for `message_gather`, in case more are written, and
    goes no sooner than `message_quiet` after the last such mail to the same addressee about the same commission.
    Makers and people of the studio who wish to be told once a day are told at `daily_at`, by the studio's clock.
    """

    port: Annotated[int, Field(ge=0, le=65535)] = 8104

    mail_secret: Annotated[SecretStr, Field(min_length=SHORTEST_KEY)]

    smtp: Annotated[str, Field(pattern=r"^[^\s:]+:\d{1,5}$|^\[[0-9A-Fa-f:]+\]:\d{1,5}$")]
    smtp_security: SmtpSecurity = SmtpSecurity.AUTO
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    mail_from: Annotated[str, Field(pattern=r"^[^\s@<>\"]+@[^\s@<>\"]+$")] = "studio@localhost"

    mail_connections: Annotated[int, Field(ge=1, le=20)] = 2
    mail_time_limit: Seconds = 30
    mail_lease: Seconds = 60
    mail_first_wait: Seconds = 15
    mail_longest_wait: Seconds = 900
    mail_give_up_after: Seconds = 3 * 24 * 3600

    mail_complete_within: Annotated[float, Field(ge=0)] = 60
    mail_facts_within: Annotated[float, Field(ge=0)] = 24 * 3600
    mail_in_order_within: Annotated[float, Field(ge=0)] = 300
    mail_look_back: Annotated[float, Field(ge=0)] = 600

    message_gather: Annotated[float, Field(ge=0)] = 180
    message_quiet: Annotated[float, Field(ge=0)] = 3600
    daily_at: time = time(8)

    @field_validator("mail_from")
    @classmethod
    def _plain_ascii(cls, value: str) -> str:
        if not value.isascii() or not value.isprintable():
            raise ValueError("write the sender's address in ASCII; a domain in its xn-- form")
        return value

    @model_validator(mode="after")
    def _lease_outlives_the_attempt(self) -> Self:
        if self.mail_lease <= self.mail_time_limit:
            raise ValueError("mail_lease must be longer than mail_time_limit, or two mailers would send one mail")
        return self

    @property
    def smtp_host(self) -> str:
        return self.smtp.rpartition(":")[0].strip("[]")

    @property
    def smtp_upgrade(self) -> bool | None:
        """Whether a connection is upgraded by STARTTLS: None where it is if the server offers it, else goes on."""
        if self.smtp_security is SmtpSecurity.AUTO:
            return None if _loopback(self.smtp_host) else True
        return self.smtp_security is SmtpSecurity.STARTTLS

    @property
    def smtp_port(self) -> int:
        return int(self.smtp.rpartition(":")[2])


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
