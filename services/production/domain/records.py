"""What is kept beside a piece: the brief, the checklist as it was filled in, notes, mishaps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import TypeAdapter

from shared.contracts.briefs import BriefAnswer
from shared.contracts.production import Mishap, MishapCause

_ANSWERS = TypeAdapter(tuple[BriefAnswer, ...])


@dataclass(frozen=True)
class BenchBrief:
    """The customer's brief. `answers` and `images`, its reference pictures, are empty once they were erased."""

    brief_version: int
    answers: tuple[BriefAnswer, ...]
    images: tuple[UUID, ...] = ()

    @classmethod
    def read(cls, brief_version: int, answers: str | None, images: tuple[UUID, ...] = ()) -> "BenchBrief":
        return cls(brief_version, _ANSWERS.validate_json(answers) if answers else (), images)

    @property
    def values(self) -> Mapping[str, str]:
        """What rules compute with, by field."""
        return {answer.field: str(answer.value) for answer in self.answers}


@dataclass(frozen=True)
class CheckResult:
    """One line of the checklist as it was filled in."""

    task: UUID
    check_id: str
    measured: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str | None
    met: bool
    checked_at: datetime


@dataclass(frozen=True)
class Note:
    """`body` is None once it was erased. The customer reads it once it is published, at `shown_from` or soon after."""

    note: UUID
    task: UUID
    body: str | None
    written_at: datetime
    shown_from: datetime
    published_at: datetime | None

    @property
    def withdrawable(self) -> bool:
        return self.published_at is None and self.body is not None


@dataclass(frozen=True)
class MishapRecord:
    """A mishap at a stage. `words` are the bench's and the studio's. `undone_at`: it was reported by mistake."""

    mishap: UUID
    task: UUID
    stage: str
    kind: Mishap
    back_to: str | None
    reported_at: datetime
    cause: MishapCause | None
    words: str | None
    undone_at: datetime | None
