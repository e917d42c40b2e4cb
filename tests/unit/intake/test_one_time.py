"""A right that works once, by a link or by a short code."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.intake.domain import one_time
from services.intake.domain.one_time import TRIES, OneTimeResult, OneTimeRight, Purpose

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
RIGHT = UUID("01931f00-0000-7000-8000-000000000001")
OTHER = UUID("01931f00-0000-7000-8000-000000000002")
SECRET = "a-long-random-secret"
CODE = "12345678"


def right_for(purpose: Purpose = Purpose.SIGN_IN, right: UUID = RIGHT) -> OneTimeRight:
    return one_time.make(
        right, purpose, OTHER, secret=SECRET, code=CODE, now=NOW, expires_at=NOW + timedelta(minutes=10)
    )


def typed_wrongly(right: OneTimeRight, times: int) -> tuple[list[OneTimeResult], OneTimeRight]:
    results = []
    for _ in range(times):
        result, right = one_time.use_code(right, right.purpose, "00000000", NOW)
        results.append(result)
    return results, right


def test_a_link_works_once() -> None:
    first, used = one_time.use_link(right_for(), Purpose.SIGN_IN, SECRET, NOW)
    again, same = one_time.use_link(used, Purpose.SIGN_IN, SECRET, NOW)

    assert (first, again) == (OneTimeResult.GOOD, OneTimeResult.USED)
    assert used.link_used_at == NOW
    assert same == used


def test_looking_at_a_link_does_not_use_it_up() -> None:
    right = right_for()

    looked = [one_time.check_link(right, Purpose.SIGN_IN, SECRET, NOW) for _ in range(2)]

    assert looked == [OneTimeResult.GOOD] * 2


@pytest.mark.parametrize("secret", ["", "another", SECRET + " ", "\ud800"])
def test_another_links_secret_is_wrong(secret: str) -> None:
    result, right = one_time.use_link(right_for(), Purpose.SIGN_IN, secret, NOW)

    assert result is OneTimeResult.WRONG
    assert right == right_for()


def test_a_right_for_something_else_is_none() -> None:
    by_link, _ = one_time.use_link(right_for(), Purpose.CONFIRMATION, SECRET, NOW)
    by_code, right = one_time.use_code(right_for(), Purpose.CONFIRMATION, CODE, NOW)

    assert (by_link, by_code) == (OneTimeResult.WRONG, OneTimeResult.WRONG)
    assert right == right_for()


def test_a_right_is_over_at_its_last_instant() -> None:
    right = right_for()

    by_link, _ = one_time.use_link(right, Purpose.SIGN_IN, SECRET, right.expires_at)
    by_code, _ = one_time.use_code(right, Purpose.SIGN_IN, CODE, right.expires_at)
    just_before, _ = one_time.use_code(right, Purpose.SIGN_IN, CODE, right.expires_at - timedelta(microseconds=1))

    assert (by_link, by_code, just_before) == (OneTimeResult.EXPIRED, OneTimeResult.EXPIRED, OneTimeResult.GOOD)


@pytest.mark.parametrize("code", [CODE, "1234 5678", " 1234-5678\n", "1234\u00a05678", "\uff11\uff12\uff13\uff145678"])
def test_a_code_is_read_as_people_type_it(code: str) -> None:
    result, used = one_time.use_code(right_for(), Purpose.SIGN_IN, code, NOW)
    again, _ = one_time.use_code(used, Purpose.SIGN_IN, code, NOW)

    assert (result, again) == (OneTimeResult.GOOD, OneTimeResult.USED)


@pytest.mark.parametrize("code", ["", "1234567", "12345679", "\ud800"])
def test_another_code_is_wrong(code: str) -> None:
    result, right = one_time.use_code(right_for(), Purpose.SIGN_IN, code, NOW)

    assert result is OneTimeResult.WRONG
    assert right.tries_left == TRIES - 1


def test_the_fifth_wrong_code_is_the_last() -> None:
    results, right = typed_wrongly(right_for(), TRIES)

    by_code, _ = one_time.use_code(right, Purpose.SIGN_IN, CODE, NOW)
    by_link, _ = one_time.use_link(right, Purpose.SIGN_IN, SECRET, NOW)

    assert results == [OneTimeResult.WRONG] * 4 + [OneTimeResult.NO_TRIES]
    assert by_code is OneTimeResult.NO_TRIES
    assert by_link is OneTimeResult.GOOD


def test_the_right_code_works_at_the_fifth_try() -> None:
    _, right = typed_wrongly(right_for(), TRIES - 1)

    result, _ = one_time.use_code(right, Purpose.SIGN_IN, CODE, NOW)

    assert result is OneTimeResult.GOOD


def test_signing_in_by_the_link_uses_up_the_code_and_the_other_way_around() -> None:
    _, by_link = one_time.use_link(right_for(), Purpose.SIGN_IN, SECRET, NOW)
    _, by_code = one_time.use_code(right_for(), Purpose.SIGN_IN, CODE, NOW)

    assert one_time.use_code(by_link, Purpose.SIGN_IN, CODE, NOW)[0] is OneTimeResult.USED
    assert one_time.use_link(by_code, Purpose.SIGN_IN, SECRET, NOW)[0] is OneTimeResult.USED


def test_a_confirmation_lets_in_one_browser_by_its_link_and_one_by_its_code() -> None:
    _, by_link = one_time.use_link(right_for(Purpose.CONFIRMATION), Purpose.CONFIRMATION, SECRET, NOW)

    result, both = one_time.use_code(by_link, Purpose.CONFIRMATION, CODE, NOW)

    assert result is OneTimeResult.GOOD
    assert one_time.use_code(both, Purpose.CONFIRMATION, CODE, NOW)[0] is OneTimeResult.USED
    assert one_time.use_link(both, Purpose.CONFIRMATION, SECRET, NOW)[0] is OneTimeResult.USED


def test_neither_secret_is_kept_and_one_code_is_kept_differently_in_each_row() -> None:
    one, other = right_for(), right_for(right=OTHER)

    assert SECRET not in str(one)
    assert CODE not in str(one)
    assert one.code_sha256 != other.code_sha256
