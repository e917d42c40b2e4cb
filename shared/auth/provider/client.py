"""A provider as this process knows it: where to send people, and who they are when they come back."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeVar
from urllib.parse import quote_plus, urlencode, urlsplit

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.auth import ClientAuth, encode_client_secret_basic

from shared.auth.provider.fetching import AnswerLimits, BoundedTransport, asking, fetch
from shared.auth.provider.id_token import Expected, UnknownKeyError, read_id_token, read_keys
from shared.auth.provider.metadata import Metadata, metadata_address
from shared.auth.provider.model import (
    Handshake,
    ProviderAwayError,
    ProviderFault,
    ProviderIdentity,
    ProviderRefusedError,
    ProviderSettings,
)

KEPT = timedelta(hours=1)
"""How long what a provider says about itself, and its keys, are believed without asking again."""
ASKED_AGAIN_AFTER = timedelta(minutes=1)
"""Its keys are not fetched more often, whatever signatures come."""
FAILED_FOR = timedelta(seconds=5)
"""So long nobody else waits for a provider that has just not answered."""
SCOPE: Final = "openid email"
_SECOND_FACTOR: Final = "mfa"
"""RFC 8176, section 2."""

T = TypeVar("T")


@dataclass
class _Kept(Generic[T]):
    """Something of the provider's that was fetched, or why it could not be."""

    value: T | None = None
    at: datetime | None = None
    failed: ProviderAwayError | None = None

    def is_younger(self, age: timedelta, now: datetime) -> bool:
        return self.at is not None and abs(now - self.at) < age

    def found(self, age: timedelta, now: datetime) -> T | None:
        """Raises what went wrong a moment ago."""
        if self.failed is not None and self.is_younger(FAILED_FOR, now):
            raise ProviderAwayError(self.failed.fault)
        return self.value if self.failed is None and self.is_younger(age, now) else None


class Provider:
    """One for each process. `transport` is httpx's own unless a test has another."""

    def __init__(
        self,
        settings: ProviderSettings,
        *,
        limits: AnswerLimits | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._limits = limits or AnswerLimits()
        self._transport = transport
        self._metadata: _Kept[Metadata] = _Kept()
        self._keys: _Kept[Sequence[Mapping[str, Any]]] = _Kept()
        self._one_at_a_time = asyncio.Lock()

    @property
    def issuer(self) -> str:
        return self._settings.issuer

    async def describe(self, now: datetime) -> Metadata:
        """What it says about itself. Raises ProviderAwayError, or ProviderRefusedError where it cannot be used."""
        async with self._one_at_a_time:
            if (kept := self._metadata.found(KEPT, now)) is not None:
                return kept
            try:
                said = await self._fetch(metadata_address(self.issuer))
                found = Metadata.read(said, self.issuer)
            except ProviderAwayError as error:
                self._metadata = _Kept(None, now, error)
                raise
            self._metadata = _Kept(found, now)
            return found

    async def authorization_url(self, handshake: Handshake, now: datetime) -> str:
        """Where a browser goes to sign in. Raises as `describe` does."""
        metadata = await self.describe(now)
        anew = {"prompt": "login", "max_age": "0"} if handshake.since else {}
        async with self._client(metadata) as client:
            address: str = client.create_authorization_url(
                metadata.authorization_endpoint,
                state=handshake.state,
                nonce=handshake.nonce,
                code_verifier=handshake.verifier,
                **anew,
            )[0]
        return address

    async def sign_out_url(self, state: str, now: datetime) -> str | None:
        """Where a browser goes to sign out there (OpenID Connect RP-Initiated Logout 1.0); it comes back with `state`.

        It names us by our client id: the token that would do so as well is kept nowhere. None where the provider has no
        such place. Raises as `describe` does.
        """
        endpoint = (await self.describe(now)).sign_out_endpoint
        if endpoint is None:
            return None
        asked = {
            "client_id": self._settings.client_id,
            "post_logout_redirect_uri": self._settings.signed_out_uri,
            "state": state,
        }
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"

    async def identify(
        self, code: str, answered_by: str | None, handshake: Handshake, now: datetime
    ) -> ProviderIdentity:
        """Who has come back with this code; `answered_by` is the issuer that the answer names, if it does (RFC 9207).

        Raises:
            ProviderAwayError: it does not answer.
            ProviderRefusedError: its answers do not fit together, or not to what was asked.
        """
        metadata = await self.describe(now)
        named = answered_by is not None or metadata.authorization_response_iss_parameter_supported
        if named and answered_by != self.issuer:
            raise ProviderRefusedError(ProviderFault.OTHER_ISSUER)
        async with self._client(metadata) as client:
            token = await self._token(client, metadata, code, handshake)
            claims = await self._claims(metadata, token, handshake, now)
            said = claims if "email" in claims else await self._about(client, metadata, claims)
        return ProviderIdentity(
            self.issuer, claims["sub"], _verified_address(said), _SECOND_FACTOR in (claims.get("amr") or ())
        )

    async def _token(
        self, client: AsyncOAuth2Client, metadata: Metadata, code: str, handshake: Handshake
    ) -> Mapping[str, Any]:
        try:
            async with asking(self._limits):
                found: Mapping[str, Any] = await client.fetch_token(
                    metadata.token_endpoint,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=handshake.verifier,
                )
        except OAuthError as error:
            raise ProviderRefusedError(ProviderFault.CODE) from error
        if not isinstance(found.get("id_token"), str):
            raise ProviderRefusedError(ProviderFault.CODE)
        return found

    async def _claims(
        self, metadata: Metadata, token: Mapping[str, Any], handshake: Handshake, now: datetime
    ) -> Mapping[str, Any]:
        access = token.get("access_token")
        access = access if isinstance(access, str) else None
        expected = Expected(self.issuer, self._settings.client_id, handshake.nonce, access, handshake.since)
        try:
            return read_id_token(token["id_token"], await self._signing_keys(metadata, KEPT, now), expected, now)
        except UnknownKeyError:
            pass
        try:
            newer = await self._signing_keys(metadata, ASKED_AGAIN_AFTER, now)
            return read_id_token(token["id_token"], newer, expected, now)
        except UnknownKeyError as error:
            raise ProviderRefusedError(ProviderFault.KEY) from error

    async def _signing_keys(self, metadata: Metadata, age: timedelta, now: datetime) -> Sequence[Mapping[str, Any]]:
        async with self._one_at_a_time:
            if (kept := self._keys.found(age, now)) is not None:
                return kept
            try:
                said = await self._fetch(metadata.jwks_uri)
                found = read_keys(said)
            except ProviderAwayError as error:
                self._keys = _Kept(None, now, error)
                raise
            self._keys = _Kept(found, now)
            return found

    async def _about(
        self, client: AsyncOAuth2Client, metadata: Metadata, claims: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """What the provider says where its token has no address: it may keep that for those who ask (section 5.4)."""
        if metadata.userinfo_endpoint is None:
            return claims
        try:
            said = await fetch(client, metadata.userinfo_endpoint, self._limits)
        except OAuthError as error:  # its access token is of a kind that authlib does not know
            raise ProviderRefusedError(ProviderFault.CODE) from error
        if not isinstance(said, dict) or said.get("sub") != claims["sub"]:
            raise ProviderRefusedError(ProviderFault.SUBJECT)
        return said

    async def _fetch(self, address: str) -> object:
        transport = BoundedTransport(self._limits, self._transport)
        async with httpx2.AsyncClient(transport=transport, timeout=self._limits.seconds) as client:
            return await fetch(client, address, self._limits)

    @asynccontextmanager
    async def _client(self, metadata: Metadata) -> AsyncIterator[AsyncOAuth2Client]:
        about = self._settings
        client = AsyncOAuth2Client(
            client_id=about.client_id,
            client_secret=about.client_secret or None,
            token_endpoint_auth_method=metadata.client_auth(secret=bool(about.client_secret)),
            redirect_uri=about.redirect_uri,
            scope=SCOPE,
            code_challenge_method="S256",
            transport=BoundedTransport(self._limits, self._transport),
            timeout=self._limits.seconds,
        )
        client.register_client_auth_method(("client_secret_basic", _basic))
        async with client:
            yield client


def _basic(
    client: ClientAuth, method: str, uri: str, headers: dict[str, str], body: str
) -> tuple[str, dict[str, str], str]:
    """As RFC 6749 (section 2.3.1) has it, both parts are encoded first; authlib leaves that out."""
    encoded = ClientAuth(quote_plus(client.client_id), quote_plus(client.client_secret))
    said: tuple[str, dict[str, str], str] = encode_client_secret_basic(encoded, method, uri, headers, body)
    return said


def _verified_address(said: Mapping[str, Any]) -> str:
    """Nothing but `true` is yes."""
    email = said.get("email")
    return email if isinstance(email, str) and said.get("email_verified") is True else ""
