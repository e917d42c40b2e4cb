"""How long somebody waits for another sign-in link, and what is said of one that is not good."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.intake.domain.one_time import COUNTED_FOR, OneTimeResult
from services.intake.domain.sign_in import (
    FREE,
    OF_ONES_OWN,
    OF_STRANGERS,
    SIGN_IN_LIFE,
    LinkPauses,
    LinksAsked,
    hash_address,
    is_known,
    nobody_at,
    proof_of,
    refused_code,
    refused_link,
)
from services.intake.labels import LABELS
from shared.i18n import Readers

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
READER = Readers(zone="Europe/Vienna", labels=LABELS).of("en")


@pytest.mark.parametrize(
    ("pauses", "times", "waits"),
    [
        *((OF_STRANGERS, FREE + more, waits) for more, waits in [(-1, 0), (0, 2), (1, 8), (2, 32), (3, 128), (4, 360)]),
        *((OF_ONES_OWN, FREE + more, waits) for more, waits in [(-1, 0), (0, 2), (1, 4), (2, 8), (3, 10), (997, 10)]),
        (OF_STRANGERS, 1_000, 360),
    ],
)
def test_each_waits_longer_up_to_a_limit_and_a_link_is_good_for_as_long(
    pauses: LinkPauses, times: int, waits: int
) -> None:
    enough = [
        minutes for minutes in range(400) if not LinksAsked(times, NOW - minutes * MINUTE).is_under_way(NOW, pauses)
    ]

    assert enough[0] == waits
    assert pauses.life(times) == max(SIGN_IN_LIFE, waits * MINUTE)


def test_strangers_who_ask_all_the_time_have_ten_mails_a_day_sent_and_one_of_them_is_always_good() -> None:
    sent: list[datetime] = []
    good_until = now = NOW
    while now < NOW + 5 * COUNTED_FOR:
        of_the_day = [at for at in sent if at > now - COUNTED_FOR]
        if not LinksAsked(len(of_the_day), of_the_day[-1] if of_the_day else None).is_under_way(now, OF_STRANGERS):
            sent.append(now)
            good_until = now + OF_STRANGERS.life(len(of_the_day) + 1)
        assert now < good_until
        now += MINUTE / 2

    assert max(sum(at <= each < at + COUNTED_FOR for each in sent) for at in sent) == 10
    assert len(sent) / 5 < 9


def test_a_proof_is_of_one_person_and_cannot_be_made_without_the_key() -> None:
    ada, bo = uuid4(), uuid4()

    assert is_known("key", ada, {proof_of("key", bo), proof_of("key", ada)})
    assert not is_known("key", ada, {proof_of("key", bo), proof_of("other", ada), "", "ü"})
    assert not is_known("key", ada, set())


@pytest.mark.parametrize("result", [each for each in OneTimeResult if each is not OneTimeResult.GOOD])
def test_of_a_code_it_is_said_what_is_wrong_with_the_code(result: OneTimeResult) -> None:
    said = READER.label(refused_code(result).fields[0].message)

    assert "code" in said
    assert "link" not in said


@pytest.mark.parametrize("result", [OneTimeResult.WRONG, OneTimeResult.USED, OneTimeResult.EXPIRED])
def test_of_a_link_it_is_said_what_is_wrong_with_the_link(result: OneTimeResult) -> None:
    problem = refused_link(result)
    assert problem.detail
    said = READER.label(problem.detail)

    assert "link" in said
    assert "code" not in said


def test_nobody_is_the_same_however_an_address_is_written_and_says_nothing_without_the_key() -> None:
    first, again = (nobody_at("key", hash_address(each)) for each in ("ada@example.org", "Ada@Example.org"))

    assert first == again
    assert first != nobody_at("other", hash_address("ada@example.org"))
    assert first != nobody_at("key", hash_address("bo@example.org"))
