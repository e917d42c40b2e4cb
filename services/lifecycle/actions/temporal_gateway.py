"""The gateway to the commissions' workflows on Temporal: start, signal, query, update."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure
from temporalio.client import (
    RPCTimeoutOrCancelledError,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
)
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from services.lifecycle.workflow.commission import CommissionWorkflow
from services.lifecycle.workflow.messages import (
    Cancel,
    Extend,
    Nudge,
    OperationRefusal,
    Pause,
    Resume,
    TryAgain,
    Update,
    refusal_of,
)
from services.lifecycle.workflow.sequencing import FactEnvelope
from services.lifecycle.workflow.state import CommissionStart, CommissionState
from shared.temporal.client import Temporal, TemporalAwayError

_CALL_TIMEOUT: Final = timedelta(seconds=5)
_QUERY_TIMEOUT: Final = timedelta(seconds=2)
"""A person waits for this one."""


_HANDLERS: Final[Mapping[type[Update], Any]] = MappingProxyType(
    {
        Nudge: CommissionWorkflow.nudge,
        Extend: CommissionWorkflow.extend,
        Pause: CommissionWorkflow.pause,
        Resume: CommissionWorkflow.resume,
        Cancel: CommissionWorkflow.cancel,
        TryAgain: CommissionWorkflow.try_again,
    }
)


class NoWorkflowError(Exception):
    """Temporal knows no running workflow of this commission."""


class RefusedError(Exception):
    """The workflow refused an update; `refusal` says why."""

    def __init__(self, refusal: OperationRefusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True)
class TemporalGateway:
    """Each commission's workflow has the commission as its id, behind the prefix that all names here have."""

    temporal: Temporal
    prefix: str

    def id_of(self, commission: UUID) -> str:
        return f"{self.prefix}{commission}"

    async def start(self, start: CommissionStart, facts: Sequence[FactEnvelope]) -> None:
        """Start a workflow with its first facts; if it runs already, it only receives them.

        Raises:
            NoWorkflowError: it has ended before; there is no second one.
            TemporalAwayError: nothing is known to have happened; try again.
        """
        client = await self.temporal.client()
        async with _errors_translated():
            await client.start_workflow(
                CommissionWorkflow.run,
                start,
                id=self.id_of(start.commission),
                task_queue=self.temporal.queue("lifecycle"),
                # The default would start a second workflow after the first has ended.
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                start_signal=CommissionWorkflow.facts.__name__,
                start_signal_args=[list(facts)],
                static_summary=f"{start.craft}/{start.offering} {start.offering_version}",
                rpc_timeout=_CALL_TIMEOUT,
            )

    async def signal(self, commission: UUID, facts: Sequence[FactEnvelope]) -> None:
        """Send facts to a running workflow.

        Raises:
            NoWorkflowError: none is running.
            TemporalAwayError: it may have received them or not; try again.
        """
        handle = await self._handle(commission)
        async with _errors_translated():
            await handle.signal(CommissionWorkflow.facts, list(facts), rpc_timeout=_CALL_TIMEOUT)

    async def state(self, commission: UUID) -> CommissionState:
        """The workflow's state; the query changes nothing.

        Raises:
            NoWorkflowError: Temporal does not know it (any more).
            TemporalAwayError: Temporal, or the worker that would answer, is away.
        """
        handle = await self._handle(commission)
        async with _errors_translated():
            return await handle.query(CommissionWorkflow.state, rpc_timeout=_QUERY_TIMEOUT)

    async def update(self, commission: UUID, update: Update) -> None:
        """Have the workflow do what ops ask for.

        Raises:
            NoWorkflowError: none is running.
            RefusedError: the workflow refused, and why.
            TemporalAwayError: it may have been accepted or not; try again with the same request.
        """
        handle = await self._handle(commission)
        async with _errors_translated():
            await handle.execute_update(
                _HANDLERS[type(update)], update, id=str(update.request), rpc_timeout=_CALL_TIMEOUT
            )

    async def _handle(self, commission: UUID) -> WorkflowHandle[CommissionWorkflow, Any]:
        client = await self.temporal.client()
        return client.get_workflow_handle_for(CommissionWorkflow.run, self.id_of(commission))


@asynccontextmanager
async def _errors_translated() -> AsyncIterator[None]:
    """Translates Temporal's errors. What is not known to be final may be retried: nothing is lost by it."""
    try:
        yield
    except WorkflowAlreadyStartedError as error:
        raise NoWorkflowError from error
    except WorkflowUpdateFailedError as error:
        raise RefusedError(_refusal(error)) from error
    except (RPCTimeoutOrCancelledError, WorkflowQueryFailedError) as error:
        raise TemporalAwayError(str(error)) from error
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND and not _is_about_the_namespace(error):
            raise NoWorkflowError from error
        if error.status is RPCStatusCode.INVALID_ARGUMENT:
            raise
        raise TemporalAwayError(f"{error.status.name}: {error.message}") from error


def _refusal(error: WorkflowUpdateFailedError) -> OperationRefusal:
    """The validator's refusal, which travels as the error's type."""
    said = error.cause.type if isinstance(error.cause, ApplicationError) else None
    return refusal_of(said or "")


def _is_about_the_namespace(error: RPCError) -> bool:
    """A namespace that is missing is a stack that is not set up, not a commission that has ended."""
    return any(detail.Is(NamespaceNotFoundFailure.DESCRIPTOR) for detail in error.grpc_status.details)
