"""Which record is the next of its key, and which has to wait."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from shared.contracts.fact import Topic
from shared.inbox import Record
from shared.inbox.batch import judge
from shared.inbox.store import Reason, StreamState, shown_key

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


def reason(version: int, state: StreamState, topic: Topic = Topic.QUOTES) -> Reason | None:
    parking = judge(record(version, topic), state)
    return parking.reason if parking else None


@pytest.mark.parametrize(
    ("version", "expected"), [(4, None), (5, Reason.GAP), (9, Reason.GAP)], ids=["next", "gap", "wide gap"]
)
def test_a_fact_topic_counts_without_gaps(version: int, expected: Reason | None) -> None:
    assert reason(version, StreamState(3, None)) is expected


@pytest.mark.parametrize("version", [4, 5, 9])
def test_a_compacted_topic_may_skip_versions(version: int) -> None:
    assert reason(version, StreamState(3, None), Topic.PEOPLE) is None


@pytest.mark.parametrize("parked_for", [Reason.UNREADABLE, Reason.FAILED, Reason.BEHIND])
@pytest.mark.parametrize("topic", [Topic.QUOTES, Topic.PEOPLE])
def test_everything_waits_behind_a_parked_record(topic: Topic, parked_for: Reason) -> None:
    assert reason(4, StreamState(3, parked_for), topic) is Reason.BEHIND


def test_only_the_record_that_closes_a_gap_passes_the_one_that_waits_behind_it() -> None:
    state = StreamState(3, Reason.GAP)

    assert reason(4, state) is None
    assert reason(5, state) is Reason.BEHIND


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
