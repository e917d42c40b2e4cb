"""The journal: one way to write each entry, each bound to the one before it, and no words in it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.certificates.canonical import NotCanonicalError, canonical, read
from shared.certificates.faults import Fault
from shared.certificates.journal import (
    FreeTextError,
    JournalEntry,
    JournalEntryKind,
    broken_links,
    chained,
    first_link,
)
from shared.kernel.money import Money

SERIAL = "7K3M-9XQT-R2VD"
AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
MAKER = UUID("01931f00-0000-7000-8000-0000000000b1")


def journal(length: int = 6) -> list[JournalEntry]:
    """A chain of this length."""
    entries: list[JournalEntry] = []
    kinds = list(JournalEntryKind)
    for number in range(1, length + 1):
        previous = entries[-1].digest if entries else first_link(SERIAL)
        said: dict[str, object] = {"stage": "bend", "minutes": 10 * number, "value": Decimal("53.10")}
        at = AT + timedelta(hours=number)
        entries.append(chained(kinds[number % len(kinds)], said, sequence=number, at=at, by=MAKER, previous=previous))
    return entries


def test_a_value_is_written_in_one_way() -> None:
    value: dict[str, object] = {
        "z": Decimal("53.10"),
        "a": AT.astimezone(timezone(timedelta(hours=1))),
        "m": Money(minor=-5, currency="EUR"),
        "d": date(2026, 1, 2),
        "nought": Decimal("0.000"),
        "who": MAKER,
        "kind": JournalEntryKind.MEASURED,
        "list": (1, None, True),
    }

    written = canonical(value)

    assert written == (
        '{"a":"2026-11-25T09:30:00.000000Z","d":"2026-01-02","kind":"measured","list":[1,null,true],'
        '"m":{"currency":"EUR","minor":-5},"nought":"0","who":"01931f00-0000-7000-8000-0000000000b1","z":"53.1"}'
    )


def test_names_and_escapes_are_those_of_rfc_8785() -> None:
    """Its own example of sorting, section 3.2.3, and the escapes of section 3.2.2.2."""
    value = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\xf6": 7}
    escaped = '\b\t\n\f\r"\\\x0f\x7f/\xe9'

    assert canonical(value) == '{"\\r":2,"1":4,"\x80":6,"\xf6":7,"\u20ac":1,"\U0001f600":5,"\ufb33":3}'
    assert canonical(escaped) == '"\\b\\t\\n\\f\\r\\"\\\\\\u000f\x7f/\xe9"'


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), 2**53, Decimal("NaN"), datetime(2026, 1, 1), "\ud800", {1: 2}, object()],  # noqa: DTZ001
)
def test_what_could_be_written_in_two_ways_is_refused(value: object) -> None:
    with pytest.raises(NotCanonicalError):
        canonical(value)


@pytest.mark.parametrize("text", ['{"a":1,"a":2}', '{"a":1.0}', '{"a":1e3}', "NaN", "{", "[" * 100_000])
def test_what_was_written_in_a_second_way_is_not_read(text: str) -> None:
    with pytest.raises(NotCanonicalError):
        read(text)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=20,
)


@given(JSON)
def test_writing_and_reading_again_gives_the_same(value: Any) -> None:
    written = canonical(value)

    assert read(written) == value
    assert canonical(read(written)) == written


def test_a_journal_as_it_was_written_holds() -> None:
    assert list(broken_links(SERIAL, journal())) == []
    assert list(broken_links(SERIAL, [])) == []


@pytest.mark.parametrize(
    "change",
    [
        {"at": AT},
        {"entry": "packed"},
        {"by": None},
        {"said": '{"minutes":30,"stage":"bend","value":"53.2"}'},
        {"said": '{"minutes":30, "stage":"bend","value":"53.1"}'},
        {"said": '{"minutes":3.0,"stage":"bend","value":"53.1"}'},
        {"digest": "0" * 64},
    ],
    ids=str,
)
def test_an_entry_that_was_changed_is_named(change: dict[str, Any]) -> None:
    entries = journal()
    entries[2] = replace(entries[2], **change)

    found = list(broken_links(SERIAL, entries))

    assert found[0][0] == 3
    assert {number for number, _ in found} <= {3, 4}


def test_an_entry_that_was_taken_out_is_named() -> None:
    entries = journal()

    del entries[2]

    assert next(broken_links(SERIAL, entries)) == (3, Fault.ENTRY_MISSING)


def test_the_first_entry_cannot_be_taken_out_either() -> None:
    assert next(broken_links(SERIAL, journal()[1:]))[0] == 1


def test_entries_that_changed_places_are_named() -> None:
    entries = journal()
    one, other = entries[1], entries[3]

    entries[1] = replace(other, sequence=one.sequence)
    entries[3] = replace(one, sequence=other.sequence)

    assert {2, 4} <= {number for number, _ in broken_links(SERIAL, entries)}


def test_an_entry_that_was_put_in_between_is_named() -> None:
    entries = journal()
    between = chained(JournalEntryKind.PACKED, {}, sequence=3, at=AT, by=None, previous=entries[1].digest)

    found = list(broken_links(SERIAL, [*entries[:2], between, *entries[2:]]))

    assert found


def test_a_journal_of_another_piece_is_refused() -> None:
    assert next(broken_links("0000-0000-0000", journal()))[0] == 1


@given(
    st.integers(0, 5),
    st.sampled_from(["at", "entry", "by", "said", "previous", "digest", "sequence"]),
    st.integers(0, 2**31),
    st.integers(1, 255),
)
def test_no_change_of_one_byte_goes_unnoticed(number: int, field: str, place: int, flip: int) -> None:
    entries = journal()
    entries[number] = _flipped(entries[number], field, place, flip)

    assert list(broken_links(SERIAL, entries))


def _flipped(entry: JournalEntry, field: str, place: int, flip: int) -> JournalEntry:
    value = getattr(entry, field)
    match value:
        case datetime():
            return replace(entry, at=value + timedelta(microseconds=flip))
        case int():
            return replace(entry, sequence=value + flip)
        case UUID():
            return replace(entry, by=UUID(int=value.int ^ flip))
    at = place % len(value)
    return replace(entry, **{field: value[:at] + chr(ord(value[at]) ^ flip) + value[at + 1 :]})


@pytest.mark.parametrize("said", [{"why": "He dropped it"}, {"names": ["Ada Lovelace"]}, {"a b": 1}, {"note": "é"}])
def test_words_are_not_written(said: dict[str, object]) -> None:
    with pytest.raises(FreeTextError):
        chained(JournalEntryKind.MISHAP, said, sequence=1, at=AT, by=None, previous=first_link(SERIAL))


def test_a_fraction_is_not_written() -> None:
    with pytest.raises(NotCanonicalError):
        chained(JournalEntryKind.MEASURED, {"value": 1.5}, sequence=1, at=AT, by=None, previous=first_link(SERIAL))
