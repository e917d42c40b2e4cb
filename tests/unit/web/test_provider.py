"""What is believed of an OpenID provider: the forger says what a real one never would."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from shared.auth.provider.client import ASKED_AGAIN_AFTER, FAILED_FOR, KEPT, Provider
from shared.auth.provider.fetching import AnswerLimits
from shared.auth.provider.model import (
    ProviderAwayError,
    ProviderFault,
    ProviderIdentity,
    ProviderRefusedError,
    ProviderSettings,
    is_safe,
)
from tests.support.openid import ASKED, NOW, SECRET, Asked, Forger

BO = ProviderIdentity("https://login.example", "bo-7", "bo@example.org")
SECOND = int(NOW.timestamp())
WELL_KNOWN = "/.well-known/openid-configuration"


def written(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def key(kind: Callable[..., Key], size: Any, **parameters: Any) -> Key:
    return kind(size, {"kid": "first", **parameters})


def public(whole: Key, algorithm: str) -> dict[str, Any]:
    return {**whole.as_dict(private=False), "alg": algorithm}


async def identified(forger: Forger, *, iss: str | None = None) -> ProviderIdentity:
    return await forger.provider().identify("a-code", iss, ASKED, NOW)


async def fault_of(forger: Forger, *, iss: str | None = None) -> ProviderFault:
    with pytest.raises(ProviderRefusedError) as refused:
        await identified(forger, iss=iss)
    return refused.value.fault


async def away(forger: Forger, **limits: Any) -> ProviderFault:
    with pytest.raises(ProviderAwayError) as error:
        await forger.provider(**limits).identify("a-code", None, ASKED, NOW)
    return error.value.fault


async def test_somebody_is_sent_there_with_all_that_binds_the_answer_to_their_browser() -> None:
    address = await Forger().provider().authorization_url(ASKED, NOW)

    said = {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(ASKED.verifier.encode()).digest()).decode().rstrip("=")
    assert address.startswith("https://login.example/auth?")
    assert said == {
        "response_type": "code",
        "client_id": "touchmark",
        "redirect_uri": "https://studio.test/back",
        "scope": "openid email",
        "state": ASKED.state,
        "nonce": ASKED.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }


@pytest.mark.parametrize(
    "forger",
    [
        Forger(),
        Forger(claims={"aud": ["touchmark"]}),
        Forger(claims={"aud": ["touchmark", "another"], "azp": "touchmark"}),
        Forger(claims={"exp": SECOND - 30, "iat": SECOND - 330}),
        Forger(claims={"iat": SECOND + 30}),
        Forger(header={"kid": None}),
        Forger(algorithm="PS256"),
        Forger(algorithm="ES256", key=key(ECKey.generate_key, "P-256")),
        Forger(algorithm="EdDSA", key=key(OKPKey.generate_key, "Ed25519")),
        Forger(algorithm="Ed25519", key=(other := key(OKPKey.generate_key, "Ed25519")), keys=[public(other, "EdDSA")]),
    ],
    ids=["plain", "one of one", "authorized", "just over", "ahead", "no kid", "PS256", "ES256", "EdDSA", "Ed25519"],
)
async def test_a_token_for_us_names_somebody(forger: Forger) -> None:
    assert await identified(forger) == BO


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": "https://other.example"}, "another's"),
        ({"iss": "https://login.example/"}, "nearly ours"),
        ({"iss": None}, "nobody's"),
        ({"aud": "another"}, "for another"),
        ({"aud": ["another"]}, "for another"),
        ({"aud": ["touchmark", "another"]}, "for two, and who asked is not said"),
        ({"aud": ["touchmark", "another"], "azp": "another"}, "asked for by another"),
        ({"azp": "another"}, "asked for by another"),
        ({"aud": None}, "for nobody"),
        ({"aud": {"touchmark": True}}, "for no list"),
        ({"exp": SECOND - 61}, "over"),
        ({"exp": None}, "never over"),
        ({"exp": "tomorrow"}, "over at no time"),
        ({"iat": SECOND + 120, "exp": SECOND + 600}, "of the future"),
        ({"iat": SECOND - 700}, "of an old sign-in"),
        ({"iat": None}, "of no time"),
        ({"nbf": SECOND + 120}, "not yet good"),
        ({"nonce": "of-another-sign-in"}, "of another sign-in"),
        ({"nonce": None}, "of no sign-in"),
        ({"nonce": ["of-this-sign-in"]}, "of a list"),
        ({"sub": None}, "of nobody"),
        ({"sub": ""}, "of nobody"),
        ({"sub": "x" * 256}, "of too long a name"),
        ({"sub": 7}, "of a number"),
        ({"at_hash": "AAAA"}, "of another access token"),
        ({"amr": "mfa"}, "with no list of methods"),
    ],
)
async def test_any_other_claim_is_refused(claims: dict[str, Any], why: str) -> None:
    assert await fault_of(Forger(claims=claims)) is ProviderFault.CLAIM, why


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS512", "ES384", "ES256K", "dir", 7, None])
async def test_an_algorithm_that_is_not_listed_is_refused_before_any_key_is_looked_at(algorithm: object) -> None:
    good = Forger()
    body = good.signed().split(".")[1]
    good.token = f"{written({'alg': algorithm, 'kid': 'first'})}.{body}."

    assert await fault_of(good) in {ProviderFault.ALGORITHM, ProviderFault.SIGNATURE}
    assert "/me" not in good.asked


async def test_the_public_key_is_no_secret_to_sign_with() -> None:
    good = Forger()
    assert isinstance(good.key, RSAKey)
    said = f"{written({'alg': 'HS256', 'kid': 'first'})}.{good.signed().split('.')[1]}"
    signature = hmac.digest(good.key.as_pem(private=False), said.encode(), "sha256")

    good.token = f"{said}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"

    assert await fault_of(good) is ProviderFault.ALGORITHM


@pytest.mark.parametrize("why", ["another key", "changed", "cut", "crit", "three dots", "words"])
async def test_a_token_that_the_provider_did_not_sign_is_refused(why: str) -> None:
    good = Forger()
    header, body, signature = good.signed().split(".")
    changed = json.loads(base64.urlsafe_b64decode(body + "==")) | {"sub": "somebody-else"}
    good.token = {
        "another key": Forger(key=key(RSAKey.generate_key, 2048)).signed(),
        "changed": f"{header}.{written(changed)}.{signature}",
        "cut": f"{header}.{body}.{signature[:-8]}",
        "crit": f"{written({'alg': 'RS256', 'kid': 'first', 'crit': ['b64'], 'b64': False})}.{body}.{signature}",
        "three dots": f"{header}.{body}.{signature}.",
        "words": "no token at all",
    }[why]

    assert await fault_of(good) is ProviderFault.SIGNATURE


@pytest.mark.parametrize(
    "changed",
    [{"kid": "second"}, {"use": "enc"}, {"alg": "PS256"}, {"key_ops": ["encrypt"]}, {"n": "AQAB"}, {"n": "A" * 9_000}],
    ids=["another name", "to encrypt", "of another algorithm", "for another purpose", "short", "long"],
)
async def test_a_key_is_used_for_what_it_is_and_asked_for_once(changed: dict[str, Any]) -> None:
    forger = Forger()
    forger.keys = [forger.key.as_dict(private=False) | changed]

    assert await fault_of(forger) is ProviderFault.KEY
    assert forger.asked.count("/keys") == 1


async def test_a_key_of_another_kind_and_the_same_name_does_no_harm() -> None:
    forger, other = Forger(), key(ECKey.generate_key, "P-256")
    forger.keys = [other.as_dict(private=False), {"kty": "RSA", "kid": "first"}, forger.key.as_dict(private=False)]

    assert await identified(forger) == BO


async def test_a_new_key_is_fetched_when_it_is_first_used_and_not_for_every_forgery() -> None:
    forger, later = Forger(), NOW + ASKED_AGAIN_AFTER
    provider = forger.provider()
    await provider.identify("a-code", None, ASKED, NOW)
    forger.key, forger.header = key(RSAKey.generate_key, 2048, kid="second"), {"kid": "second"}

    with pytest.raises(ProviderRefusedError):
        await provider.identify("a-code", None, ASKED, NOW)
    came = await provider.identify("a-code", None, ASKED, later)

    assert came == BO
    assert forger.asked.count("/keys") == 2


async def test_where_the_token_has_no_address_the_provider_is_asked_for_it() -> None:
    forger = Forger(claims={"email": None, "email_verified": None})
    forger.userinfo = {"sub": "bo-7", "email": "bo@example.org", "email_verified": True}

    assert await identified(forger) == BO


@pytest.mark.parametrize("said", [{"sub": "somebody-else", "email": "bo@example.org", "email_verified": True}, {}, []])
async def test_it_has_to_tell_of_the_same_person(said: object) -> None:
    forger = Forger(claims={"email": None, "email_verified": None}, userinfo=said)

    assert await fault_of(forger) is ProviderFault.SUBJECT


@pytest.mark.parametrize("verified", [False, None, "true", 1, "false"])
async def test_an_address_counts_only_where_it_is_verified(verified: object) -> None:
    found = await identified(Forger(claims={"email_verified": verified}))

    assert found.email == ""


@pytest.mark.parametrize(("amr", "second"), [(["pwd", "otp", "mfa"], True), (["pwd"], False), (None, False)])
async def test_a_second_factor_is_what_the_provider_says_it_is(amr: object, *, second: bool) -> None:
    found = await identified(Forger(claims={"amr": amr}))

    assert found.second_factor is second


async def test_an_answer_that_names_another_provider_is_refused_before_the_code_is_sent_anywhere() -> None:
    forger = Forger(metadata={"authorization_response_iss_parameter_supported": True})

    assert await fault_of(forger, iss="https://other.example") is ProviderFault.OTHER_ISSUER
    assert await fault_of(forger, iss=None) is ProviderFault.OTHER_ISSUER
    assert "/token" not in forger.asked
    assert await identified(forger, iss="https://login.example") == BO


@pytest.mark.parametrize(
    ("metadata", "why"),
    [
        ({"issuer": "https://other.example"}, ProviderFault.OTHER_ISSUER),
        ({"issuer": "https://login.example/"}, ProviderFault.OTHER_ISSUER),
        ({"token_endpoint": "http://login.example/token"}, ProviderFault.UNSAFE_ADDRESS),
        ({"jwks_uri": "http://127.0.0.1:8080/keys"}, ProviderFault.UNSAFE_ADDRESS),
        ({"userinfo_endpoint": "file:///etc/passwd"}, ProviderFault.UNSAFE_ADDRESS),
        ({"authorization_endpoint": "javascript:alert(1)"}, ProviderFault.UNSAFE_ADDRESS),
        ({"authorization_endpoint": "https://login.example/\r\nSet-Cookie: a=b"}, ProviderFault.UNSAFE_ADDRESS),
        ({"code_challenge_methods_supported": ["plain"]}, ProviderFault.NO_S256),
        ({"id_token_signing_alg_values_supported": ["HS256", "none"]}, ProviderFault.NO_ALGORITHM),
        ({"token_endpoint_auth_methods_supported": ["private_key_jwt"]}, ProviderFault.NO_CLIENT_AUTH),
    ],
)
async def test_a_provider_that_is_another_or_does_not_do_enough_is_not_used(
    metadata: dict[str, Any], why: ProviderFault
) -> None:
    assert await fault_of(Forger(metadata=metadata)) is why


@pytest.mark.parametrize("error", ["invalid_grant", "invalid_client"])
async def test_a_code_that_the_provider_does_not_take_lets_nobody_in(error: str) -> None:
    forger = Forger(replies={"/token": lambda: httpx2.Response(400, json={"error": error})})

    assert await fault_of(forger) is ProviderFault.CODE


async def drip() -> AsyncIterator[bytes]:
    while True:
        yield b" "
        await asyncio.sleep(0.01)


async def flood() -> AsyncIterator[bytes]:
    while True:
        yield b" " * 4096


@pytest.mark.parametrize("path", [WELL_KNOWN, "/token", "/keys", "/me"])
@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (lambda: httpx2.Response(200, content=drip()), ProviderFault.SILENT),
        (lambda: httpx2.Response(200, content=flood()), ProviderFault.TOO_LARGE),
        (lambda: httpx2.Response(200, content=b"<html>"), ProviderFault.UNREADABLE),
        (lambda: httpx2.Response(200, content=b"[" * 60_000), ProviderFault.UNREADABLE),
        (
            lambda: httpx2.Response(200, stream=httpx2.ByteStream(b"\x1f\x8b"), headers={"Content-Encoding": "gzip"}),
            ProviderFault.UNREADABLE,
        ),
    ],
    ids=["slow", "endless", "a page", "brackets", "packed"],
)
async def test_a_provider_that_is_slow_or_sends_too_much_or_something_else_is_away(
    path: str, reply: Callable[[], httpx2.Response], why: ProviderFault
) -> None:
    forger = Forger(claims={"email": None}, replies={path: reply})

    assert await away(forger, seconds=0.2) is why


async def test_nobody_is_led_elsewhere() -> None:
    elsewhere = httpx2.Response(302, headers={"Location": "http://169.254.169.254/latest"})
    forger = Forger(replies={WELL_KNOWN: lambda: elsewhere})

    assert await away(forger) is ProviderFault.STATUS
    assert forger.asked == [WELL_KNOWN]


async def test_a_provider_that_accepts_and_says_nothing_is_away() -> None:
    async def say_nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        settings = ProviderSettings(f"http://127.0.0.1:{port}", "touchmark", "https://studio.test/back")
        with pytest.raises(ProviderAwayError) as error:
            await Provider(settings, limits=AnswerLimits(seconds=0.2)).describe(NOW)

    assert error.value.fault is ProviderFault.SILENT


async def test_what_it_says_of_itself_is_kept_for_an_hour() -> None:
    forger = Forger()
    provider = forger.provider()

    for at in (NOW, NOW + KEPT - timedelta(seconds=1), NOW + KEPT):
        await provider.describe(at)

    assert forger.asked == [WELL_KNOWN, WELL_KNOWN]


async def test_after_a_failure_nobody_waits_for_it_again_for_some_seconds() -> None:
    forger = Forger(replies={WELL_KNOWN: lambda: httpx2.Response(500)})
    provider = forger.provider()

    for at in (NOW, NOW + FAILED_FOR / 2):
        with pytest.raises(ProviderAwayError):
            await provider.describe(at)
    forger.replies = {}
    found = await provider.describe(NOW + FAILED_FOR)

    assert found.issuer == forger.issuer
    assert forger.asked == [WELL_KNOWN, WELL_KNOWN]


def test_the_secret_is_not_shown() -> None:
    assert SECRET not in repr(ProviderSettings("https://login.example", "touchmark", "https://studio.test", SECRET))


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://login.example/realms/kiln", True),
        ("http://localhost:8090", True),
        ("http://127.0.0.1:8090", True),
        ("http://[::1]:8090", True),
        ("http://login.example", False),
        ("http://localhost.example", False),
        ("https://ops:secret@login.example", False),
        ("https://login.example/#x", False),
        ("https://login.example/a b", False),
        ("https://[", False),
        ("https://login.example:port", False),
        ("ftp://localhost", False),
        ("login.example", False),
        ("", False),
    ],
)
def test_secrets_go_by_https_or_nowhere_but_to_this_computer(address: str, *, safe: bool) -> None:
    assert is_safe(address) is safe


async def test_who_has_to_show_anew_who_they_are_is_sent_there_for_it_and_the_answer_has_to_say_so() -> None:
    anew = Asked(since=NOW)

    async def comes(**claims: object) -> ProviderIdentity:
        return await Forger(claims=claims).provider().identify("a-code", None, anew, NOW)

    address = await Forger().provider().authorization_url(anew, NOW)
    said = parse_qs(urlsplit(address).query)

    assert (said["prompt"], said["max_age"]) == (["login"], ["0"])
    assert await comes(auth_time=SECOND) == BO
    for claims in ({}, {"auth_time": SECOND - 3600}, {"auth_time": str(SECOND)}):
        with pytest.raises(ProviderRefusedError):
            await comes(**claims)


async def test_a_name_that_cannot_be_kept_is_nobodys() -> None:
    for subject in ("bo\0seven", "bo\nseven"):
        assert await fault_of(Forger(claims={"sub": subject})) is ProviderFault.CLAIM
