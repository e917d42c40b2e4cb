"""Where passkeys are offered, and challenges that need no table."""

from datetime import timedelta

import pytest

from services.intake.domain.passkeys import CHALLENGE_LIFE, make_challenge, offered_at, read_challenge
from shared.auth.mail_secrets import new_mail_secret
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem
from tests.support.web import NOW

KEY = new_mail_secret()


@pytest.mark.parametrize(
    ("scheme", "host", "offered"),
    [
        ("https", "studio.example", True),
        ("http", "localhost", True),
        ("http", "studio.localhost", True),
        ("http", "studio.example", False),
        ("http", "127.0.0.1", False),
        ("https", "192.168.1.20", False),
        ("https", "2001:db8::1", False),
        ("https", "", False),
    ],
)
def test_passkeys_are_offered_where_browsers_have_them(scheme: str, host: str, *, offered: bool) -> None:
    assert offered_at(scheme, host) is offered


def test_a_challenge_is_ours_for_its_person_and_for_five_minutes() -> None:
    made, person = new_id(), new_id()

    challenge = make_challenge(KEY, made, person, NOW)

    assert read_challenge(KEY, challenge, person, NOW + CHALLENGE_LIFE - timedelta(seconds=1)) == made


@pytest.mark.parametrize("wrong", ["key", "person", "nobody", "late", "cut", "empty", "changed"])
def test_any_other_is_refused(wrong: str) -> None:
    person = new_id()
    challenge = make_challenge(KEY, new_id(), person, NOW)
    key = new_mail_secret() if wrong == "key" else KEY
    whose = {"person": new_id(), "nobody": None}.get(wrong, person)
    at = NOW + CHALLENGE_LIFE if wrong == "late" else NOW
    said = {"cut": challenge[:-1], "empty": b"", "changed": bytes([challenge[0] ^ 1]) + challenge[1:]}.get(
        wrong, challenge
    )

    with pytest.raises(Problem):
        read_challenge(key, said, whose, at)
