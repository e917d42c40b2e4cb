"""A commission's story in plain words: from facts to what its customer reads."""

from services.intake.domain.timeline.standing import Standing, standing
from services.intake.domain.timeline.steps import Chapter, Mark, Step
from services.intake.domain.timeline.story import story

__all__ = ["Chapter", "Mark", "Standing", "Step", "standing", "story"]
