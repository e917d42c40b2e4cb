"""The promise: by which day the piece is ready, and why that day moved."""

from dataclasses import dataclass
from datetime import date, datetime

from services.intake.domain.record import CommissionRecord
from shared.contracts.production import (
    MakingStopped,
    PieceMade,
    PieceReplanned,
    PromiseBooked,
    PromiseHeld,
    PromiseReleased,
    Replanned,
    StageBegun,
)


@dataclass(frozen=True)
class CurrentPromise:
    """`ready_by` is a day in the studio's zone.

    `held_until` is set while the hours are only held, `begins_on` from then on until somebody begins.

    `before` is the day that had been promised last, and `reason` the reason for the change; `late` says that it is
    later than the day on which the piece is needed. `made_at` is when the piece was made.
    """

    ready_by: date
    begins_on: date | None = None
    held_until: datetime | None = None
    before: date | None = None
    reason: Replanned | None = None
    late: bool = False
    made_at: datetime | None = None

    @property
    def later(self) -> bool:
        return self.before is not None and self.ready_by > self.before


def current_promise(record: CommissionRecord) -> CurrentPromise | None:
    """The current promise; None where none was given yet, or where it was given back."""
    held = record.last(PromiseHeld)
    released = {fact.promise for fact in record.all(PromiseReleased)}
    booked, moved, made = record.last(PromiseBooked), _moved(record), record.last(PieceMade)
    newest = moved or booked or held
    if newest is None or newest.promise in released or record.last(MakingStopped):
        return None
    needed = record.commission.needed_by
    return CurrentPromise(
        ready_by=newest.ready_by,
        begins_on=booked.begins_on if booked and not record.last(StageBegun) else None,
        held_until=held.held_until if held and not booked else None,
        before=moved.before if moved else None,
        reason=moved.reason if moved else None,
        late=needed is not None and newest.ready_by > needed,
        made_at=made.at if made else None,
    )


def _moved(record: CommissionRecord) -> PieceReplanned | None:
    """The newest change of the day."""
    changes = [fact for fact in record.all(PieceReplanned) if fact.ready_by != fact.before]
    return changes[-1] if changes else None
