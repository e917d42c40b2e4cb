"""The bench journal: what happened to one piece, entry by entry, each chained to the one before it by its digest.

An entry's digest is the SHA-256 of its canonical JSON: its number, its instant, what it is, who did it, what it says,
and the digest of the entry before. The first one follows the digest of the piece's serial, so that no journal can be
passed off as another piece's. Who is a maker's or an operator's id, or nobody where the customer did it; what an entry
says are ids, enums, measures, amounts and instants, never words of anybody.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.certificates.canonical import Json, NotCanonicalError, canonical, plain, read
from shared.certificates.faults import Fault

_CODE = re.compile(r"[!-~]{1,200}")


class JournalEntryKind(StrEnum):
    """What can happen to a piece. Beside each, what it says that the certificate reads; it may say more."""

    PROMISE_BOOKED = "promise_booked"
    """`maker`, `craft`, `offering`, `offering_version`; `choices`: the options by field, {"metal": "silver_925"}."""
    STAGE_BEGUN = "stage_begun"
    """`stage`, `maker`, `rework`."""
    STAGE_PAUSED = "stage_paused"
    """`stage`."""
    STAGE_FINISHED = "stage_finished"
    """`stage`, `maker`, `minutes`: at the bench."""
    GATE_OPENED = "gate_opened"
    """`gate`; `choices`, where the customer's signature changed one."""
    GATE_PASSED = "gate_passed"
    """`gate`."""
    GATE_VOIDED = "gate_voided"
    """`gate`: it has to be signed off again, by a change order."""
    CHANGED = "changed"
    """`brief_version`; `choices`, as a change order has them."""
    MEASURED = "measured"
    """`check`, `met`; where there is a tolerance `value`, `unit`, `low`, `high`."""
    PHOTO_TAKEN = "photo_taken"
    """`photo`, `sha256`, `stage`, `taken_at`, `public`: whether it may be shown on the certificate."""
    NOTE_WRITTEN = "note_written"
    """`note`: the text's id; `stage`."""
    MISHAP = "mishap"
    """`kind`, `stage`, `back_to`."""
    MISHAP_UNDONE = "mishap_undone"
    """`kind`, `stage`: it had been reported by mistake."""
    REWORK = "rework"
    """`back_to`, `checks`."""
    MATERIAL_USED = "material_used"
    """`material`: the offering's; `lot`: a code."""
    PIECE_MADE = "piece_made"
    """`maker`."""
    PACKED = "packed"
    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    ANOTHER_MAKER = "another_maker"
    """`maker`: who makes it from now on."""


class FreeTextError(ValueError):
    """Free text was about to be written where it could never be erased."""


@dataclass(frozen=True)
class JournalEntry:
    """One entry as it is kept: `said` is canonical JSON; `previous` and `digest` are SHA-256 in hex."""

    sequence: int
    at: datetime
    entry: str
    by: UUID | None
    said: str
    previous: str
    digest: str


def first_link(serial: str) -> str:
    """What the first entry of this piece's journal follows."""
    return hashlib.sha256(f"touchmark:{serial}".encode()).hexdigest()


def digest_of(*, sequence: int, at: datetime, entry: str, by: UUID | None, said: Json, previous: str) -> str:
    """The digest of an entry that says this.

    Raises:
        NotCanonicalError: it says something that can be written in more than one way.
    """
    all_work = {"sequence": sequence, "at": at, "entry": entry, "by": by, "said": said, "previous": previous}
    return hashlib.sha256(canonical(all_work).encode()).hexdigest()


def chained(
    entry: JournalEntryKind, said: Mapping[str, object], *, sequence: int, at: datetime, by: UUID | None, previous: str
) -> JournalEntry:
    """The entry as it follows the one with the digest `previous`.

    Raises:
        WordsInTheJournalError: it says something with blanks in it, or too long for a code.
        NotCanonicalError: it says something that can be written in more than one way, such as a float.
    """
    value = plain(dict(said))
    if words := [text for text in _texts(value) if not _CODE.fullmatch(text)]:
        raise FreeTextError(f"{entry.value} would say {len(words)} things that are neither ids nor codes")
    digest = digest_of(sequence=sequence, at=at, entry=entry, by=by, said=value, previous=previous)
    return JournalEntry(sequence, at, entry.value, by, canonical(value), previous, digest)


def _texts(value: Json) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from _texts(each)
        case dict():
            for name, each in value.items():
                yield name
                yield from _texts(each)


def broken_links(serial: str, entries: Iterable[JournalEntry]) -> Iterator[tuple[int, Fault]]:
    """Where the chain does not hold: the number of the entry, and what is wrong with it."""
    previous, expected = first_link(serial), 1
    for entry in entries:
        if entry.sequence != expected:
            yield expected, Fault.ENTRY_MISSING
        elif entry.previous != previous:
            yield entry.sequence, Fault.ENTRY_UNCHAINED
        if wrong := _fault_of(entry):
            yield entry.sequence, wrong
        previous, expected = entry.digest, entry.sequence + 1


def _fault_of(entry: JournalEntry) -> Fault | None:
    """What is wrong with an entry by itself."""
    try:
        said = read(entry.said)
        digest = digest_of(
            sequence=entry.sequence, at=entry.at, entry=entry.entry, by=entry.by, said=said, previous=entry.previous
        )
    except NotCanonicalError:
        return Fault.ENTRY_MALFORMED
    return None if digest == entry.digest and canonical(said) == entry.said else Fault.ENTRY_CHANGED
