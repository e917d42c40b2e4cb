"""One typed function per query of `sql/`."""

from services.lifecycle.store.audit import add_ops_action, conclude_ops_action, ops_action, ops_actions, ops_actions_of
from services.lifecycle.store.charts import ages, lead_times, throughput
from services.lifecycle.store.lives import add_lives, add_passings, end_life, last_passed, life, lock_lives, lose_lives, mark_too_late
from services.lifecycle.store.room import add_happenings, add_name, add_span, commission, commissions, counts, crafts, happenings, note_end, note_escalation, note_ready_by, note_request, note_stage, note_withdrawal, room_revision, story_revision, turn_revision

__all__ = [
    "add_happenings",
    "add_lives",
    "add_name",
    "add_ops_action",
    "add_passings",
    "add_span",
    "ages",
    "commission",
    "commissions",
    "conclude_ops_action",
    "counts",
    "crafts",
    "end_life",
    "happenings",
    "last_passed",
    "lead_times",
    "life",
    "lock_lives",
    "lose_lives",
    "mark_too_late",
    "note_end",
    "note_escalation",
    "note_ready_by",
    "note_request",
    "note_stage",
    "note_withdrawal",
    "ops_action",
    "ops_actions",
    "ops_actions_of",
    "room_revision",
    "story_revision",
    "throughput",
    "turn_revision",
]
