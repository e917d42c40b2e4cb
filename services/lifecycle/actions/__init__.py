"""What lifecycle does: passes facts on to workflows, keeps their account, and shows ops where everything stands."""

from services.lifecycle.actions.audit import read_audit
from services.lifecycle.actions.bridge import pass_on
from services.lifecycle.actions.charts import read_charts
from services.lifecycle.actions.deeds import (
    Asked,
    Previewed,
    carry_out,
    carry_out_together,
    read_preview,
    read_previews,
    refused,
    together_id,
)
from services.lifecycle.actions.history import read_history
from services.lifecycle.actions.lives import Lives, NoSuchLifeError, RefusedError
from services.lifecycle.actions.parked import Decision, decide, parked_here
from services.lifecycle.actions.projection import project
from services.lifecycle.actions.records import record_end, record_escalation, record_phase
from services.lifecycle.actions.room import (
    ROOM,
    Case,
    Shown,
    ask_progress,
    counts,
    read_case,
    read_commission,
    read_commissions,
    read_offerings,
    room_revision,
    story_revision,
)

__all__ = [
    "ROOM",
    "Asked",
    "Case",
    "Decision",
    "Lives",
    "NoSuchLifeError",
    "Previewed",
    "RefusedError",
    "Shown",
    "ask_progress",
    "carry_out",
    "carry_out_together",
    "counts",
    "decide",
    "parked_here",
    "pass_on",
    "project",
    "read_audit",
    "read_case",
    "read_charts",
    "read_commission",
    "read_commissions",
    "read_history",
    "read_offerings",
    "read_preview",
    "read_previews",
    "record_end",
    "record_escalation",
    "record_phase",
    "refused",
    "room_revision",
    "story_revision",
    "together_id",
]
