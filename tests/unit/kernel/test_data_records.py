"""Records as the platform writes them are read; anything else says what is wrong, without repeating it."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.fact import Topic
from shared.inbox.record import RawRecord, UnreadableError, read

KEY = UUID("0f9d6a3e-1111-4222-8333-444455556666")
HEADERS: dict[str, bytes | None] = {
    "ce_specversion": b"1.0",
    "ce_id": b"01a206ac-4e7f-7589-9ce0-c9e6c040dfa4",
    "ce_type": b"touchmark.quotes.QuoteDrafted",
    "ce_source": b"urn:touchmark:quotes",
    "ce_time": b"2026-11-23T10:00:00+01:00",
    "ce_version": b"7",
}
RAW = RawRecord("touchmark.quotes", 3, 41, str(KEY).encode(), b"{}", tuple(HEADERS.items()))


def with_header(name: str, value: bytes | None) -> RawRecord:
    return replace(RAW, headers=tuple({**HEADERS, name: value}.items()))


def test_a_record_is_read_in_its_attributes() -> None:
    record = read(RAW)

    assert (record.topic, record.key, record.version, record.offset) == (Topic.QUOTES, KEY, 7, 41)
    assert record.time == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert record.data is not None


def test_a_record_without_data_is_a_tombstone() -> None:
    assert read(replace(RAW, value=None)).data is None


def test_empty_data_is_no_tombstone() -> None:
    assert read(replace(RAW, value=b"")).data == b""


@pytest.mark.parametrize("name", HEADERS)
def test_an_attribute_that_is_missing_is_named(name: str) -> None:
    with pytest.raises(UnreadableError, match=name):
        read(replace(RAW, headers=tuple(pair for pair in RAW.headers if pair[0] != name)))


@pytest.mark.parametrize("version", [b"0", b"-1", b"1.0", b" 1", b"\xd9\xa3", b"9223372036854775808", b"x"])
def test_a_version_is_a_positive_number_that_postgres_can_count(version: bytes) -> None:
    with pytest.raises(UnreadableError, match="ce_version"):
        read(with_header("ce_version", version))


@pytest.mark.parametrize(
    "key", [None, b"", b"Ada", str(KEY).upper().encode(), KEY.bytes, b"{" + str(KEY).encode() + b"}", KEY.hex.encode()]
)
def test_a_key_is_a_uuid_in_its_one_form(key: bytes | None) -> None:
    """Another form of the same UUID may be on another partition, and so has no order."""
    with pytest.raises(UnreadableError, match="key"):
        read(replace(RAW, key=key))


def test_a_malformed_trace_is_ignored() -> None:
    assert read(with_header("traceparent", b"\xff")).traceparent is None
    assert read(with_header("traceparent", None)).traceparent is None


@given(
    name=st.sampled_from([*HEADERS, "traceparent", "foreign"]),
    value=st.none() | st.binary(max_size=60) | st.text(max_size=40).map(str.encode),
    key=st.just(RAW.key) | st.none() | st.binary(max_size=40),
)
def test_whatever_lies_in_kafka_is_read_or_said_to_be_unreadable(
    name: str, value: bytes | None, key: bytes | None
) -> None:
    with suppress(UnreadableError):
        assert read(replace(with_header(name, value), key=key)).version > 0
