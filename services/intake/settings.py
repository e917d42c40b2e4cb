"""Intake's settings: the key that signs for everybody, and how long somebody stays signed in."""

import json
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from shared.auth.keys import public_keys
from shared.auth.mail_secrets import SHORTEST_KEY
from shared.auth.provider.model import is_safe
from shared.runtime.settings import ServiceSettings


class IntakeSettings(ServiceSettings):
    """What intake reads besides what every service reads.

    `signing_key` is the private JWK that sign-in tokens are signed with; its public half is in `token_keys`.
    `local_link_keys` is the public JWK set of the one-machine stack's sign-in links; empty, there is no such way in.
    `mail_secret` is the key, shared with notify, that the secrets of mailed rights are made with. Here it makes the
    challenges of passkeys as well, and the id that stands for an address that nobody has.
    `second_factor_secret` is the key that secrets of authenticator apps are sealed with, and recovery codes hashed.
    From one client, `joins_an_hour` people can join.
    `session_days` is how long a browser that is not used stays signed in, `session_longest_days` how long any does.

    Whoever sends a request without being signed in is reminded after `confirm_remind_hours` to confirm it; after
    `confirm_within_hours` it is deleted; both are looked for every `confirm_check_seconds`. At most `open_unconfirmed`
    requests wait for the confirmation of one address, and `open_unpaid` commissions of one customer for their deposit.
    Strangers can have `mails_a_day` mails to confirm a request sent to one address.

    `oidc_issuer` is the address of the studio's own OpenID provider, by which makers and people of the studio sign in;
    empty, there is none. It knows us as `oidc_client_id`; `oidc_client_secret` is empty for a public client.
    `oidc_name` is what its button says, by default the issuer's host.

    Somebody whose piece has something wrong gets an answer within `claim_hours`; ops are reminded before.

    Who leaves is erased when the last mail about their last commission was sent, or never will be; that is waited for
    `erase_after_hours` at most, which is longer than notify tries.
    """

    port: Annotated[int, Field(ge=0, le=65535)] = 8101

    signing_key: SecretStr
    local_link_keys: str = ""
    mail_secret: Annotated[SecretStr, Field(min_length=SHORTEST_KEY)]
    second_factor_secret: Annotated[SecretStr, Field(min_length=SHORTEST_KEY)]
    joins_an_hour: Annotated[int, Field(ge=1)] = 20
    confirm_remind_hours: Annotated[float, Field(gt=0)] = 48
    confirm_within_hours: Annotated[float, Field(gt=0)] = 168
    confirm_check_seconds: Annotated[float, Field(gt=0)] = 60
    open_unconfirmed: Annotated[int, Field(ge=1)] = 5
    open_unpaid: Annotated[int, Field(ge=1)] = 10
    mails_a_day: Annotated[int, Field(ge=1)] = 8
    erase_after_hours: Annotated[float, Field(ge=0)] = 96
    claim_hours: Annotated[float, Field(gt=0)] = 168
    session_days: Annotated[int, Field(ge=1, le=365)] = 90
    session_longest_days: Annotated[int, Field(ge=1, le=3650)] = 365
    oidc_issuer: Annotated[str, Field(max_length=500)] = ""
    oidc_client_id: Annotated[str, Field(max_length=500)] = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: Annotated[str, Field(max_length=60)] = ""

    @property
    def provider_name(self) -> str:
        """What people know the provider by; empty where there is none."""
        return self.oidc_name or urlsplit(self.oidc_issuer).hostname or "" if self.oidc_issuer else ""

    def name_of_provider(self, issuer: str) -> str:
        """What people know a provider by: one that was the studio's before, by its host."""
        return self.provider_name if issuer == self.oidc_issuer else urlsplit(issuer).hostname or ""

    @model_validator(mode="after")
    def _everybody_can_read_what_is_signed(self) -> Self:
        """A token that nobody can verify would send every browser around in a circle."""
        own = json.loads(public_keys(self.signing_key.get_secret_value()))["keys"][0]
        if not any(key.get("x") == own["x"] for key in json.loads(self.token_keys)["keys"]):
            raise ValueError("TOUCHMARK_TOKEN_KEYS must hold the public half of TOUCHMARK_SIGNING_KEY")
        return self

    @model_validator(mode="after")
    def _a_provider_is_safe_and_knows_us(self) -> Self:
        """What a wrong address would be sent is as good as a password."""
        if self.oidc_issuer and (not is_safe(self.oidc_issuer) or "?" in self.oidc_issuer):
            raise ValueError("TOUCHMARK_OIDC_ISSUER must be an https address without ? and #, or http://localhost")
        if bool(self.oidc_issuer) != bool(self.oidc_client_id):
            raise ValueError("TOUCHMARK_OIDC_ISSUER and TOUCHMARK_OIDC_CLIENT_ID are set together, or not at all")
        return self
