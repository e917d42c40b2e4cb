"""What the bench writes and photographs for the customer waits a while, so that it can be taken back."""

from dataclasses import dataclass
from datetime import datetime

from services.production.domain.reasons import BenchRefusal
from shared.kernel.problems import Problem, ProblemType


@dataclass(frozen=True)
class Publication:
    """How far a note or a photo is: it waits, is published, or was withdrawn; the latter two for good."""

    published_at: datetime | None = None
    withdrawn_at: datetime | None = None

    def check_withdrawable(self) -> None:
        """Raises `conflict` for what the customer has seen, or may have."""
        if self.published_at is not None:
            raise Problem(ProblemType.CONFLICT, BenchRefusal.SHOWN_ALREADY)
