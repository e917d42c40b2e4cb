"""What lifecycle does: passes facts on to workflows, keeps their account, and shows ops where everything stands."""

from services.lifecycle.actions.bridge import pass_on
from services.lifecycle.actions.lives import Lives, NoSuchLifeError, RefusedError
from services.lifecycle.actions.parked import Decision, decide, parked_here
from services.lifecycle.actions.projection import project
from services.lifecycle.actions.records import record_end, record_escalation, record_stage
from services.lifecycle.actions.room import (
    ROOM,
    Shown,
    ask_progress,
    counts,
    read_commission,
    read_commissions,
    read_story,
    room_revision,
    story_revision,
    try_again,
)

__all__ = [
    "ROOM",
    "Decision",
    "Lives",
    "NoSuchLifeError",
    "RefusedError",
    "Shown",
    "ask_progress",
    "counts",
    "decide",
    "parked_here",
    "pass_on",
    "project",
    "read_commission",
    "read_commissions",
    "read_story",
    "record_end",
    "record_escalation",
    "record_stage",
    "room_revision",
    "story_revision",
    "try_again",
]
