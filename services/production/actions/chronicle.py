"""What the bench tells becomes the piece's journal, in the same transaction."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.production.actions import journal
from services.production.domain.certificate import telling_fields
from services.production.domain.journal import Entry
from services.production.domain.records import Brief
from shared.contracts import production as facts
from shared.contracts.fact import Fact
from shared.offerings.model import Offering
from shared.postgres.database import Tx

_ENTRIES: Mapping[type[Fact], tuple[Entry, tuple[str, ...]]] = {
    facts.StageBegun: (Entry.STAGE_BEGUN, ("stage", "maker", "rework")),
    facts.StagePaused: (Entry.STAGE_PAUSED, ("stage",)),
    facts.StageFinished: (Entry.STAGE_FINISHED, ("stage", "maker", "minutes")),
    facts.GateOpened: (Entry.GATE_OPENED, ("gate",)),
    facts.GatePassed: (Entry.GATE_PASSED, ("gate",)),
    facts.NoteWritten: (Entry.NOTE_WRITTEN, ("note", "stage")),
    facts.MishapReported: (Entry.MISHAP, ("kind", "stage", "back_to")),
    facts.QualityFailed: (Entry.REWORK, ("back_to", "checks")),
    facts.PieceMade: (Entry.PIECE_MADE, ("maker",)),
    facts.PiecePacked: (Entry.PACKED, ()),
    facts.ParcelHandedOver: (Entry.HANDED_OVER, ()),
    facts.ParcelDelivered: (Entry.DELIVERED, ()),
    facts.MakingPaused: (Entry.PAUSED, ()),
    facts.MakingResumed: (Entry.RESUMED, ()),
    facts.MakingStopped: (Entry.STOPPED, ()),
}
"""What a fact becomes, and which of its fields the journal keeps. A tracking number is nobody's business later."""


async def write_down(tx: Tx, told: Sequence[Fact], *, by: UUID | None, choices: Mapping[str, str]) -> None:
    """Write what these facts say; `choices` are the brief's options, for a gate that was opened on them."""
    for fact in told:
        if isinstance(fact, facts.PieceReplanned) and fact.reason is facts.Replanned.ANOTHER_MAKER:
            await journal.write(tx, fact.commission, Entry.ANOTHER_MAKER, at=fact.at, by=by, maker=fact.maker)
        if type(fact) in _ENTRIES:
            await _write(tx, fact, by=by, choices=choices)


async def _write(tx: Tx, fact: Fact, *, by: UUID | None, choices: Mapping[str, str]) -> None:
    entry, fields = _ENTRIES[type(fact)]
    said: dict[str, object] = {field: getattr(fact, field) for field in fields}
    if entry is Entry.GATE_OPENED and choices:
        said["choices"] = choices
    await journal.write(tx, fact.key, entry, at=fact.at, by=by, **said)


def choices_of(craft: Offering, brief: Brief | None) -> dict[str, str]:
    """Which options were chosen, by field: nothing that anybody wrote, and nothing of why it was wished."""
    answers = brief.values if brief else {}
    return {field.name: answers[field.name] for field in telling_fields(craft) if field.name in answers}
