"""The trace in what a workflow asks for, without a server."""

from datetime import timedelta
from typing import Any, cast

import pytest
from temporalio.worker import (
    StartActivityInput,
    StartLocalActivityInput,
    WorkflowInboundInterceptor,
    WorkflowOutboundInterceptor,
)
from temporalio.workflow import ActivityCancellationType

from shared.runtime import tracing
from shared.temporal.trace import TraceInterceptor

WHERE: dict[str, Any] = {
    "activity": "RecordPhase",
    "args": [],
    "activity_id": None,
    "schedule_to_close_timeout": timedelta(seconds=2),
    "schedule_to_start_timeout": None,
    "start_to_close_timeout": None,
    "retry_policy": None,
    "cancellation_type": ActivityCancellationType.TRY_CANCEL,
    "headers": {},
    "summary": None,
    "arg_types": None,
    "ret_type": None,
}
SERVERS: dict[str, Any] = {
    "task_queue": None,
    "heartbeat_timeout": None,
    "disable_eager_execution": True,
    "versioning_intent": None,
    "priority": None,
}


class Inbound(WorkflowInboundInterceptor):
    """The end of the chain into a workflow."""

    def __init__(self) -> None:
        """It has no next one."""

    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        self.outbound = outbound


class Outbound(WorkflowOutboundInterceptor):
    """The end of the chain out of a workflow: keeps what comes to it."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def start_activity(self, input: StartActivityInput) -> Any:  # noqa: A002 (the SDK's name)
        self.sent.append(input)

    def start_local_activity(self, input: StartLocalActivityInput) -> Any:  # noqa: A002
        self.sent.append(input)


@pytest.mark.parametrize("locally", [True, False])
def test_each_command_has_the_workflows_trace(*, locally: bool) -> None:
    end, out, given = Inbound(), Outbound(), tracing.make()
    inbound = cast("Any", TraceInterceptor().workflow_interceptor_class(cast("Any", None)))(end)
    inbound.init(out)
    inbound.traceparent = given

    if locally:
        end.outbound.start_local_activity(StartLocalActivityInput(**WHERE, local_retry_threshold=None))
    else:
        end.outbound.start_activity(StartActivityInput(**WHERE, **SERVERS))

    [sent] = out.sent
    assert given.encode() in sent.headers["traceparent"].data
