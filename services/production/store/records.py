"""What is kept beside a piece: the brief, the checklist as it was filled in, notes, mishaps."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.production.domain.mishaps import MishapSaid, PieceBefore
from services.production.domain.quality import CheckOutcome
from services.production.domain.records import BenchBrief, CheckResult, MishapRecord, Note
from shared.contracts.briefs import BriefWritten
from shared.contracts.people import Role
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parent.parent / "sql" / "pieces.sql")


async def record_brief(tx: Tx, brief: BriefWritten) -> None:
    answers = json.dumps([answer.model_dump() for answer in brief.answers])
    await _QUERIES.record_brief.run(
        tx,
        commission=brief.commission,
        brief_version=brief.brief_version,
        answers=answers,
        images=list(brief.images),
    )


async def erase_brief(tx: Tx, commission: UUID) -> None:
    await _QUERIES.erase_brief.run(tx, commission=commission)


async def brief(tx: Tx, commission: UUID) -> BenchBrief | None:
    row = await _QUERIES.brief.row_or_none(tx, tuple[int, str | None, tuple[UUID, ...]], commission=commission)
    return BenchBrief.read(*row) if row else None


async def reference_pictures(tx: Tx, commissions: Sequence[UUID]) -> Mapping[UUID, tuple[UUID, ...]]:
    """The pictures of each brief that is known, by commission."""
    of = {"commissions": list(commissions)}
    return dict(await _QUERIES.reference_pictures.rows(tx, tuple[UUID, tuple[UUID, ...]], **of))


async def add_check_results(tx: Tx, task: UUID, checked: Sequence[CheckOutcome], *, by: UUID, at: datetime) -> None:
    for each in checked:
        await _QUERIES.add_check_result.run(
            tx,
            task=task,
            check_id=each.check,
            measured=each.measured,
            low=each.allowed.low if each.allowed else None,
            high=each.allowed.high if each.allowed else None,
            unit=each.allowed.unit if each.allowed else None,
            met=each.met,
            checked_at=at,
            checked_by=by,
        )


async def check_results(tx: Tx, piece: UUID) -> list[CheckResult]:
    """The checklist of a piece, each time that it was filled in, oldest first."""
    return await _QUERIES.check_results.rows(tx, CheckResult, piece=piece)


async def add_note(
    tx: Tx, note: UUID, task: UUID, *, author: UUID, author_role: Role, body: str, at: datetime, shown_from: datetime
) -> None:
    by = {"author": author, "author_role": author_role}
    await _QUERIES.add_note.run(tx, note=note, task=task, **by, body=body, written_at=at, shown_from=shown_from)


async def notes(tx: Tx, piece: UUID) -> list[Note]:
    """The notes about a piece, newest first."""
    return await _QUERIES.notes.rows(tx, Note, piece=piece)


async def erase_note(tx: Tx, note: UUID) -> None:
    await _QUERIES.erase_note.run(tx, note=note)


async def add_mishap(
    tx: Tx, mishap: UUID, task: UUID, *, said: MishapSaid, before: PieceBefore, by: UUID, at: datetime
) -> None:
    await _QUERIES.add_mishap.run(
        tx,
        mishap=mishap,
        task=task,
        kind=said.kind,
        back_to=said.back_to,
        reported_by=by,
        reported_at=at,
        cause=said.cause,
        words=said.words,
        before=before.written(),
    )


async def piece_before(tx: Tx, mishap: UUID) -> PieceBefore:
    """How the piece was before this mishap."""
    return PieceBefore.read(await _QUERIES.mishap_before.value(tx, str, mishap=mishap))


async def undo_mishap(tx: Tx, mishap: UUID, at: datetime) -> None:
    await _QUERIES.undo_mishap.run(tx, mishap=mishap, at=at)


async def mishaps(tx: Tx, piece: UUID) -> list[MishapRecord]:
    """What went wrong with a piece, newest first."""
    return await _QUERIES.mishaps.rows(tx, MishapRecord, piece=piece)
