"""What a provider says about itself, at `/.well-known/openid-configuration` (OpenID Connect Discovery 1.0)."""

from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.auth.provider.id_token import ALGORITHMS
from shared.auth.provider.model import (
    ProviderAwayError,
    ProviderFault,
    ProviderRefusedError,
    is_local,
    is_safe,
)

_LISTED = 200
"""A list of more entries is none."""


class Metadata(BaseModel):
    """The part of it that is used; the rest is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    code_challenge_methods_supported: tuple[str, ...] | None = None
    id_token_signing_alg_values_supported: tuple[str, ...]
    authorization_response_iss_parameter_supported: bool = False
    end_session_endpoint: object = None
    """As it is said: what is wrong with it keeps nobody from signing in."""

    @classmethod
    def read(cls, said: object, issuer: str) -> Self:
        """Raises ProviderAwayError where it is none, and ProviderRefusedError where it is another's or not enough."""
        try:
            found = cls.model_validate(said, strict=False)
        except ValidationError as error:
            raise ProviderAwayError(ProviderFault.UNREADABLE) from error
        if found.issuer != issuer:
            raise ProviderRefusedError(ProviderFault.OTHER_ISSUER)
        addresses = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri, found.userinfo_endpoint)
        if not all(is_safe(each) and is_local(each) <= is_local(issuer) for each in addresses if each):
            raise ProviderRefusedError(ProviderFault.UNSAFE_ADDRESS)
        if found.code_challenge_methods_supported is not None and "S256" not in found.code_challenge_methods_supported:
            raise ProviderRefusedError(ProviderFault.NO_S256)
        if not ALGORITHMS & set(found.id_token_signing_alg_values_supported[:_LISTED]):
            raise ProviderRefusedError(ProviderFault.NO_ALGORITHM)
        return found

    @property
    def sign_out_endpoint(self) -> str | None:
        """Where a browser is sent to sign out there; None where there is no such place, or not a safe one."""
        said = self.end_session_endpoint
        good = isinstance(said, str) and is_safe(said) and is_local(said) <= is_local(self.issuer)
        return said if isinstance(said, str) and good else None

    def client_auth(self, *, secret: bool) -> str:
        """How we say who we are at the token endpoint. Raises ProviderRefusedError where it takes none of our ways."""
        wanted = ("client_secret_basic", "client_secret_post") if secret else ("none",)
        for each in wanted:
            if each in self.token_endpoint_auth_methods_supported:
                return each
        if not secret:  # not every provider lists what needs no secret
            return "none"
        raise ProviderRefusedError(ProviderFault.NO_CLIENT_AUTH)


def metadata_address(issuer: str) -> str:
    """Where a provider describes itself."""
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"
