"""A commission's timeline: from facts to what its customer reads."""

from services.intake.domain.timeline.build import build_timeline
from services.intake.domain.timeline.entry import Chapter, EntryState, TimelineEntry
from services.intake.domain.timeline.status import Status, current_status

__all__ = ["Chapter", "EntryState", "Status", "TimelineEntry", "build_timeline", "current_status"]
