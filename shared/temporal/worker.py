"""A service's Temporal worker: its own task queue, bounded in what it runs at once and in what it keeps."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from importlib.metadata import version
from typing import Any

from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from shared.temporal.client import Temporal, TemporalAwayError

_ACTIVITIES_AT_ONCE = 20
"""Each holds a database connection while it runs; more than the pool has would only queue there instead."""

_WORKFLOW_TASKS_AT_ONCE = 20
_CACHED_WORKFLOWS = 250
"""About 170 KiB each. A miss replays the history, which costs five to ten times a hit."""

_BUILD = f"touchmark-{version('touchmark')}"
"""Sent to Temporal, and shown in each history. Left out, every start would read and hash the code of all modules."""

_PASSED_THROUGH = ("pydantic", "pydantic_core", "annotated_types", "typing_extensions", "services", "shared")
"""Imported once, instead of once more for each workflow in its sandbox: that cost 12 ms a start, and twice the time of
a replay. What of ours is replayed is kept pure by `deploy/checks/replayed.py` instead."""

RUNNER = SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*_PASSED_THROUGH))
"""Runs workflows, here and in their tests."""


async def work(
    temporal: Temporal,
    service: str,
    *,
    activities: Sequence[Callable[..., Any]],
    workflows: Sequence[type],
    graceful: timedelta,
) -> None:
    """Take the service's commands and workflow tasks until cancelled; what runs then has `graceful` to finish.

    Raises:
        TemporalAwayError: Temporal does not answer, or the worker lost it for good.
    """
    worker = Worker(
        await temporal.client(),
        task_queue=temporal.queue(service),
        activities=activities,
        workflows=workflows,
        workflow_runner=RUNNER,
        max_concurrent_activities=_ACTIVITIES_AT_ONCE,
        max_concurrent_workflow_tasks=_WORKFLOW_TASKS_AT_ONCE,
        max_cached_workflows=_CACHED_WORKFLOWS if workflows else 0,
        graceful_shutdown_timeout=graceful,
        disable_eager_activity_execution=True,
        build_id=_BUILD,
    )
    running = asyncio.create_task(worker.run(), name="temporal-worker")
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        await worker.shutdown()
        raise
    except RuntimeError as error:
        raise TemporalAwayError(f"the worker stopped: {error}") from error
