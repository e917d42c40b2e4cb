"""How long commands may take, and how they are asked again: one table, from the settings as a commission starts."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from temporalio.common import RetryPolicy

from services.lifecycle.workflow.state import CommandTimeouts
from shared.contracts.commands.command import CommandFailure


class Asking(Enum):
    """How a command is asked for."""

    UNTIL_DONE = auto()
    """Again and again, until it is done or refused for good."""
    AT_ONCE = auto()
    """The same for a short while, after which something else is done first."""
    UNLESS_NOT_YET = auto()
    """The same, but what it needs is not waited for."""
    LOCALLY = auto()
    """Once, within the workflow task."""


@dataclass(frozen=True)
class ActivityPolicy:
    """What Temporal gets. `attempt` is None where `altogether` says it all."""

    retry: RetryPolicy
    attempt: timedelta | None
    altogether: timedelta | None


def policy(asking: Asking, timeouts: CommandTimeouts) -> ActivityPolicy:
    """The table."""
    again = RetryPolicy(
        initial_interval=timeouts.first_retry, backoff_coefficient=2, maximum_interval=timeouts.longest_retry
    )
    unless_not_yet = RetryPolicy(
        initial_interval=timeouts.first_retry,
        backoff_coefficient=2,
        maximum_interval=timeouts.longest_retry,
        non_retryable_error_types=[CommandFailure.NOT_YET],
    )
    match asking:
        case Asking.UNTIL_DONE:
            return ActivityPolicy(again, timeouts.attempt, altogether=None)
        case Asking.AT_ONCE:
            return ActivityPolicy(again, timeouts.attempt, timeouts.at_once)
        case Asking.UNLESS_NOT_YET:
            return ActivityPolicy(unless_not_yet, timeouts.attempt, altogether=None)
        case Asking.LOCALLY:
            return ActivityPolicy(RetryPolicy(maximum_attempts=1), attempt=None, altogether=timeouts.recording)
