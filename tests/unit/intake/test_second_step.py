"""The second step: codes by the clock, sealed secrets, recovery codes, and the pause after wrong ones."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.people import PeopleReason
from services.intake.domain.second_step import (
    OFFER_LIFE,
    PAUSE,
    RECOVERY_BYTES,
    RECOVERY_CODES,
    TRIES,
    AuthenticatorOffer,
    Misses,
    StepKeys,
    code_at,
    is_app_code,
    kept_about,
    make_offer,
    read_offer,
    recovery_codes,
    step_of,
)
from shared.kernel.problems import Problem

NOW = datetime(2026, 11, 30, 9, 0, 10, tzinfo=UTC)
SECRET = b"12345678901234567890"
KEYS = StepKeys("k" * 32)
PERSON, NONCE = uuid4(), bytes(12)


def offered(keys: StepKeys = KEYS) -> AuthenticatorOffer:
    return make_offer(
        keys, uuid4(), PERSON, secret=SECRET, nonce=NONCE, issuer="Kiln & Anvil", account="ada@example.org", now=NOW
    )


def read_again(sealed: str, *, after: timedelta = timedelta(0)) -> AuthenticatorOffer:
    return read_offer(KEYS, sealed, PERSON, issuer="Kiln & Anvil", account="ada@example.org", now=NOW + after)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_a_code_is_the_one_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238, appendix B: the last six of its eight digits."""
    at = datetime.fromtimestamp(seconds, UTC)

    assert code_at(SECRET, at) == code
    assert step_of(SECRET, code, at) == seconds // 30


@pytest.mark.parametrize("typed", ["123 456", " 123-456 ", "123\u00a0456", "\uff11\uff12\uff13\uff14\uff15\uff16"])
def test_how_digits_are_grouped_and_how_wide_they_are_does_not_count(typed: str) -> None:
    assert is_app_code(typed)


@pytest.mark.parametrize(("late", "good"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_one_step_off(late: int, good: bool) -> None:  # noqa: FBT001
    code = code_at(SECRET, NOW + timedelta(seconds=late))

    found = step_of(SECRET, code, NOW)

    assert found == ((int(NOW.timestamp()) + late) // 30 if good else None)


def test_an_app_gets_the_secret_by_the_picture_and_by_the_words() -> None:
    made = offered()

    address = urlsplit(made.address)
    asked = parse_qs(address.query)

    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert (asked["secret"], asked["issuer"]) == ([base64.b32encode(SECRET).decode()], ["Kiln & Anvil"])
    assert made.written.replace(" ", "") == asked["secret"][0]
    assert {len(group) for group in made.written.split()} == {4}


def test_an_offer_is_read_again_by_whom_it_was_made_to_and_in_time() -> None:
    made = offered()

    assert read_again(made.sealed) == made
    with pytest.raises(Problem) as late:
        read_again(made.sealed, after=OFFER_LIFE)
    with pytest.raises(Problem) as stolen:
        read_offer(KEYS, made.sealed, uuid4(), issuer="", account="a", now=NOW)
    assert {late.value.detail, stolen.value.detail} == {PeopleReason.AUTHENTICATOR_OFFER_OVER}
    assert base64.b32encode(SECRET).decode() not in made.sealed


@given(st.text(max_size=200))
def test_nothing_that_is_no_offer_is_read(sealed: str) -> None:
    with pytest.raises(Problem):
        read_again(sealed)


def test_a_kept_secret_is_read_with_its_key_and_in_its_own_row_alone() -> None:
    app = uuid4()
    sealed = KEYS.seal(SECRET, kept_about(app, PERSON), NONCE)

    assert SECRET not in sealed
    assert KEYS.unseal(sealed, kept_about(app, PERSON)) == SECRET
    for keys, about in [(StepKeys("j" * 32), kept_about(app, PERSON)), (KEYS, kept_about(app, uuid4()))]:
        with pytest.raises(ValueError, match="not sealed"):
            keys.unseal(sealed, about)


def test_there_are_ten_recovery_codes_of_fifty_bits() -> None:
    codes = recovery_codes(bytes(range(RECOVERY_BYTES)))

    assert len(set(codes)) == RECOVERY_CODES
    assert {(len(code), code[5]) for code in codes} == {(11, "-")}
    assert not any(is_app_code(code) for code in codes)


def test_a_recovery_code_is_read_as_people_write_it_and_is_somebodys_own() -> None:
    kept = KEYS.hash_code(PERSON, "0A1B2-C3D4E")

    assert KEYS.hash_code(PERSON, "oaib2 c3d4e") == kept
    assert KEYS.hash_code(uuid4(), "0A1B2-C3D4E") != kept
    assert StepKeys("j" * 32).hash_code(PERSON, "0A1B2-C3D4E") != kept


def test_five_wrong_codes_are_followed_by_a_pause_and_five_more_by_a_longer_one() -> None:
    misses, pauses = Misses(), []
    for _ in range(3 * TRIES):
        misses = misses.one_more(NOW)
        pauses.append(misses.pause(NOW))

    assert [pause for pause in pauses if pause] == [PAUSE, 2 * PAUSE, 4 * PAUSE]
    assert [at for at, pause in enumerate(pauses, 1) if pause] == [5, 10, 15]
    assert Misses(1000 * TRIES - 1).one_more(NOW).pause(NOW) == timedelta(days=1)
    assert not Misses(TRIES - 1).one_more(NOW).pause(NOW + PAUSE)
