"""Photos from the bench."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.production.domain.reasons import BenchRefusal
from shared.kernel.phrases import Phrase
from shared.kernel.problems import Problem, ProblemType

AT_MOST = 60
"""How many photos one piece may have."""


@dataclass(frozen=True)
class Photo:
    """A photo as it is kept. `public`: its maker lets the certificate show it. Its size is in pixels.

    The customer sees it once it is published, at `shown_from` or soon after; one of a mishap never.
    """

    photo: UUID
    stage: str
    public: bool
    taken_at: datetime
    width: int
    height: int
    shown_from: datetime
    published_at: datetime | None = None
    mishap: UUID | None = None


@dataclass(frozen=True)
class PhotoContent:
    media_type: str
    content: bytes


def check_room(photos: int) -> None:
    """Raises `conflict` where a piece has as many photos as it may have."""
    if photos >= AT_MOST:
        raise Problem(ProblemType.CONFLICT, Phrase(BenchRefusal.TOO_MANY_PHOTOS, count=photos))
