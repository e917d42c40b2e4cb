"""Carries the W3C trace context through Temporal.

From a start or a signal it goes into the workflow, from there into its commands. The newest signal's trace is the one
that goes on: it caused what comes next.
"""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from temporalio.api.common.v1 import Payload
from temporalio.client import (
    Interceptor as ClientInterceptor,
)
from temporalio.client import (
    OutboundInterceptor,
    SignalWorkflowInput,
    StartWorkflowInput,
    WorkflowHandle,
)
from temporalio.worker import (
    ActivityInboundInterceptor,
    ContinueAsNewInput,
    ExecuteActivityInput,
    ExecuteWorkflowInput,
    HandleSignalInput,
    Interceptor,
    StartActivityInput,
    StartLocalActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)
from temporalio.workflow import ActivityHandle

from shared.runtime import tracing

_HEADER = "traceparent"

Headers = Mapping[str, Payload]


def _with(headers: Headers, traceparent: str | None) -> Headers:
    if traceparent is None:
        return headers
    payload = Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(traceparent).encode())
    return {**headers, _HEADER: payload}


def _read(headers: Headers) -> str | None:
    payload = headers.get(_HEADER)
    try:
        return tracing.parse(json.loads(payload.data)) if payload else None
    except (ValueError, TypeError):
        return None


class TraceInterceptor(ClientInterceptor, Interceptor):
    """Given to the client once; its workers take it over from there."""

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 (the SDK's name)
        return _FromClient(next)

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        return _IntoActivity(next)

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:  # noqa: A002, ARG002
        return _IntoWorkflow


class _FromClient(OutboundInterceptor):
    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:  # noqa: A002
        input.headers = _with(input.headers, tracing.current())
        return await super().start_workflow(input)

    async def signal_workflow(self, input: SignalWorkflowInput) -> None:  # noqa: A002
        input.headers = _with(input.headers, tracing.current())
        await super().signal_workflow(input)


class _IntoActivity(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002
        with tracing.bind(_read(input.headers)):
            return await super().execute_activity(input)


class _IntoWorkflow(WorkflowInboundInterceptor):
    """Plain state instead of a context variable: a signal handler and `run` are different tasks."""

    traceparent: str | None = None

    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(_FromWorkflow(outbound, self))

    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002
        self.traceparent = self.traceparent or _read(input.headers)
        return await super().execute_workflow(input)

    async def handle_signal(self, input: HandleSignalInput) -> None:  # noqa: A002
        self.traceparent = _read(input.headers) or self.traceparent
        await super().handle_signal(input)


class _FromWorkflow(WorkflowOutboundInterceptor):
    def __init__(self, next: WorkflowOutboundInterceptor, inbound: _IntoWorkflow) -> None:  # noqa: A002
        super().__init__(next)
        self._inbound = inbound

    def start_activity(self, input: StartActivityInput) -> ActivityHandle[Any]:  # noqa: A002
        input.headers = _with(input.headers, self._inbound.traceparent)
        return super().start_activity(input)

    def start_local_activity(self, input: StartLocalActivityInput) -> ActivityHandle[Any]:  # noqa: A002
        input.headers = _with(input.headers, self._inbound.traceparent)
        return super().start_local_activity(input)

    def continue_as_new(self, input: ContinueAsNewInput) -> NoReturn:  # noqa: A002
        input.headers = _with(input.headers, self._inbound.traceparent)
        super().continue_as_new(input)
