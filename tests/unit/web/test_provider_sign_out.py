"""Signing out at a provider: where a browser is sent, and that a place which is none or not safe keeps nobody out."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from shared.auth.provider.client import Provider
from shared.auth.provider.model import ProviderAwayError, ProviderSettings
from tests.support.openid import ASKED, NOW, Forger

END = "https://login.example/end"


def provider(forger: Forger) -> Provider:
    settings = ProviderSettings(
        forger.issuer, "touch & mark", "https://studio.test/back", "", "https://studio.test/out"
    )
    return Provider(settings, transport=forger.wire())


@pytest.mark.parametrize(
    ("endpoint", "own"), [(END, {}), (f"{END}?policy=a", {"policy": ["a"]})], ids=["plain", "with a query of its own"]
)
async def test_a_browser_is_sent_there_with_who_asks_and_where_to_come_back(endpoint: str, own: dict[str, Any]) -> None:
    address = await provider(Forger(metadata={"end_session_endpoint": endpoint})).sign_out_url("of-this-browser", NOW)

    assert address is not None
    assert address.startswith(f"{END}?")
    assert parse_qs(urlsplit(address).query) == {
        "client_id": ["touch & mark"],
        "post_logout_redirect_uri": ["https://studio.test/out"],
        "state": ["of-this-browser"],
        **own,
    }


@pytest.mark.parametrize(
    "endpoint",
    [None, "", "http://login.example/end", "http://localhost/end", "javascript:alert(1)", f"{END}#x", 7, [END]],
)
async def test_a_place_that_is_none_or_not_safe_is_not_gone_to_and_keeps_nobody_from_signing_in(
    endpoint: object,
) -> None:
    here = provider(Forger(metadata={"end_session_endpoint": endpoint}))

    assert await here.sign_out_url("any", NOW) is None
    assert (await here.authorization_url(ASKED, NOW)).startswith("https://login.example/auth?")


async def test_a_provider_that_is_away_says_so() -> None:
    forger = Forger(replies={"/.well-known/openid-configuration": lambda: httpx2.Response(503)})

    with pytest.raises(ProviderAwayError):
        await provider(forger).sign_out_url("any", NOW)
