"""A commission's timeline: from facts to what its customer reads, as codes."""

from services.intake.domain.timeline.build import build_timeline
from services.intake.domain.timeline.entry import Author, Chapter, EntryCode, EntryState, TimelineEntry
from services.intake.domain.timeline.status import Status, StatusCode, current_status

__all__ = [
    "Author",
    "Chapter",
    "EntryCode",
    "EntryState",
    "Status",
    "StatusCode",
    "TimelineEntry",
    "build_timeline",
    "current_status",
]
