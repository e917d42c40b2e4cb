"""A sign-in at the provider, as its browser keeps it; and which settings make one."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from pydantic import ValidationError

from services.intake.domain.provider import ATTEMPT_LIFE, LONGEST_TARGET, make_attempt, read_attempt
from services.intake.settings import IntakeSettings
from shared.auth.keys import new_signing_key, public_keys
from shared.auth.mail_secrets import new_mail_secret
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem
from tests.support.web import NOW

KEY = new_mail_secret()
SIGNING_KEY = new_signing_key()


def settings(**changed: str) -> IntakeSettings:
    usual = {
        "database": "unused",
        "kafka": "nowhere:1",
        "temporal": "nowhere:1",
        "token_keys": public_keys(SIGNING_KEY),
        "signing_key": SIGNING_KEY,
        "link_keys": "{}",
        "mail_secret": new_mail_secret(),
        "second_factor_secret": new_mail_secret(),
    }
    return IntakeSettings.model_validate(usual | changed)


def test_a_sign_in_is_known_again_by_its_cookie_and_its_state() -> None:
    made = make_attempt(KEY, new_id(), "/bench", NOW)

    found = read_attempt(KEY, made.cookie, made.state, NOW + ATTEMPT_LIFE - timedelta(seconds=1))

    assert (found.id, found.to, found.nonce, found.verifier) == (made.id, "/bench", made.nonce, made.verifier)


def test_what_the_provider_learns_tells_nothing_of_the_rest() -> None:
    made = make_attempt(KEY, new_id(), "", NOW)

    assert len({made.state, made.nonce, made.verifier, make_attempt(KEY, new_id(), "", NOW).state}) == 4
    assert len(made.verifier) == 43
    assert made.state not in made.cookie


@pytest.mark.parametrize("to", ["/" + "x" * LONGEST_TARGET, "/ü"])
def test_what_does_not_fit_into_a_cookie_is_forgotten(to: str) -> None:
    assert make_attempt(KEY, new_id(), to, NOW).to == ""


@pytest.mark.parametrize("wrong", ["key", "state", "late", "cut", "longer", "changed", "elsewhere", "empty", "no text"])
def test_any_other_is_refused(wrong: str) -> None:
    made = make_attempt(KEY, new_id(), "/bench", NOW)
    other = make_attempt(KEY, new_id(), "/bench", NOW)
    cookie = {
        "cut": made.cookie[:-4],
        "longer": made.cookie + "AAAA",
        "changed": ("B" if made.cookie[0] == "A" else "A") + made.cookie[1:],
        "elsewhere": make_attempt(KEY, made.id, "/ops", NOW).cookie[:-4] + "AAAA",
        "empty": "",
        "no text": "ü",
    }.get(wrong, made.cookie)
    key = new_mail_secret() if wrong == "key" else KEY
    state = other.state if wrong == "state" else made.state
    at = NOW + ATTEMPT_LIFE if wrong == "late" else NOW

    with pytest.raises(Problem):
        read_attempt(key, cookie, state, at)


def test_without_an_issuer_there_is_no_provider() -> None:
    assert settings().provider_name == ""


@pytest.mark.parametrize(("name", "shown"), [("", "login.kiln.example"), ("Kiln ID", "Kiln ID")])
def test_a_provider_is_called_what_the_studio_calls_it(name: str, shown: str) -> None:
    found = settings(oidc_issuer="https://login.kiln.example/x", oidc_client_id="touchmark", oidc_name=name)

    assert found.provider_name == shown
    assert urlsplit(found.oidc_issuer).hostname == "login.kiln.example"


@pytest.mark.parametrize(
    ("issuer", "client"),
    [
        ("http://login.kiln.example", "touchmark"),
        ("login.kiln.example", "touchmark"),
        ("https://login.kiln.example?realm=studio", "touchmark"),
        ("https://login.kiln.example", ""),
        ("", "touchmark"),
    ],
)
def test_half_a_provider_and_one_without_tls_are_refused_at_the_start(issuer: str, client: str) -> None:
    with pytest.raises(ValidationError, match="TOUCHMARK_OIDC_ISSUER"):
        settings(oidc_issuer=issuer, oidc_client_id=client)


def test_the_clients_secret_is_not_printed() -> None:
    found = settings(
        oidc_issuer="https://login.kiln.example", oidc_client_id="touchmark", oidc_client_secret="between-us"
    )

    assert "between-us" not in str(found.masked())


def test_a_browser_that_was_handed_to_somebody_else_cannot_say_that_it_was_not() -> None:
    handed, usual = (make_attempt(KEY, new_id(), "/bench", NOW, anew=anew) for anew in (True, False))

    found = read_attempt(KEY, handed.cookie, handed.state, NOW)
    raw = bytearray(urlsafe_b64decode(handed.cookie + "=="))
    raw[24] = 0

    assert (found.since, found.to) == (NOW.replace(microsecond=0), "/bench")
    assert read_attempt(KEY, usual.cookie, usual.state, NOW).since is None
    with pytest.raises(Problem):
        read_attempt(KEY, urlsafe_b64encode(raw).decode().rstrip("="), handed.state, NOW)
