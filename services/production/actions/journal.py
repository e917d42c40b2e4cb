"""The bench journal: whatever happens to a piece is written into it, in the transaction in which it happens."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.production.domain import serials
from services.production.domain.certificate import identifying_fields
from services.production.domain.records import BenchBrief
from services.production.store import journal as store
from shared.certificates.journal import JournalEntryKind, chained, first_link
from shared.contracts import production as contract
from shared.contracts.commands.production import BenchActivity, LookAtBench
from shared.contracts.fact import Fact
from shared.offerings.model import Offering
from shared.postgres.database import Tx

_ENTRIES: Mapping[type[Fact], tuple[JournalEntryKind, tuple[str, ...]]] = {
    contract.StageBegun: (JournalEntryKind.STAGE_BEGUN, ("stage", "maker", "rework")),
    contract.StagePaused: (JournalEntryKind.STAGE_PAUSED, ("stage",)),
    contract.StageFinished: (JournalEntryKind.STAGE_FINISHED, ("stage", "maker", "minutes")),
    contract.GateOpened: (JournalEntryKind.GATE_OPENED, ("gate",)),
    contract.GatePassed: (JournalEntryKind.GATE_PASSED, ("gate",)),
    contract.GateVoided: (JournalEntryKind.GATE_VOIDED, ("gate",)),
    contract.NoteWritten: (JournalEntryKind.NOTE_WRITTEN, ("note", "stage")),
    contract.MishapReported: (JournalEntryKind.MISHAP, ("kind", "stage", "back_to")),
    contract.MishapUndone: (JournalEntryKind.MISHAP_UNDONE, ("kind", "stage")),
    contract.QualityFailed: (JournalEntryKind.REWORK, ("back_to", "checks")),
    contract.PieceMade: (JournalEntryKind.PIECE_MADE, ("maker",)),
    contract.PiecePacked: (JournalEntryKind.PACKED, ()),
    contract.ParcelHandedOver: (JournalEntryKind.HANDED_OVER, ()),
    contract.ParcelDelivered: (JournalEntryKind.DELIVERED, ()),
    contract.MakingPaused: (JournalEntryKind.PAUSED, ()),
    contract.MakingResumed: (JournalEntryKind.RESUMED, ()),
    contract.MakingStopped: (JournalEntryKind.STOPPED, ()),
}
"""The entry that a fact becomes, and which of its fields the journal keeps: a tracking number is not among them."""


async def open_journal(tx: Tx, piece: UUID, commission: UUID) -> None:
    """Open the journal of a piece that was booked, under a serial of its own."""
    await store.open_journal(tx, piece, commission, serials.draw(secrets.randbits))


async def write(tx: Tx, piece: UUID, entry: JournalEntryKind, *, at: datetime, by: UUID | None, **said: object) -> None:
    """Write the next entry of a piece's journal. `JournalEntryKind` lists what each kind says for the certificate.

    `by` is the maker or the operator who did it, None where the customer or nobody did. Values are ids, enums, numbers,
    measures (`Decimal`), `Money`, instants and days, and lists and mappings of them.

    Raises:
        LookupError: the piece has no journal.
        ValueError: it says a float, a naive instant, or free text; all three are mistakes of the caller.
    """
    head = await store.lock(tx, piece)
    if head is None:
        raise LookupError(f"the piece {piece} has no journal")
    previous = head.last_digest or first_link(head.serial)
    await store.add_entry(tx, piece, chained(entry, said, sequence=head.entries + 1, at=at, by=by, previous=previous))


async def write_facts(
    tx: Tx, piece: UUID, facts: Sequence[Fact], *, by: UUID | None, choices: Mapping[str, str]
) -> None:
    """Write the entries of these facts; `choices` are the brief's options, for a gate that was opened on them."""
    for fact in facts:
        if isinstance(fact, contract.PieceReplanned) and fact.reason is contract.Replanned.ANOTHER_MAKER:
            await write(tx, piece, JournalEntryKind.ANOTHER_MAKER, at=fact.at, by=by, maker=fact.maker)
        if type(fact) in _ENTRIES:
            await _write_fact(tx, piece, fact, by=by, choices=choices)


async def look_at_bench(tx: Tx, command: LookAtBench) -> BenchActivity:
    """When somebody at the bench was last active: the journal has everything that is done there."""
    return await store.activity(tx, command.commission) or BenchActivity()


async def serial_of(tx: Tx, piece: UUID) -> str | None:
    """The serial of the piece's certificate, for the card in the box."""
    head = await store.journal_of(tx, piece)
    return head.serial if head else None


def identifying_choices(offering: Offering, brief: BenchBrief | None) -> dict[str, str]:
    """The options that were chosen, by field: no free text, and nothing about why the piece is wanted."""
    answers = brief.values if brief else {}
    return {field.name: answers[field.name] for field in identifying_fields(offering) if field.name in answers}


async def _write_fact(tx: Tx, piece: UUID, fact: Fact, *, by: UUID | None, choices: Mapping[str, str]) -> None:
    entry, fields = _ENTRIES[type(fact)]
    said: dict[str, object] = {field: getattr(fact, field) for field in fields}
    if entry is JournalEntryKind.GATE_OPENED and choices:
        said["choices"] = choices
    await write(tx, piece, entry, at=fact.at, by=by, **said)
