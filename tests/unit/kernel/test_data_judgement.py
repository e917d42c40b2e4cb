"""Which record is the next of its key, and which has to wait."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from shared.contracts.fact import Topic
from shared.contracts.people import PersonRecorded
from shared.inbox import Inbox, Record
from shared.inbox.batch import judge
from shared.inbox.store import Reason, Standing, shown_key
from shared.postgres.database import Tx

KEY = UUID("0f9d6a3e-1111-4222-8333-444455556666")


def record(version: int, topic: Topic = Topic.QUOTES) -> Record:
    return Record(
        topic=topic,
        key=KEY,
        version=version,
        id=KEY,
        type="any",
        source="any",
        time=datetime(2026, 11, 23, tzinfo=UTC),
        data=b"{}",
        traceparent=None,
        partition=0,
        offset=0,
    )


def reason(version: int, standing: Standing, topic: Topic = Topic.QUOTES) -> Reason | None:
    aside = judge(record(version, topic), standing)
    return aside.reason if aside else None


@pytest.mark.parametrize(
    ("version", "expected"), [(4, None), (5, Reason.GAP), (9, Reason.GAP)], ids=["next", "gap", "wide gap"]
)
def test_a_fact_topic_counts_without_gaps(version: int, expected: Reason | None) -> None:
    assert reason(version, Standing(3, None)) is expected


@pytest.mark.parametrize("version", [4, 5, 9])
def test_a_compacted_topic_may_skip_versions(version: int) -> None:
    assert reason(version, Standing(3, None), Topic.PEOPLE) is None


@pytest.mark.parametrize("parked_for", [Reason.UNREADABLE, Reason.FAILED, Reason.BEHIND])
@pytest.mark.parametrize("topic", [Topic.QUOTES, Topic.PEOPLE])
def test_everything_waits_behind_a_parked_record(topic: Topic, parked_for: Reason) -> None:
    assert reason(4, Standing(3, parked_for), topic) is Reason.BEHIND


def test_only_the_record_that_closes_a_gap_passes_the_one_that_waits_behind_it() -> None:
    standing = Standing(3, Reason.GAP)

    assert reason(4, standing) is None
    assert reason(5, standing) is Reason.BEHIND


async def hear(_tx: Tx, _fact: PersonRecorded, _record: Record) -> None:
    """Hear nothing."""


async def hear_all(_tx: Tx, _pairs: object) -> None:
    """Hear nothing."""


def test_an_inbox_reads_what_it_handles() -> None:
    with pytest.raises(ValueError, match=r"touchmark\.people"):
        Inbox("deaf", [Topic.QUOTES], {PersonRecorded: hear})


def test_an_inbox_handles_one_by_one_or_all_at_once() -> None:
    with pytest.raises(ValueError, match="either"):
        Inbox("both", [Topic.PEOPLE], {PersonRecorded: hear}, batch=hear_all)


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        (None, ""),
        (b"", ""),
        (str(KEY).encode(), str(KEY)),
        (b"a\x00b", "a\\x00b"),
        (b"\xff", "\\xff"),
        (b"k" * 999, "k" * 200),
    ],
)
def test_any_key_can_be_shown_and_stored(key: bytes | None, shown: str) -> None:
    assert shown_key(key) == shown
