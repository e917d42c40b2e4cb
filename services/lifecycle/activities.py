"""Temporal in: the workflow has its phases, reminders, escalations and end recorded."""

from collections.abc import Callable, Sequence
from typing import Any

from services.lifecycle import actions
from services.lifecycle.settings import LifecycleSettings
from shared.contracts.commands.lifecycle import RecordEnd, RecordEscalation, RecordPhase, RecordReminder
from shared.runtime.service import Kernel
from shared.temporal.activities import activity


def activities(kernel: Kernel[LifecycleSettings]) -> Sequence[Callable[..., Any]]:
    return [
        activity(kernel, RecordPhase, actions.record_phase),
        activity(kernel, RecordReminder, actions.record_reminder),
        activity(kernel, RecordEscalation, actions.record_escalation),
        activity(kernel, RecordEnd, actions.record_end),
    ]
